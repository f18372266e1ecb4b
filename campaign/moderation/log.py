"""The log of a campaign's moderation: who did what, with what, why and when, to be searched and taken away as a file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

from flask_babel import get_timezone
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.text import inert

SHOWN = 50

# Each act by its event's name: of which kind it is, and what somebody did.
ACTS: dict[str, tuple[str, Any]] = {
    "idea.approved": ("approved", _l("approved an idea")),
    "remark.approved": ("approved", _l("approved a remark on an idea")),
    "idea.taken_down": ("down", _l("took an idea down")),
    "remark.taken_down": ("down", _l("took a remark on an idea down")),
    "idea.decision_undone": ("undone", _l("took a decision about an idea back")),
    "remark.decision_undone": ("undone", _l("took a decision about a remark back")),
    "idea.hide_confirmed": ("second", _l("confirmed that an idea was taken down")),
    "remark.hide_confirmed": ("second", _l("confirmed that a remark was taken down")),
    "idea.appealed": ("appeal", _l("appealed against the taking down of an idea")),
    "remark.appealed": ("appeal", _l("appealed against the taking down of a remark")),
    "idea.appeal_upheld": ("appeal", _l("looked at an appeal, and left an idea down")),
    "remark.appeal_upheld": ("appeal", _l("looked at an appeal, and left a remark down")),
    "idea.edited_back": ("edited", _l("changed an idea that was taken down, and it came back")),
    "remark.edited_back": ("edited", _l("changed a remark that was taken down, and it came back")),
    "idea.edited_again": ("edited", _l("changed an idea that was taken down, and it waits")),
    "remark.edited_again": ("edited", _l("changed a remark that was taken down, and it waits")),
    "person.trusted": ("person", _l("trusted somebody")),
    "person.suspended": ("person", _l("suspended somebody")),
    "suspension.lifted": ("person", _l("lifted a suspension")),
    "moderation.chosen": ("rules", _l("chose how it is moderated")),
}
KINDS: dict[str, Any] = {
    "approved": _l("Approved or put back"),
    "down": _l("Taken down"),
    "undone": _l("Decisions taken back"),
    "second": _l("Confirmed by a second person"),
    "appeal": _l("Appeals"),
    "edited": _l("Changed by their authors"),
    "person": _l("About people"),
    "rules": _l("Rules"),
}
COLUMNS = ("at", "by", "act", "about", "idea", "title", "person", "why")


@dataclass(frozen=True)
class Wanted:
    """Which acts somebody looks for."""

    by: int | None = None
    what: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True)
class Line:
    """One act of the log."""

    entry: Entry
    by: Person | None  # None: the system itself.
    idea: Idea | None
    person: Person | None  # Whom it is about, where it is about somebody.

    @property
    def sentence(self) -> Any:
        return ACTS[self.entry.what][1]

    @property
    def about(self) -> str:
        """An idea, a remark, somebody, or the rules."""
        return self.entry.what.partition(".")[0]


def lines_of(
    campaign: Campaign, wanted: Wanted, brand_too: bool, after: int | None = None
) -> tuple[list[Line], int | None]:
    """One page of the log, the latest first, and where the next begins. A fixed number of queries.

    `brand_too`: with what concerns people in all of the brand's campaigns.
    """
    found = _found(campaign, wanted, brand_too)
    if after is not None:
        found = found.where(Entry.id < after)
    entries = db.session.scalars(found.order_by(Entry.id.desc()).limit(SHOWN + 1)).all()
    return _told(entries[:SHOWN]), entries[SHOWN - 1].id if len(entries) > SHOWN else None


def moderators_in(campaign: Campaign, brand_too: bool) -> list[Person]:
    """Everybody who has an act in the log, by name. One query."""
    acted = _found(campaign, Wanted(), brand_too).with_only_columns(Entry.by_id)
    return list(db.session.scalars(db.select(Person).where(Person.id.in_(acted)).order_by(Person.name, Person.id)))


def _found(campaign: Campaign, wanted: Wanted, brand_too: bool) -> Any:
    ideas = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    concerns = [
        db.and_(Entry.subject == Campaign.__tablename__, Entry.subject_id == campaign.id),
        db.and_(Entry.subject == Idea.__tablename__, Entry.subject_id.in_(ideas)),
    ]
    if brand_too:
        concerns.append(db.and_(Entry.subject == Brand.__tablename__, Entry.subject_id == campaign.brand_id))
    named = [name for name, (kind, _sentence) in ACTS.items() if wanted.what in ("", kind)]
    found = db.select(Entry).where(db.or_(*concerns), Entry.what.in_(named))
    if wanted.by is not None:
        found = found.where(Entry.by_id == wanted.by)
    if wanted.since is not None:
        found = found.where(Entry.at >= _begin_of(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        found = found.where(Entry.at < _begin_of(wanted.until + timedelta(days=1)))
    if wanted.words:
        found = found.where(Entry.why.icontains(wanted.words, autoescape=True))
    return found


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), get_timezone())


def _told(entries: Sequence[Entry]) -> list[Line]:
    """These acts with what they are about. Two queries."""
    ideas = {entry.subject_id for entry in entries if entry.subject == Idea.__tablename__}
    people = {entry.by_id for entry in entries} | {entry.details.get("person") for entry in entries}
    named = {one.id: one for one in db.session.scalars(db.select(Idea).where(Idea.id.in_(ideas)))}
    known = {one.id: one for one in db.session.scalars(db.select(Person).where(Person.id.in_(people - {None})))}
    return [
        Line(
            entry,
            known.get(entry.by_id or 0),
            named.get(entry.subject_id) if entry.subject == Idea.__tablename__ else None,
            known.get(entry.details.get("person") or 0),
        )
        for entry in entries
    ]


def as_csv(campaign: Campaign, wanted: Wanted, brand_too: bool) -> str:
    """All of the log that is wanted, the earliest first. With a byte order mark, without which spreadsheets garble accents."""
    entries = db.session.scalars(_found(campaign, wanted, brand_too).order_by(Entry.id)).all()
    return "\ufeff" + "".join(_rows(_told(entries)))


def _rows(lines: list[Line]) -> Iterator[str]:
    for row in (COLUMNS, *map(_cells, lines)):
        line = StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    """What people wrote must not be taken for a formula."""
    return (
        line.entry.at.isoformat(timespec="seconds"),
        inert(line.by.display_name) if line.by else "Ensemble",
        line.entry.what,
        line.about,
        str(line.idea.id) if line.idea else "",
        inert(line.idea.title) if line.idea else "",
        inert(line.person.display_name) if line.person else "",
        inert(line.entry.why),
    )
