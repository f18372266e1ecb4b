"""A campaign's texts and ideas as a file: JSON for programs, CSV for spreadsheets. docs/exporting.md has every column."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from campaign.campaigns.kinds import SWITCHES
from campaign.campaigns.models import Campaign, Stage
from campaign.extensions import db
from campaign.ideas.models import Idea

COLUMNS = (
    "id",
    "key",
    "title",
    "text",
    "author",
    "coauthors",
    "language",
    "category",
    "tags",
    "licence",
    "parent",
    "cost",
    "place",
    "pictures",
    "documents",
    "submitted_at",
    "version",
    "votes",
    "unconfirmed",
    "comments",
    "answered",
    "withdrawn",
)
# What makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(campaign: Campaign) -> Iterator[str]:
    """One JSON object, in pieces: an idea at a time, so that any number of them fits."""
    about = json.dumps(_about(campaign), ensure_ascii=False, indent=2)
    yield f'{{\n"campaign": {about},\n"ideas": ['
    between = "\n"
    for idea in _ideas(campaign):
        yield between + json.dumps(_fields(idea, campaign), ensure_ascii=False)
        between = ",\n"
    yield "\n]\n}\n"


def as_csv(campaign: Campaign) -> Iterator[str]:
    """A header and a line for each idea. It begins with a byte order mark, without which spreadsheets garble accents."""
    yield "\ufeff" + _line(COLUMNS)
    for idea in _ideas(campaign):
        yield _line(_cell(value) for value in _fields(idea, campaign).values())


def _ideas(campaign: Campaign) -> Iterator[Idea]:
    found = (
        db.select(Idea)
        .where(Idea.campaign_id == campaign.id)
        .options(
            joinedload(Idea.author),
            joinedload(Idea.category),
            joinedload(Idea.withdrawal),
            selectinload(Idea.coauthors),
            selectinload(Idea.tags),
            selectinload(Idea.pictures),
            selectinload(Idea.papers),
        )
        .order_by(Idea.id)
        .execution_options(yield_per=500)
    )
    yield from db.session.scalars(found)


def _about(campaign: Campaign) -> dict[str, Any]:
    return {
        "slug": campaign.slug,
        "brand": campaign.brand.slug,
        "visibility": campaign.visibility,
        "stages": [_stage(stage) for stage in campaign.stages],
        "ends_at": _moment(campaign.ends_at) if campaign.ends_at else None,
        "licence": campaign.licence,
        "published_at": _moment(campaign.publication.at) if campaign.publication else None,
        "closed_at": _moment(campaign.closing.at) if campaign.closing else None,
        "texts": {
            code: {"title": text.title, "lead": text.lead, "brief": text.brief, "gift": text.gift}
            for code, text in ((code, campaign.texts[code]) for code in campaign.languages)
        },
        "categories": [{"slug": category.slug, "names": category.names} for category in campaign.categories],
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "names": stage.names,
        "opens_at": _moment(stage.opens_at),
        **{switch: getattr(stage, switch) for switch in SWITCHES},
    }


def _fields(idea: Idea, campaign: Campaign) -> dict[str, Any]:
    return {
        "id": idea.id,
        "key": idea.key,
        "title": idea.title,
        "text": idea.text,
        "author": idea.author.display_name,
        "coauthors": [coauthor.person.display_name for coauthor in idea.coauthors],
        "language": idea.language,
        "category": _category(idea, campaign),
        "tags": [tag.name for tag in idea.tags],
        "licence": idea.licence,
        "parent": idea.parent_id,
        # As text, because the floating point of a JSON number would lose cents.
        "cost": None if idea.cost is None else f"{idea.cost:f}",
        "place": idea.place,
        "pictures": [image.url(image.width) for image in idea.images],
        "documents": [document.url for document in idea.documents],
        "submitted_at": _moment(idea.submitted_at),
        "version": idea.version,
        "votes": idea.votes,
        "unconfirmed": idea.unconfirmed,
        "comments": idea.comments,
        "answered": idea.answered,
        "withdrawn": idea.withdrawal.reason if idea.withdrawal else None,
    }


def _category(idea: Idea, campaign: Campaign) -> str | None:
    if idea.category is None:
        return None
    # In the language of the idea, or else of the campaign: the file is the same whoever asks for it.
    names = idea.category.names
    return next((names[code] for code in (idea.language, *campaign.languages) if code in names), idea.category.slug)


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = "|".join(value)
    if isinstance(value, int | Decimal):
        return str(value)
    # An apostrophe in front makes it text again: a title such as =HYPERLINK(…) must not run on the reader's machine.
    return f"'{value}" if value.startswith(_FORMULA) else value


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
