"""What may stand in an address."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from campaign.errors import NotThere


class Id(IntegerConverter):
    """A row's number. One that no database could hold leads nowhere, like one that was never given."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1)


def register(app: Flask) -> None:
    app.url_map.converters["id"] = Id
    # Otherwise "//" is answered with a redirect to whatever host the request says that we are.
    app.url_map.merge_slashes = False
    app.before_request(_lead_nowhere)


def _lead_nowhere() -> None:
    # No name holds a zero byte; PostgreSQL would not even look for one.
    if "\0" in request.path:
        raise NotThere
