"""Under what an idea is shared: named by the campaign before anybody writes, and kept with each idea."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Licence:
    """What others may do with an idea, in a sentence for its author. `brand` stands where the brand is named."""

    name: Any
    sentence: Any
    url: str | None = None


LICENCES = {
    "own": Licence(
        _l("All rights stay with the author"),
        _l(
            "It stays yours. By putting it on the board you allow %(brand)s to show it here with your name and to carry it out; nothing else changes hands."
        ),
    ),
    "by": Licence(
        _l("CC BY 4.0"),
        _l("It stays yours. Anybody may share it and build on it, %(brand)s included, if they name you."),
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "by-sa": Licence(
        _l("CC BY-SA 4.0"),
        _l(
            "It stays yours. Anybody may share it and build on it, %(brand)s included, if they name you and share what they make of it in the same way."
        ),
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "zero": Licence(
        _l("CC0 1.0"),
        _l(
            "You give it to everybody: anybody may do with it what they like, %(brand)s included, without asking or naming you."
        ),
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
}
