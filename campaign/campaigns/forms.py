"""What we accept from those who set up a campaign."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from babel.dates import get_timezone_name
from flask import current_app, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.fields import DateTimeLocalField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from campaign.campaigns.models import Campaign
from campaign.campaigns.setup import DATES, LIMITS, WORDS, Setup, WantedCategory, WantedTag, Words
from campaign.clock import now
from campaign.forms import Form
from campaign.images import Image
from campaign.languages import LANGUAGES
from campaign.text import slugify, squeeze, tidy

CATEGORIES_MAX = 40
TAGS_MAX = 200  # In one form; people bring more with their ideas, and those stay as they are.


def zone() -> ZoneInfo:
    """The zone in which this installation types and shows dates."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def zone_name() -> str:
    """The zone's name in words, as in "Central European Time"."""
    return get_timezone_name(zone(), locale=get_locale())


def at_most(most: int) -> Length:
    return Length(max=most, message=_l("%(max)d characters at most, and this has %(length)d."))


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


def _given(form: Any, field: wtforms.Field) -> None:
    if field.data is None:
        field.errors = field.errors[:1]
        raise StopValidation(None if field.errors else _("Give a number."))


class PlaceField(IntegerField):
    """Where a row wants to stand. What is no number asks for nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: int | None = None
        with suppress(ValueError):
            self.data = int("".join(valuelist))


class Rows(FieldList):
    """Rows by number. What is numbered otherwise than a form of ours numbers them asks for nothing."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        # WTForms would read every sign that counts as a digit, such as "²", and numbers of any length: int() takes neither.
        for name in formdata:
            if found := re.match(rf"{re.escape(prefix)}-(0|[1-9][0-9]{{0,8}})-", name):
                yield int(found[1])


class CategoryRow(wtforms.Form):
    """One category in each language. Emptied, it is taken away."""

    id = HiddenField()
    position = PlaceField(_l("Position"))


class TagRow(wtforms.Form):
    """One tag. Emptied, it is taken away."""

    id = HiddenField()
    name = StringField(_l("Tag"), filters=[squeeze], validators=[at_most(40)])
    staff_only = BooleanField(_l("Given by your team only"))


class CampaignForm(Form):
    """Everything that a brand decides about a campaign. The fields of each language are added below."""

    key = HiddenField()
    slug = StringField(_l("Address of the page"), filters=[squeeze])

    opens_at = MomentField(_l("Opens"), validators=[InputRequired(_l("When does it open?"))])
    ideas_until = MomentField(_l("Ideas until"), validators=[InputRequired(_l("Until when can people suggest ideas?"))])
    votes_until = MomentField(_l("Votes until"), validators=[InputRequired(_l("Until when can people vote?"))])
    answers_by = MomentField(_l("Answers by"), validators=[Optional()])

    visibility = RadioField(
        _l("Who sees it"),
        choices=[
            SelectChoice("public", _l("Everybody. It is listed on the front page and on your brand’s page.")),
            SelectChoice(
                "unlisted",
                _l("Whoever has the link. It is listed nowhere, and search engines are asked to stay out."),
            ),
            SelectChoice("members", _l("Your team only. Others find nothing at its address.")),
        ],
        default="public",
        invalid_choice_message=_l("Choose who sees it."),
    )

    cover = FileField(_l("Cover picture"))
    cover_key = HiddenField()  # A picture that came with an earlier attempt, so that nobody chooses it twice.
    cover_alt = StringField(_l("What the picture shows"), filters=[squeeze], validators=[at_most(300)])
    cover_removed = BooleanField(_l("Take the picture away"))

    title_min = WholeField(_l("Title, at least"), 1, 100, default=10)
    title_max = WholeField(_l("Title, at most"), 20, 200, default=120)
    text_min = WholeField(_l("Text, at least"), 0, 2000, default=0)
    text_max = WholeField(_l("Text, at most"), 100, 20_000, default=5000)
    images_max = WholeField(_l("Pictures, at most"), 0, 8, default=4)

    categories = Rows(FormField(CategoryRow), max_entries=CATEGORIES_MAX)
    tags = Rows(FormField(TagRow), max_entries=TAGS_MAX)

    why = StringField(_l("Why you change it"), filters=[squeeze], validators=[at_most(500)])

    def __init__(self, campaign: Campaign | None = None, **kwargs: Any) -> None:
        self.campaign = campaign
        super().__init__(**kwargs, **_shown(campaign))
        self.key.data = self.key.data or secrets.token_urlsafe(16)
        if campaign and not campaign.is_draft:
            del self.slug
        else:
            del self.why

    @property
    def errors(self) -> dict[str | None, Any]:
        """One list of sentences for each field, those of rows gathered under the list they stand in."""
        errors = dict(super().errors)
        for rows in (self.categories, self.tags):
            errors.pop(rows.name, None)
            if sentences := [*self.whole(rows), *_sentences([row.errors for row in rows])]:
                errors[rows.name] = sentences
        return errors

    def whole(self, rows: FieldList) -> list[Any]:
        """What is wrong with a list as a whole, without what is wrong in one of its rows."""
        return [error for error in rows.errors if not isinstance(error, dict | list | tuple)]

    @property
    def concerns_ideas(self) -> bool:
        """Whether the part about ideas has something to say, or was just being filled in."""
        parts = (*LIMITS, "categories", "tags")
        return any(name in self.errors for name in parts) or request.form.get("then") == "more"

    def more_rows(self) -> None:
        """Empty rows below the filled ones."""
        for rows, least in ((self.categories, 3), (self.tags, 3)):
            filled = [
                row for row in rows if any(field.data for field in row if field.name.split("-")[-1] != "position")
            ]
            for _row in range(least - (len(rows) - len(filled))):
                if len(rows) < rows.max_entries:
                    rows.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        # Each check adds its own sentence, and all of them are shown at once.
        sound = super().validate(extra_validators)
        for check in (
            self._check_languages,
            self._check_dates,
            self._check_limits,
            self._check_cover,
            self._check_rows,
        ):
            sound = check() and sound
        return sound

    def validate_slug(self, field: wtforms.Field) -> None:
        given = field.data.lower()
        if given and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", given):
            if better := slugify(given[:200]):
                raise ValidationError(
                    _(
                        "Only letters without accents, digits and hyphens. “%(better)s” would do.",
                        better=better,
                    )
                )
            raise ValidationError(_("Only letters without accents, digits and hyphens."))
        if len(given) > 60:
            raise ValidationError(_("60 characters at most."))

    def _check_languages(self) -> bool:
        written = {code for code in LANGUAGES if any(self[f"{kind}_{code}"].data for kind in WORDS)}
        if not written:
            return _refuse(self[f"title_{next(iter(LANGUAGES))}"], _("Give it a title, in one language at least."))
        untitled = [code for code in written if not self[f"title_{code}"].data]
        for code in untitled:
            _refuse(
                self[f"title_{code}"],
                _("Give it a title in this language too, or leave all its fields empty."),
            )
        return not untitled

    def _check_dates(self) -> bool:
        opens, ideas, votes, answers = (
            self.opens_at.data, self.ideas_until.data, self.votes_until.data, self.answers_by.data
        )  # fmt: skip
        if opens and ideas and ideas <= opens:
            return _refuse(self.ideas_until, _("This comes before the opening. Ideas need some time after it."))
        if ideas and votes and votes < ideas:
            return _refuse(
                self.votes_until,
                _("Voting can’t end before the ideas are all in. Choose the same moment or a later one."),
            )
        if votes and answers and answers < votes:
            return _refuse(self.answers_by, _("Your answers come after the vote has ended. Choose a later date."))
        return True

    def _check_limits(self) -> bool:
        for least, most in ((self.title_min, self.title_max), (self.text_min, self.text_max)):
            if least.data is not None and most.data is not None and least.data > most.data:
                return _refuse(most, _("This is less than the least. Nobody could write anything."))
        return True

    def _check_cover(self) -> bool:
        covered = (
            self.cover.data
            or self.cover_key.data
            or (self.campaign and self.campaign.cover and not self.cover_removed.data)
        )
        if covered and not self.cover_alt.data:
            return _refuse(self.cover_alt, _("Say in a few words what the picture shows, for those who can’t see it."))
        return True

    def _check_rows(self) -> bool:
        sound = True
        for rows in (self.categories, self.tags):
            seen: set[str] = set()
            for row in rows:
                for field in row:
                    if field.type != "StringField" or not field.data:
                        continue
                    mark = f"{field.name.split('-')[-1]} {field.data.casefold()}"
                    if mark in seen:
                        sound = _refuse(field, _("This name is there twice."))
                    seen.add(mark)
        return sound

    def setup(self, cover: Image | None = None) -> Setup:
        """What was asked, for the actions."""
        written = [code for code in LANGUAGES if self[f"title_{code}"].data]
        return Setup(
            slug=self.slug.data.lower() if self.slug else "",
            texts={code: Words(**{kind: self[f"{kind}_{code}"].data for kind in WORDS}) for code in written},
            visibility=self.visibility.data,
            cover=cover,
            cover_alt=self.cover_alt.data,
            categories=[
                WantedCategory(
                    {code: row[f"name_{code}"].data for code in LANGUAGES if row[f"name_{code}"].data},
                    _id(row),
                )
                for _place, row in sorted(enumerate(self.categories, 1), key=_wanted_place)
            ],
            tags=[WantedTag(row.form["name"].data, row.form["staff_only"].data, _id(row)) for row in self.tags],
            **{name: self[name].data for name in (*DATES, *LIMITS)},
        )


LENGTHS = {"title": 120, "lead": 300, "brief": 20_000, "gift": 2000}
LABELS = {
    "title": _l("Title"),
    "lead": _l("In one sentence"),
    "brief": _l("Brief"),
    "gift": _l("What you give"),
}

for _code in LANGUAGES:
    for _kind in WORDS:
        _class, _filter = (StringField, squeeze) if _kind in ("title", "lead") else (TextAreaField, tidy)
        setattr(
            CampaignForm,
            f"{_kind}_{_code}",
            _class(LABELS[_kind], filters=[_filter], validators=[at_most(LENGTHS[_kind])]),
        )
    setattr(
        CategoryRow,
        f"name_{_code}",
        StringField(LANGUAGES[_code], filters=[squeeze], validators=[at_most(60)]),
    )


class ClosingForm(Form):
    reason = StringField(_l("Why"), filters=[squeeze], validators=[at_most(500)])


def _shown(campaign: Campaign | None) -> dict[str, Any]:
    """What the fields show before anybody typed."""
    if campaign is None:
        morning = now().astimezone(zone()).replace(hour=9, minute=0, second=0, microsecond=0)
        weeks = dict(zip(DATES, (1, 4, 6, 8), strict=True))
        return {name: morning + timedelta(weeks=after) for name, after in weeks.items()}
    shown: dict[str, Any] = {name: getattr(campaign, name) for name in ("slug", "visibility", *DATES, *LIMITS)}
    for code, text in campaign.texts.items():
        shown |= {f"{kind}_{code}": getattr(text, kind) for kind in WORDS}
    shown["cover_alt"] = campaign.cover.alt if campaign.cover else ""
    shown["categories"] = [
        {
            "id": category.id,
            "position": place,
            **{f"name_{code}": name for code, name in category.names.items()},
        }
        for place, category in enumerate(campaign.categories[:CATEGORIES_MAX], 1)
    ]
    tags = sorted(campaign.tags, key=lambda tag: not tag.staff_only)[:TAGS_MAX]
    shown["tags"] = [{"id": tag.id, "name": tag.name, "staff_only": tag.staff_only} for tag in tags]
    return shown


def _refuse(field: wtforms.Field, sentence: str) -> bool:
    if not field.errors:  # The first sentence about a field is enough.
        field.errors = [sentence]
    return False


def _sentences(errors: Any) -> Iterator[str]:
    if isinstance(errors, dict):
        errors = errors.values()
    elif not isinstance(errors, list | tuple):
        yield errors
        return
    for error in errors:
        yield from _sentences(error)


def _id(row: FormField) -> int | None:
    given = str(row.form["id"].data or "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _wanted_place(row: tuple[int, FormField]) -> tuple[float, int]:
    """A row that was given another number comes before (going up) or after (going down) the row that holds it."""
    place = row[0]
    wanted: int = row[1].form["position"].data or place
    return wanted + (0.5 if wanted > place else -0.5 if wanted < place else 0), place
