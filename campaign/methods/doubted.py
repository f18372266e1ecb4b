"""Ballots that look as if no people stood behind them: which they are, how many, and which of them count."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from campaign.campaigns.models import Campaign, Stage
from campaign.extensions import db
from campaign.votes.models import BallotDoubt, StageBallot


class Aside(NamedTuple):
    """How many votes or ballots stand and are in no count."""

    under_review: int = 0
    left_out: int = 0


_votes_aside: list[Callable[[Campaign], Aside]] = []


@dataclass(frozen=True)
class Doubted:
    """The ballots of one stage that are doubted for the same reasons, and of which the same was decided."""

    stage_id: int
    name: str  # The reasons as one word.
    decision: str | None
    whys: list[str]  # Where they were decided about one after the other, there are several.
    ballots: int
    found_at: datetime

    @property
    def key(self) -> str:
        """What they are called among those of their stage."""
        return f"{self.name} {self.decision or 'review'}"

    @property
    def reasons(self) -> list[str]:
        return self.name.split()


def count_undecided(stages: Collection[int]) -> Any:
    """How many groups of ballots of these stages wait for a decision, as an expression."""
    found = db.select(BallotDoubt.stage_id, BallotDoubt.group).join(StageBallot, _same()).distinct()
    found = found.where(BallotDoubt.stage_id.in_(stages), BallotDoubt.decision.is_(None))
    return db.select(db.func.count()).select_from(found.subquery()).scalar_subquery()


def doubted_in(stages: Collection[int]) -> list[Doubted]:
    """The doubted ballots that stand in these stages, in groups, those under review first. One question, however many there are."""
    found = (
        db.select(
            BallotDoubt.stage_id,
            BallotDoubt.group,
            BallotDoubt.decision,
            BallotDoubt.why,
            db.func.count().label("ballots"),
            db.func.max(BallotDoubt.found_at).label("found_at"),
        )
        .join(StageBallot, _same())
        .where(BallotDoubt.stage_id.in_(stages))
        .group_by(BallotDoubt.stage_id, BallotDoubt.group, BallotDoubt.decision, BallotDoubt.why)
        .order_by(
            BallotDoubt.decision.is_not(None),
            BallotDoubt.stage_id,
            BallotDoubt.group,
            BallotDoubt.decision,
            BallotDoubt.why,
        )
    )
    together: dict[tuple[int, str, str | None], list[Any]] = {}
    for row in db.session.execute(found):
        together.setdefault((row.stage_id, row.group, row.decision), []).append(row)
    return [
        Doubted(
            *of,
            [row.why for row in rows if row.why],
            sum(row.ballots for row in rows),
            max(row.found_at for row in rows),
        )
        for of, rows in together.items()
    ]


def ballots_aside(stages: Iterable[Stage]) -> Aside:
    """How many ballots of these stages are in no count, to be told where the counts are. One question; none where nobody fills in a ballot."""
    filled_in = [stage.id for stage in stages if stage.accepts_votes and stage.method != "approval"]
    if not filled_in:
        return Aside()
    doubted = db.select(db.func.count(), db.func.count(BallotDoubt.decision)).select_from(BallotDoubt)
    doubted = doubted.join(StageBallot, _same()).where(BallotDoubt.stage_id.in_(filled_in), BallotDoubt.keeps_aside())
    every, decided = db.session.execute(doubted).one()
    return Aside(every - decided, decided)


def votes_aside_with(find: Callable[[Campaign], Aside]) -> None:
    """Have the slice that doubts single votes say how many of a campaign's are in no total."""
    _votes_aside.append(find)


def votes_aside(stage: Stage) -> Aside:
    """How many votes for single ideas are in no total, where that is what the stage counts. They go from stage to stage."""
    if stage.method != "approval":
        return Aside()
    found = [find(stage.campaign) for find in _votes_aside]
    return Aside(sum(each.under_review for each in found), sum(each.left_out for each in found))


def counting(stage: Any, voter: Any, otherwise: Doubted | None = None) -> ColumnElement[bool]:
    """Whether the ballot of this voter counts, as a condition on a row that names both. `otherwise`: with these as they aren't now."""
    counts = ~BallotDoubt.on(stage, voter)
    if otherwise is None:
        return counts
    of_group = BallotDoubt.stage_id == stage, BallotDoubt.voter_id == voter, BallotDoubt.group == otherwise.name
    these = db.select(BallotDoubt.id).where(*of_group, BallotDoubt.decision.is_not_distinct_from(otherwise.decision))
    return counts & ~these.exists() if otherwise.decision == "count" else counts | these.exists()


def _same() -> ColumnElement[bool]:
    return db.and_(StageBallot.stage_id == BallotDoubt.stage_id, StageBallot.voter_id == BallotDoubt.voter_id)
