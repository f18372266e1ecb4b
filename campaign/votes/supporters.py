"""Who supports an idea, where its campaign lists voters by name: for all to read alike, and sealed exactly while the totals are.

Listed is whose vote was given by name, and counts: a vote that was taken back, or is under review, is not there. Where people vote for
and against, those who are for it are listed. A no is never shown with a name.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.sealing import counts_shown
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.models import BallotDoubt, BallotName, Vote

FIRST = 8  # On an idea's own page.
PAGE = 60
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Supporters:
    """Some of those who support an idea by name, the newest first, and how many there are."""

    people: list[Person] = field(default_factory=list)
    total: int = 0
    cursor: str | None = None

    @property
    def others(self) -> int:
        """How many more there are than these."""
        return self.total - len(self.people)


def supporters_of(idea: Idea, asker: Asker, most: int = FIRST, cursor: str | None = None) -> Supporters | None:
    """Those who may be shown to this person; None while the totals are sealed for them. Two queries at most, and none where votes are secret.

    Raises NotThere for a cursor that none of our pages gave.
    """
    if not counts_shown(idea.campaign, asker):
        return None
    if idea.withdrawn or not idea.campaign.has_named_voters:
        return Supporters()  # Its votes are with those who gave them, or all are secret.
    listed = _listed(idea).subquery("listed")
    found = db.select(Person, listed.c.at).join(listed, listed.c.voter_id == Person.id)
    if cursor is not None:
        at, voter = _read(cursor)
        found = found.where(db.or_(listed.c.at < at, db.and_(listed.c.at == at, listed.c.voter_id < voter)))
    rows = db.session.execute(found.order_by(listed.c.at.desc(), listed.c.voter_id.desc()).limit(most + 1)).all()
    total = len(rows)
    if cursor is not None or total > most:
        total = db.session.scalar(db.select(db.func.count()).select_from(listed)) or 0
    shown = rows[:most]
    return Supporters(
        [row.Person for row in shown],
        total,
        _written(shown[-1].at, shown[-1].Person.id) if len(rows) > most else None,
    )


def _listed(idea: Idea) -> Any:
    support = db.select(Vote.voter_id, Vote.cast_at.label("at"))
    support = support.where(Vote.idea_id == idea.id, Vote.named, ~Vote.aside)
    there = db.select(Vote.voter_id).where(Vote.idea_id == idea.id, Vote.voter_id == BallotName.voter_id)
    ballots = db.select(BallotName.voter_id, db.func.max(BallotName.at).label("at"))
    ballots = ballots.where(BallotName.idea_id == idea.id, ~there.where(Vote.named, ~Vote.aside).exists())
    ballots = ballots.where(~BallotDoubt.on(BallotName.stage_id, BallotName.voter_id))
    return support.union_all(ballots.group_by(BallotName.voter_id))


def _written(at: datetime, voter: int) -> str:
    return f"{(at - _BEGIN) // timedelta(microseconds=1)}-{voter}"


def _read(cursor: str) -> tuple[datetime, int]:
    at, dash, voter = cursor.partition("-")
    if not (dash and at.isascii() and at.isdigit() and len(at) < 17 and voter.isascii() and voter.isdigit()):
        raise NotThere
    if len(voter) > 9:
        raise NotThere
    return _BEGIN + timedelta(microseconds=int(at)), int(voter)
