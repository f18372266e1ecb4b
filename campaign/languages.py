"""Languages: which one a person reads, and how dates and figures look in it."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, dates, numbers
from flask import Flask, has_request_context, request
from flask.json.provider import DefaultJSONProvider
from flask_babel import (
    Babel,
    format_date,
    format_decimal,
    format_time,
    format_timedelta,
    get_locale,
    get_timezone,
    get_translations,
)
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from campaign import settings
from campaign.clock import now

LANGUAGES = {"en": "English", "fr": "Français"}
COOKIE = "language"
MINUTE = timedelta(minutes=1)  # Less than that is now.
HOUR = timedelta(hours=1)

# A sentence that is put into words later says that it is HTML already, with whatever people wrote in it. It is text.
LazyString.__html__ = lambda sentence: escape(str(sentence))


def language() -> str:
    """The code of the language that is being written in now."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else "en"


def own_first() -> list[str]:
    """All languages, that of the reader before the others."""
    return sorted(LANGUAGES, key=lambda code: code != language())


def name_of(code: str) -> str:
    """A language's name in the language that is being written in: French, or français."""
    return Locale(code).get_language_name(get_locale()) or LANGUAGES[code]


def choose() -> str:
    """The asker's language: their choice, then their profile, then what the browser prefers."""
    if not has_request_context():
        return "en"
    try:
        profile = current_user.language if current_user.is_authenticated else None
    except SQLAlchemyError:
        profile = None  # The page which says that the database is away can't ask it.
    return language_of_request(profile)


def language_of_request(profile: str | None) -> str:
    """The language that a request asks for, of somebody whose profile names one, or of nobody."""
    if (chosen := request.cookies.get(COOKIE)) in LANGUAGES:
        return chosen
    return profile or request.accept_languages.best_match(LANGUAGES) or "en"


# A page of fifty ideas writes some three hundred figures and moments, mostly those of the page before: so they are remembered.


def number(value: int | Decimal) -> str:
    """A figure grouped as the language does: 1 204 with a narrow space in French."""
    return _number(value, language())


@lru_cache(maxsize=20_000)
def _number(value: int | Decimal, code: str) -> str:
    written = numbers.format_decimal(value, locale=code)
    return written.replace("\u00a0", "\u202f") if code == "fr" else written


def ordinal(place: int) -> str:
    """1st, 2nd, 3rd; in French of an idea's place: 1re, 2e."""
    if language() == "fr":
        return f"{number(place)}{'re' if place == 1 else 'e'}"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{number(place)}{ending}"


def money(value: Decimal) -> str:
    """An amount in euros, without cents when there are none."""
    whole = value == value.to_integral_value()
    figure = (
        number(value.quantize(Decimal(1))) if whole else format_decimal(value, "#,##0.00").replace("\u00a0", "\u202f")
    )
    return f"{figure}\u202f€" if language() == "fr" else f"€{figure}"


def day(value: datetime | date, pattern: str = "d MMMM y") -> str:
    """A date whose pattern begins with the day."""
    written = format_date(value, pattern)
    return re.sub(r"^1(?=\s)", "1er", written) if language() == "fr" else written


def clock(value: datetime) -> str:
    """A time of day: 14:32, and in French 14 h 32, or 14 h."""
    if language() != "fr":
        return format_time(value, "HH:mm")
    return format_time(value, "H'\u00a0h\u00a0'mm").removesuffix("\u00a000")


def moment(value: datetime, pattern: str = "d MMMM y") -> str:
    """A day and a time of day, as one reads them together."""
    return _moment(value.replace(second=0, microsecond=0), pattern, language(), str(get_timezone()))


@lru_cache(maxsize=20_000)
def _moment(value: datetime, pattern: str, code: str, zone: str) -> str:
    """`code`, `zone`: those that are written in now."""
    date = day(value, pattern)
    return f"{date} à {clock(value)}" if code == "fr" else f"{date}, {clock(value)}"


def ago(value: datetime) -> Markup:
    """A moment as distance from now, which the page keeps true while it stays open."""
    distance, exactly = value - now(), value.isoformat(timespec="seconds")
    words = _("now") if abs(distance) < MINUTE else _far(distance)
    return Markup('<relative-time datetime="{}"><time datetime="{}" title="{}">{}</time></relative-time>').format(
        exactly, exactly, moment(value), words
    )


def _far(distance: timedelta) -> str:
    """A distance in words. They change with whole minutes only, once it is an hour."""
    if abs(distance) < HOUR:
        return format_timedelta(distance, add_direction=True)
    return _hours_far(abs(distance) // MINUTE, distance > timedelta(0), language())


@lru_cache(maxsize=20_000)
def _hours_far(minutes: int, ahead: bool, code: str) -> str:
    # In the middle of the minute, where nothing is rounded otherwise than at its other moments.
    distance = minutes * MINUTE + MINUTE / 2
    return dates.format_timedelta(distance if ahead else -distance, add_direction=True, locale=code)


class Json(DefaultJSONProvider):
    """JSON in which a sentence that is put into words later is text, and not HTML."""

    @staticmethod
    def default(told: Any) -> Any:
        return str(told) if isinstance(told, LazyString) else DefaultJSONProvider.default(told)


def register(app: Flask, babel: Babel) -> None:
    app.json = Json(app)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel.init_app(app, locale_selector=choose, timezone_selector=lambda: settings.current().timezone)
    _speak_quickly(app)
    for filter in (number, money, ago):
        app.add_template_filter(filter)
    app.add_template_filter(day, "date")
    app.add_template_filter(moment, "datetime")
    app.context_processor(lambda: {"locale": language(), "LANGUAGES": LANGUAGES})


def _speak_quickly(app: Flask) -> None:
    """Find the catalogue of a page's hundreds of sentences by its language. Flask-Babel finds its name anew for each."""
    catalogues: dict[
        str, Any
    ] = {}  # By the language's name: to compare two locales takes as long as finding a sentence.

    def catalogue() -> Any:
        locale = get_locale()
        if locale is None:
            return get_translations()
        found = catalogues.get(locale.language)
        if found is None:
            found = catalogues[locale.language] = get_translations()
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # The extension's.
        gettext=lambda said: catalogue().ugettext(said),
        ngettext=lambda one, many, num: catalogue().ungettext(one, many, num),
        newstyle=True,
        pgettext=lambda context, said: catalogue().upgettext(context, said),
        npgettext=lambda context, one, many, num: catalogue().unpgettext(context, one, many, num),
    )
