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
from campaign.feedback.summary import Marks, marks_on
from campaign.ideas.models import Idea, disclose
from campaign.languages import LANGUAGES
from campaign.methods.versions import version_number
from campaign.statuses.kinds import FREEZES
from campaign.statuses.lists import statuses_of
from campaign.statuses.models import Status
from campaign.text import inert

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
    "feedback",
    "mark",
    "answered",
    "status",
    "status_kind",
    "qualified_at",
    "withdrawn",
    "merged_into",
    "retired_for",
    "recorded",
    "recorded_by",
    "recorded_at_event",
    "votes_on_paper",
)
AT_ONCE = 500  # Ideas read together, so that a large board needs little memory.


def as_json(campaign: Campaign, private: bool = False) -> Iterator[str]:
    """One JSON object, in pieces: an idea at a time, so that any number of them fits. `private`: with private answers."""
    answers = Answers(campaign, private)
    about = json.dumps(_about(campaign), ensure_ascii=False, indent=2)
    yield f'{{\n"campaign": {about},\n"ideas": ['
    between = "\n"
    for ideas in _ideas(campaign):
        replies, marks = answers.of(ideas), marks_on(ideas)
        for idea in ideas:
            told = _fields(idea, campaign, marks[idea.id]) | answers.for_programs(replies.get(idea.id, []))
            yield between + json.dumps(told, ensure_ascii=False)
            between = ",\n"
    yield "\n]\n}\n"


def as_csv(campaign: Campaign, private: bool = False) -> Iterator[str]:
    """A header and a line for each idea. It begins with a byte order mark, without which spreadsheets garble accents."""
    answers = Answers(campaign, private)
    yield "\ufeff" + _line([*COLUMNS, *answers.columns])
    for ideas in _ideas(campaign):
        replies, marks = answers.of(ideas), marks_on(ideas)
        for idea in ideas:
            in_order = _fields(idea, campaign, marks[idea.id]).values()
            told = [*in_order, *answers.for_spreadsheets(replies.get(idea.id, []))]
            yield _line(_cell(value) for value in told)


def _ideas(campaign: Campaign) -> Iterator[Sequence[Idea]]:
    found = (
        db.select(Idea)
        .where(Idea.campaign_id == campaign.id)
        .options(
            joinedload(Idea.author),
            joinedload(Idea.category),
            joinedload(Idea.withdrawal),
            joinedload(Idea.status),
            joinedload(Idea.recorded),
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
        "takes_guests": campaign.takes_guests,
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
                "scale": text.scale,
            }
            for code, text in ((code, campaign.texts[code]) for code in campaign.languages)
        },
        "statuses": [_told_status(status) for status in statuses_of(campaign)],
        "qualifies_at": campaign.qualifies_at,
        "names_voters": campaign.names_voters,
        "categories": [{"slug": category.slug, "names": category.names} for category in campaign.categories],
    }


def _question(question: Question) -> dict[str, Any]:
    told = {"id": question.id, "kind": question.kind, "names": question.names, "required": question.required}
    return {**told, "private": question.private, **({"choices": question.choices} if question.choices else {})}


def _told_status(status: Status) -> dict[str, Any]:
    return {
        "key": status.key,
        "kind": status.kind,
        "names": {code: status.named.in_language(code) for code in LANGUAGES if code in (status.names or LANGUAGES)},
        "leads_to": status.leads_to,
        **{switch: getattr(status, switch) for switch in FREEZES},
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "id": stage.id,
        "kind": stage.kind,
        "names": stage.names,
        "opens_at": _moment(stage.opens_at),
        "ends_at": _moment(stage.ends_at) if stage.ends_at else None,
        **{switch: getattr(stage, switch) for switch in SWITCHES},
        "shows_counts": stage.shows_counts,
        **_voting(stage),
    }


def _voting(stage: Stage) -> dict[str, Any]:
    """How people vote in it, by which numbers that is counted, and the version in which this was told to them; null where nobody votes."""
    if not (stage.accepts_votes or stage.was_voted_in):
        return {"method": None, "method_settings": None, "voting_version": None}
    return {"method": stage.method, "method_settings": stage.counted_by, "voting_version": version_number(stage)}


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "number": rules.number,
        "stated_at": _moment(rules.at),
        "licence": rules.licence,
        **{name: getattr(rules, name) for name in ("contract", "age_min", "countries", "chosen", "out_of")},
        "concern_remarks": rules.concern_remarks,
        "texts": rules.texts,
    }


def _fields(idea: Idea, campaign: Campaign, marks: Marks) -> dict[str, Any]:
    shown = counts_shown(campaign, NOBODY)  # A file goes anywhere.
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
        "votes": idea.votes if shown else None,
        "unconfirmed": idea.unconfirmed if shown else None,
        "comments": idea.comments,
        "feedback": marks.people if shown else None,
        "mark": round(marks.mean, 2) if shown and marks.marked else None,
        "answered": idea.answered,
        "status": _status(idea, campaign),
        "status_kind": idea.status.kind if idea.status else None,
        "qualified_at": _moment(idea.qualified_at) if idea.qualified_at else None,
        "withdrawn": idea.withdrawal.reason or idea.withdrawal.kind if idea.withdrawal else None,
        "merged_into": idea.withdrawal.into_id if idea.withdrawal and idea.withdrawal.kind == "merged" else None,
        "retired_for": idea.withdrawal.into_id if idea.withdrawal and idea.withdrawal.kind == "retired" else None,
        "recorded": idea.recorded.how if idea.recorded else None,
        "recorded_by": f"{idea.recorded.by.display_name} ({campaign.brand.name})" if idea.recorded else None,
        "recorded_at_event": idea.recorded.event or None if idea.recorded else None,
        "votes_on_paper": idea.votes_on_paper if shown else None,
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


def _status(idea: Idea, campaign: Campaign) -> str | None:
    if idea.status is None:
        return None  # Where all ideas begin.
    named = idea.status.named
    return named.in_language(idea.language if idea.language in (named.names or LANGUAGES) else campaign.languages[0])


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = "|".join(value)
    if isinstance(value, int | float | Decimal):
        return str(value)
    return inert(value)


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
