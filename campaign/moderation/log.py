"""The log of a campaign's moderation: who did what, with what, why and when, to be searched and taken away as a file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any, NamedTuple

from flask_babel import get_timezone
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown
from campaign.extensions import db, socketio
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.text import inert

SHOWN = 50
AT_ONCE = 1_000  # Acts read together for the file, so that a long log needs little memory.

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
    "idea.merged": ("merged", _l("merged an idea into another")),
    "idea.unmerged": ("merged", _l("undid the merge of an idea")),
    "duplicate.declined": ("merged", _l("left an idea apart from another")),
    "endorsement.hidden": ("down", _l("hid what somebody put under an idea with their name")),
    "endorsement.shown": ("approved", _l("showed again what somebody put under an idea with their name")),
    "feedback.hidden": ("down", _l("took feedback on an idea down")),
    "feedback.shown": ("approved", _l("put feedback on an idea back")),
    "reason.hidden": ("down", _l("hid what somebody said about their vote")),
    "reason.shown": ("approved", _l("showed again what somebody said about their vote")),
    "idea.update_removed": ("down", _l("took an author’s news away")),
    "remark.pinned": ("top", _l("put a remark of the brand above the others on an idea")),
    "remark.unpinned": ("top", _l("let a remark of the brand stand among the others again")),
    "votes.set_aside": ("votes", _l("set votes aside for review")),
    "votes.counted": ("votes", _l("had votes counted that were under review")),
    "votes.left_out": ("votes", _l("left votes out that were under review")),
    "votes.reviewed_again": ("votes", _l("put votes under review again")),
    "ballots.set_aside": ("votes", _l("set ballots aside for review")),
    "ballots.counted": ("votes", _l("had ballots counted that were under review")),
    "ballots.left_out": ("votes", _l("left ballots out that were under review")),
    "ballots.reviewed_again": ("votes", _l("put ballots under review again")),
    "person.trusted": ("person", _l("trusted somebody")),
    "person.trust_undone": ("person", _l("took back that somebody is trusted")),
    "person.suspended": ("person", _l("suspended somebody")),
    "suspension.lifted": ("person", _l("lifted a suspension")),
    "suspension.undone": ("person", _l("took a suspension back at once")),
    "moderation.chosen": ("rules", _l("chose how it is moderated")),
    "filter_words.chosen": ("rules", _l("chose words that wait for a moderator")),
    "filters.chosen": ("rules", _l("chose what the filters look for")),
    "gates.chosen": ("rules", _l("chose what newcomers can do")),
}
KINDS: dict[str, Any] = {
    "approved": _l("Approved or put back"),
    "down": _l("Taken down"),
    "undone": _l("Decisions taken back"),
    "second": _l("Confirmed by a second person"),
    "appeal": _l("Appeals"),
    "edited": _l("Changed by their authors"),
    "merged": _l("Merged, or left apart"),
    "top": _l("Remarks on top"),
    "votes": _l("Votes under review"),
    "person": _l("About people"),
    "rules": _l("Rules"),
}
# What would tell, act by act, how many votes there are at least.
ABOUT_VOTES = [what for what, (kind, _sentence) in ACTS.items() if kind == "votes"]
COLUMNS = ("at", "by", "act", "about", "idea", "title", "person", "why")


@dataclass(frozen=True)
class Wanted:
    """Which acts somebody looks for."""

    by: int | None = None
    what: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


class About(NamedTuple):
    """An idea that somebody did something with."""

    id: int
    title: str
    language: str

    @property
    def url(self) -> str:
        return f"/ideas/{self.id}"


class Sight(NamedTuple):
    """What of the log somebody reads."""

    brand_too: bool  # With what concerns people in all of the brand's campaigns.
    # Counts are sealed for this person now: of votes under review they read what they did themselves.
    sealed_for: int | None = None


def sight_of(person: Person, campaign: Campaign, brand_too: bool) -> Sight:
    """What of the log this person reads now."""
    return Sight(brand_too, None if counts_shown(campaign, person) else person.id)


@dataclass(frozen=True)
class Line:
    """One act of the log."""

    entry: Entry
    by: str  # By their name, or that of the system itself.
    idea: About | None
    person: str | None  # Whom it is about, where it is about somebody.

    @property
    def sentence(self) -> Any:
        return ACTS[self.entry.what][1]

    @property
    def about(self) -> str:
        """An idea, a remark, somebody, or the rules."""
        return self.entry.what.partition(".")[0]


def lines_of(
    campaign: Campaign, wanted: Wanted, sight: Sight, after: int | None = None
) -> tuple[list[Line], int | None]:
    """One page of the log, the latest first, and where the next begins. A fixed number of queries."""
    found = _found(campaign, wanted, sight)
    if after is not None:
        found = found.where(Entry.id < after)
    entries = db.session.scalars(found.order_by(Entry.id.desc()).limit(SHOWN + 1)).all()
    return _told(entries[:SHOWN]), entries[SHOWN - 1].id if len(entries) > SHOWN else None


def moderators_in(campaign: Campaign, sight: Sight) -> list[Person]:
    """Everybody who has an act in the log, by name. One query."""
    acted = _found(campaign, Wanted(), sight).with_only_columns(Entry.by_id)
    return list(db.session.scalars(db.select(Person).where(Person.id.in_(acted)).order_by(Person.name, Person.id)))


def _found(campaign: Campaign, wanted: Wanted, sight: Sight) -> Any:
    ideas = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
    concerns = [
        db.and_(Entry.subject == Campaign.__tablename__, Entry.subject_id == campaign.id),
        db.and_(Entry.subject == Idea.__tablename__, Entry.subject_id.in_(ideas)),
    ]
    if sight.brand_too:
        concerns.append(db.and_(Entry.subject == Brand.__tablename__, Entry.subject_id == campaign.brand_id))
    named = [name for name, (kind, _sentence) in ACTS.items() if wanted.what in ("", kind)]
    found = db.select(Entry).where(db.or_(*concerns), Entry.what.in_(named))
    if sight.sealed_for is not None:
        found = found.where(db.or_(Entry.what.not_in(ABOUT_VOTES), Entry.by_id == sight.sealed_for))
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
    asked = db.select(Idea.id, Idea.title, Idea.language).where(Idea.id.in_(ideas))
    named = {row.id: About(*row) for row in db.session.execute(asked)}
    who = db.select(Person.id, Person.name).where(Person.id.in_(people - {None}))
    known = {row.id: row.name for row in db.session.execute(who)}
    return [
        Line(
            entry,
            known.get(entry.by_id, "Ensemble") if entry.by_id else "Ensemble",
            named.get(entry.subject_id) if entry.subject == Idea.__tablename__ else None,
            known.get(entry.details.get("person") or 0),
        )
        for entry in entries
    ]


def as_csv(campaign: Campaign, wanted: Wanted, sight: Sight) -> Iterator[str]:
    """All of the log that is wanted, the earliest first, a piece at a time. With a byte order mark, without which spreadsheets garble accents.

    Between two pieces the connection to the database is given back: whoever reads them may be slow.
    """
    return _pieces(_found(campaign, wanted, sight).order_by(Entry.id))


def _pieces(found: Any) -> Iterator[str]:
    yield "\ufeff" + _written([COLUMNS])
    last = 0
    while entries := db.session.scalars(found.where(Entry.id > last).limit(AT_ONCE)).all():
        last = entries[-1].id
        piece = _written(map(_cells, _told(entries)))
        db.session.rollback()
        yield piece
        socketio.sleep(0)  # Others have their turn.


def _written(rows: Iterable[Sequence[str]]) -> str:
    lines = StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    """What people wrote must not be taken for a formula."""
    return (
        line.entry.at.isoformat(timespec="seconds"),
        inert(line.by),
        line.entry.what,
        line.about,
        str(line.idea.id) if line.idea else "",
        inert(line.idea.title) if line.idea else "",
        inert(line.person or ""),
        inert(line.entry.why),
    )
