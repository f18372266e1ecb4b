"""Notices as they are read: grouped by idea, the newest first; how many are unread; and reading them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload

from campaign.accounts.models import Person
from campaign.campaigns.access import seen_by
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.holding import in_sight_of
from campaign.ideas.models import Idea
from campaign.notices.models import Notice

GROUPS, LINES = 20, 5  # On one page, and of each group.
COUNTED = 100  # Unread ones; beyond that it says that there are more.
PARTS = (joinedload(Notice.idea), joinedload(Notice.campaign).joinedload(Campaign.brand), joinedload(Notice.by))


@dataclass(frozen=True)
class Group:
    """What happened to one idea, or in one campaign, the newest first."""

    notices: list[Notice]
    more: int  # Older ones that are not shown.

    @property
    def newest(self) -> Notice:
        return self.notices[0]

    @property
    def unread(self) -> bool:
        return any(notice.read_at is None for notice in self.notices)


@dataclass(frozen=True)
class NoticePage:
    """Some groups, and where the next page begins."""

    groups: list[Group]
    cursor: int | None


def unread_of(person: Person) -> int:
    """How many notices this person has not read, as far as they are counted. One query, along an index."""
    return db.session.scalar(counted_unread(person)) or 0


def counted_unread(person: Person) -> Any:
    """The same as a selection."""
    mine = db.select(Notice.id).where(*shown_to(person), Notice.read_at.is_(None)).limit(COUNTED)
    return db.select(db.func.count()).select_from(mine.subquery())


def unread_by(people: Iterable[Person]) -> dict[int, int]:
    """The same for some. One query, which reads no more of each person's notices than are counted."""
    asked = list(people)
    counted = [counted_unread(person).scalar_subquery() for person in asked]
    found = db.session.execute(db.select(*counted)).one() if asked else ()
    return {person.id: unread for person, unread in zip(asked, found, strict=True)}


def shown_to(person: Person) -> tuple[Any, ...]:
    """The conditions for a notice to be one of this person's that they may read: the page, the bell and the mails tell the same."""
    seen = db.select(Campaign.id).where(Campaign.id == Notice.campaign_id, seen_by(person))
    hidden = db.select(Idea.id).where(Idea.id == Notice.idea_id, ~in_sight_of(person))
    return Notice.person_id == person.id, ~Notice.resting, seen.exists(), ~hidden.exists()


def page_of(person: Person, before: int | None = None) -> NoticePage:
    """One page of this person's notices, of what they may still see. Two queries."""
    group = db.func.coalesce(Notice.idea_id, -Notice.campaign_id).label("about")
    mine = shown_to(person)
    newest = db.func.max(Notice.id).label("newest")
    listed = db.select(group, newest, db.func.count().label("many")).where(*mine).group_by(group)
    if before is not None:
        listed = listed.having(db.func.max(Notice.id) < before)
    rows = db.session.execute(listed.order_by(newest.desc()).limit(GROUPS + 1)).all()
    shown = rows[:GROUPS]
    place = db.func.row_number().over(partition_by=group, order_by=Notice.id.desc()).label("place")
    placed = db.select(Notice.id, place).where(*mine, group.in_([row.about for row in shown])).subquery()
    found = db.select(Notice).join(placed, placed.c.id == Notice.id).where(placed.c.place <= LINES).options(*PARTS)
    notices = db.session.scalars(found).unique().all() if shown else []
    many = {row.about: row.many for row in shown}
    return NoticePage(grouped(notices, many), shown[-1].newest if len(rows) > GROUPS else None)


def grouped(notices: Iterable[Notice], many: dict[int, int] | None = None) -> list[Group]:
    """These notices by what they are about, the newest first. `many`: how many there are of each, where these are not all."""
    groups: dict[int, list[Notice]] = {}
    for notice in sorted(notices, key=lambda one: one.id, reverse=True):
        groups.setdefault(notice.group, []).append(notice)
    counts = many or {about: len(some) for about, some in groups.items()}
    return [Group(some[:LINES], counts[about] - len(some[:LINES])) for about, some in groups.items()]


def read_all(person: Person, until: int) -> None:
    """This person has read their notices up to this one. Done twice, it is done once."""
    _read(person, Notice.id <= until)


def read_about(person: Person, about: int, until: int) -> None:
    """The same, of one idea, or of one campaign (as a negative number)."""
    of = Notice.idea_id == about if about > 0 else db.and_(Notice.idea_id.is_(None), Notice.campaign_id == -about)
    _read(person, of, Notice.id <= until)


def _read(person: Person, *which: Any) -> None:
    """What is out of sight now isn't read by that: it is unread when its remark or its idea is back."""
    mine = db.update(Notice).where(*shown_to(person), Notice.read_at.is_(None), *which)
    # What was read needs no mail.
    db.session.execute(mine.values(read_at=now(), digest=None).execution_options(synchronize_session=False))
