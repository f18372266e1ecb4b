"""What may stand in an address."""

from werkzeug.routing import IntegerConverter, Map


class Id(IntegerConverter):
    """A row's number. One that no database could hold leads nowhere, like one that was never given."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1)
