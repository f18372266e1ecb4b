"""Countries, by the name that somebody gives them in one of our languages or by their two letters."""

import re
from functools import cache

from babel import Locale
from flask_babel import get_locale

from campaign.languages import LANGUAGES
from campaign.text import slugify

_NONE = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # What the list of territories has beside countries.


@cache
def _known() -> dict[str, str]:
    """Each name and each code, plainly written, with the code."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in _NONE:
                known |= {slugify(name): code, code.lower(): code}
    return known


def read_countries(text: str) -> tuple[list[str], list[str]]:
    """The codes of the countries that a text names, with commas between them, and the names that are none."""
    codes: dict[str, None] = {}
    unknown = []
    for part in re.split(r"[,;\n]", text):
        if name := part.strip():
            code = _known().get(slugify(name))
            if code:
                codes[code] = None
            else:
                unknown.append(name)
    return list(codes), unknown


def name_country(code: str) -> str:
    """The country's name in the language that is being written in."""
    return Locale.parse(str(get_locale() or "en")).territories.get(code, code)
