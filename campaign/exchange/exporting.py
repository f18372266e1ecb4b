"""A campaign's texts and ideas as a file: JSON for programs, CSV for spreadsheets. docs/exporting.md has every column."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from campaign.campaigns.kinds import SWITCHES
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.questions import Question, questions_of
from campaign.campaigns.rules import Rules, versions_of
from campaign.campaigns.sealing import NOBODY, counts_shown
from campaign.exchange.answers import Answers
from campaign.extensions import db
from campaign.ideas.models import Idea, disclose

COLUMNS = (
    "id",
    "key",
    "title",
    "text",
    "author",
    "coauthors",
    "coauthors_disclosed",
    "language",
    "category",
    "tags",
    "licence",
    "rules",
    "builds_on",
    "disclosed",
    "received",
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
AT_ONCE = 500  # Ideas read together, so that a large board needs little memory.
# What makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(campaign: Campaign, private: bool = False) -> Iterator[str]:
    """One JSON object, in pieces: an idea at a time, so that any number of them fits. `private`: with private answers."""
    answers = Answers(campaign, private)
    about = json.dumps(_about(campaign), ensure_ascii=False, indent=2)
    yield f'{{\n"campaign": {about},\n"ideas": ['
    between = "\n"
    for ideas in _ideas(campaign):
        replies = answers.of(ideas)
        for idea in ideas:
            told = _fields(idea, campaign) | answers.for_programs(replies.get(idea.id, []))
            yield between + json.dumps(told, ensure_ascii=False)
            between = ",\n"
    yield "\n]\n}\n"


def as_csv(campaign: Campaign, private: bool = False) -> Iterator[str]:
    """A header and a line for each idea. It begins with a byte order mark, without which spreadsheets garble accents."""
    answers = Answers(campaign, private)
    yield "\ufeff" + _line([*COLUMNS, *answers.columns])
    for ideas in _ideas(campaign):
        replies = answers.of(ideas)
        for idea in ideas:
            told = [*_fields(idea, campaign).values(), *answers.for_spreadsheets(replies.get(idea.id, []))]
            yield _line(_cell(value) for value in told)


def _ideas(campaign: Campaign) -> Iterator[Sequence[Idea]]:
    found = (
        db.select(Idea)
        .where(Idea.campaign_id == campaign.id)
        .options(
            joinedload(Idea.author),
            joinedload(Idea.category),
            joinedload(Idea.withdrawal),
            selectinload(Idea.rules),
            selectinload(Idea.coauthors),
            selectinload(Idea.tags),
            selectinload(Idea.pictures),
            selectinload(Idea.papers),
        )
        .order_by(Idea.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for ideas in db.session.scalars(found).partitions():
        disclose(campaign, ideas)
        yield ideas


def _about(campaign: Campaign) -> dict[str, Any]:
    return {
        "slug": campaign.slug,
        "brand": campaign.brand.slug,
        "visibility": campaign.visibility,
        "stages": [_stage(stage) for stage in campaign.stages],
        "ends_at": _moment(campaign.ends_at) if campaign.ends_at else None,
        "licence": campaign.licence,
        "rules": [_rules(rules) for rules in reversed(versions_of(campaign))],
        "questions": [_question(question) for question in questions_of(campaign)],
        "private_until": _moment(campaign.private_until) if campaign.private_until else None,
        "ideas_each": campaign.ideas_each or None,
        "published_at": _moment(campaign.publication.at) if campaign.publication else None,
        "closed_at": _moment(campaign.closing.at) if campaign.closing else None,
        "texts": {
            code: {
                "title": text.title,
                "lead": text.lead,
                "brief": text.brief,
                "gift": text.gift,
                "template": text.template,
            }
            for code, text in ((code, campaign.texts[code]) for code in campaign.languages)
        },
        "categories": [{"slug": category.slug, "names": category.names} for category in campaign.categories],
    }


def _question(question: Question) -> dict[str, Any]:
    told = {"id": question.id, "kind": question.kind, "names": question.names, "required": question.required}
    return {**told, "private": question.private, **({"choices": question.choices} if question.choices else {})}


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "names": stage.names,
        "opens_at": _moment(stage.opens_at),
        **{switch: getattr(stage, switch) for switch in SWITCHES},
        "shows_counts": stage.shows_counts,
    }


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "number": rules.number,
        "stated_at": _moment(rules.at),
        "licence": rules.licence,
        **{name: getattr(rules, name) for name in ("contract", "age_min", "countries", "chosen", "out_of")},
        "concern_remarks": rules.concern_remarks,
        "texts": rules.texts,
    }


def _fields(idea: Idea, campaign: Campaign) -> dict[str, Any]:
    return {
        "id": idea.id,
        "key": idea.key,
        "title": idea.title,
        "text": idea.text,
        "author": idea.author.display_name,
        "coauthors": [coauthor.person.display_name for coauthor in idea.coauthors],
        "coauthors_disclosed": _disclosed(idea),
        "language": idea.language,
        "category": _category(idea, campaign),
        "tags": [tag.name for tag in idea.tags],
        "licence": idea.licence,
        "rules": idea.rules.number if idea.rules else None,
        "builds_on": idea.builds_on or None,
        "disclosed": idea.label.kind if idea.label else None,
        "received": idea.label.what or None if idea.label else None,
        "parent": idea.parent_id,
        # As text, because the floating point of a JSON number would lose cents.
        "cost": None if idea.cost is None else f"{idea.cost:f}",
        "place": idea.place,
        "pictures": [image.url(image.width) for image in idea.images],
        "documents": [document.url for document in idea.documents],
        "submitted_at": _moment(idea.submitted_at),
        "version": idea.version,
        "votes": idea.votes if counts_shown(campaign, NOBODY) else None,  # A file goes anywhere.
        "unconfirmed": idea.unconfirmed if counts_shown(campaign, NOBODY) else None,
        "comments": idea.comments,
        "answered": idea.answered,
        "withdrawn": idea.withdrawal.reason if idea.withdrawal else None,
    }


def _disclosed(idea: Idea) -> list[str]:
    """What its co-authors have from the brand, in the order of their names; empty where none has anything."""
    labels = [idea.labels.get(coauthor.person_id) for coauthor in idea.coauthors]
    return [label.kind if label else "" for label in labels] if any(labels) else []


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
