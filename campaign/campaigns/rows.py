"""Categories and tags as rows of a form: numbered, emptied to be taken away, with their place for the order."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, StringField

from campaign.campaigns.models import Category, Tag
from campaign.campaigns.setup import WantedCategory, WantedTag
from campaign.forms import at_most
from campaign.languages import LANGUAGES
from campaign.text import squeeze

CATEGORIES_MAX = 40
TAGS_MAX = 200  # In one form.


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


for _code, _name in LANGUAGES.items():
    setattr(CategoryRow, f"name_{_code}", StringField(_name, filters=[squeeze], validators=[at_most(60)]))


def shown_categories(categories: list[Category]) -> list[dict[str, Any]]:
    """What the rows show before anybody typed."""
    return [
        {"id": category.id, "position": place, **{f"name_{code}": name for code, name in category.names.items()}}
        for place, category in enumerate(categories[:CATEGORIES_MAX], 1)
    ]


def shown_tags(tags: Iterable[Tag]) -> list[dict[str, Any]]:
    """The same for tags."""
    return [{"id": tag.id, "name": tag.name, "staff_only": tag.staff_only} for tag in tags]


def wanted_categories(rows: FieldList) -> list[WantedCategory]:
    """What the rows ask for, in the order that they ask for."""
    return [
        WantedCategory(
            {code: row[f"name_{code}"].data for code in LANGUAGES if row[f"name_{code}"].data}, row_id(row.form)
        )
        for _place, row in sorted(enumerate(rows, 1), key=row_place)
    ]


def wanted_tags(rows: FieldList) -> list[WantedTag]:
    """What the rows ask for, emptied ones included: those take their tag away."""
    return [WantedTag(row.form["name"].data, row.form["staff_only"].data, row_id(row.form)) for row in rows]


def add_rows(rows: FieldList, least: int = 3) -> None:
    """Empty rows below the filled ones."""
    filled = [row for row in rows if any(field.data for field in row if field.name.split("-")[-1] != "position")]
    for _row in range(least - (len(rows) - len(filled))):
        if len(rows) < rows.max_entries:
            rows.append_entry()


def each_name_once(rows: FieldList) -> bool:
    """Whether no name is there twice; the second says so."""
    sound, seen = True, set()
    for row in rows:
        for field in row:
            if field.type != "StringField" or not field.data:
                continue
            mark = f"{field.name.split('-')[-1]} {field.data.casefold()}"
            if mark in seen and not field.errors:
                field.errors = [_("This name is there twice.")]
            sound = sound and mark not in seen
            seen.add(mark)
    return sound


def about_the_whole(rows: FieldList) -> list[Any]:
    """What is wrong with a list as a whole, without what is wrong in one of its rows."""
    return [error for error in rows.errors if not isinstance(error, dict | list | tuple)]


def with_rows(errors: dict[str | None, Any], *lists: FieldList) -> dict[str | None, Any]:
    """A form's errors with one list of sentences for each field, those of rows gathered under the list they stand in."""
    errors = dict(errors)
    for rows in lists:
        errors.pop(rows.name, None)
        if sentences := [*about_the_whole(rows), *_sentences([row.errors for row in rows])]:
            errors[rows.name] = sentences
    return errors


def _sentences(errors: Any) -> Iterator[str]:
    if isinstance(errors, dict):
        errors = errors.values()
    elif not isinstance(errors, list | tuple):
        yield errors
        return
    for error in errors:
        yield from _sentences(error)


def row_id(row: wtforms.Form) -> int | None:
    """The id of what the row stands for, where there is one already."""
    given = str(row["id"].data or "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def row_place(row: tuple[int, FormField]) -> tuple[float, int]:
    """A row that was given another number comes before (going up) or after (going down) the row that holds it."""
    place = row[0]
    wanted: int = row[1].form["position"].data or place
    return wanted + (0.5 if wanted > place else -0.5 if wanted < place else 0), place
