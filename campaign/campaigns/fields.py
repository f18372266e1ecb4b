"""Fields that a campaign's forms are made of: moments in the installation's zone, whole numbers, texts up to a length."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from babel.dates import get_timezone_name
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.fields import DateTimeLocalField
from wtforms.validators import NumberRange, StopValidation

from campaign import settings


def zone() -> ZoneInfo:
    """The zone in which this installation types and shows dates."""
    return ZoneInfo(settings.current().timezone)


def zone_name() -> str:
    """The zone's name in words, as in "Central European Time"."""
    return get_timezone_name(zone(), locale=get_locale())


class MomentField(DateTimeLocalField):
    """A moment: typed and shown in the installation's zone, UTC everywhere else."""

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not (text := "".join(valuelist).strip()):
            return
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(_("This isn’t a date with a time, such as 2027-03-01T18:00.")) from None
        if not 2000 <= typed.year <= 2100:
            raise ValueError(_("Choose a year between 2000 and 2100."))
        self.data = typed if typed.tzinfo else typed.replace(tzinfo=zone())


class WholeField(IntegerField):
    """A whole number within a range."""

    def __init__(self, label: Any, least: int, most: int, **kwargs: Any) -> None:
        sentence = _l("A whole number from %(min)d to %(max)d.")
        # Not InputRequired("…"): a number that could not be read keeps the sentence that it got while being read.
        checks = [_given, NumberRange(least, most, message=sentence)]
        super().__init__(label, validators=checks, render_kw={"min": least, "max": most, "required": True}, **kwargs)
        self.flags.required = True

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: int | None = None
        try:
            self.data = int("".join(valuelist))
        except ValueError:
            raise ValueError(_("This isn’t a whole number.")) from None


class LimitField(WholeField):
    """A whole number from 1 on, or nothing where there is no limit: then it is 0."""

    def __init__(self, label: Any, most: int, **kwargs: Any) -> None:
        super().__init__(label, 0, most, default=0, **kwargs)
        self.flags.required = False
        self.render_kw = {"min": 1, "max": most}

    def _value(self) -> str:
        return "" if self.data == 0 and not self.raw_data else str(super()._value())

    def process_formdata(self, valuelist: list[str]) -> None:
        if "".join(valuelist).strip():
            super().process_formdata(valuelist)
        else:
            self.data = 0


class WholeOrNoneField(IntegerField):
    """A whole number that may be left out, within a range where there is one."""

    def __init__(self, label: Any, least: int | None = None, most: int | None = None, **kwargs: Any) -> None:
        within = NumberRange(least, most, message=_l("A whole number from %(min)d to %(max)d."))
        super().__init__(label, validators=[_if_given, within] if most is not None else [], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: int | None = None
        if not (typed := "".join(valuelist).strip()):
            return
        try:
            self.data = int(typed)
        except ValueError:
            raise ValueError(_("This isn’t a whole number.")) from None


def _if_given(form: Any, field: wtforms.Field) -> None:
    if field.data is None:
        raise StopValidation


def _given(form: Any, field: wtforms.Field) -> None:
    if field.data is None:
        field.errors = field.errors[:1]
        raise StopValidation(None if field.errors else _("Give a number."))
