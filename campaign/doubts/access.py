"""What is known of the doubts of a campaign: how many for everybody, and each with its effect for those who decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.campaigns.errands import Errand, ask_of_team
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import shown_to_reader
from campaign.doubts.models import Doubt
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import of_board, withdrawn_from
from campaign.methods.doubted import Aside, Doubted, count_undecided, doubted_in, votes_aside_with
from campaign.methods.effects import Effects, effects_in
from campaign.votes.models import BallotDoubt, Vote


@dataclass(frozen=True)
class Group:
    """Votes for one idea that are doubted for the same reasons, and what they would change."""

    idea: Idea
    name: str
    reasons: list[str]
    votes: int
    decision: str | None
    why: str
    found_at: datetime
    without: tuple[int, int]  # The idea's votes and its place, these not counted,
    counted: tuple[int, int]  # and counted.


@dataclass(frozen=True)
class StageDoubts:
    """The doubted ballots of one stage, and what they would change."""

    stage: Stage
    groups: list[Doubted]
    effects: Effects


def votes_aside(campaign: Campaign, idea: Idea | None = None) -> Aside:
    """Those of the campaign, or of one of its ideas; none while the reader may not know of votes. One question."""
    if not shown_to_reader(campaign):
        return Aside(0, 0)
    same = db.and_(Vote.idea_id == Doubt.idea_id, Vote.voter_id == Doubt.voter_id)
    doubted = db.select(db.func.count(), db.func.count(Doubt.decision)).select_from(Doubt).join(Vote, same)
    doubted = doubted.where(Doubt.campaign_id == campaign.id, Vote.aside)
    every, decided = db.session.execute(doubted.where(Doubt.idea_id == idea.id) if idea else doubted).one()
    return Aside(every - decided, decided)


def groups_of(campaign: Campaign) -> list[Group]:
    """The campaign's doubts in groups, those under review first. Three questions, however many there are.

    What they would change is told while the counts are shown.
    """
    same = db.and_(Vote.idea_id == Doubt.idea_id, Vote.voter_id == Doubt.voter_id)
    most = [db.desc("votes")] if shown_to_reader(campaign) else []  # Their order would tell of the counts.
    found = db.session.execute(
        db.select(
            Doubt.idea_id,
            Doubt.group,
            Doubt.decision,
            Doubt.why,
            db.func.count().label("votes"),
            db.func.max(Doubt.found_at).label("found_at"),
        )
        .join(Vote, same)
        .where(Doubt.campaign_id == campaign.id)
        .group_by(Doubt.idea_id, Doubt.group, Doubt.decision, Doubt.why)
        .order_by(Doubt.decision.is_not(None), *most, Doubt.idea_id)
        .limit(200)
    ).all()
    ideas = {
        idea.id: idea for idea in db.session.scalars(db.select(Idea).where(Idea.id.in_({row.idea_id for row in found})))
    }
    effects = [_effect(ideas[row.idea_id], row) for row in found]
    above = _above(campaign, {total for effect in effects for total in effect}) if most else {}
    return [_group(ideas[row.idea_id], row, effect, above) for row, effect in zip(found, effects, strict=True)]


def _count_undecided(campaign: Campaign) -> Any:
    """How many groups of votes and of ballots wait for a decision, as an expression. Their number tells nothing of the counts."""
    same = db.and_(Vote.idea_id == Doubt.idea_id, Vote.voter_id == Doubt.voter_id)
    votes = db.select(Doubt.idea_id, Doubt.group).join(Vote, same).distinct()
    votes = votes.where(Doubt.campaign_id == campaign.id, Doubt.decision.is_(None))
    groups = db.select(db.func.count()).select_from(votes.subquery()).scalar_subquery()
    return groups + count_undecided([stage.id for stage in campaign.stages])


ask_of_team(
    Errand(
        "doubts",
        "moderate",
        _l("Votes under review"),
        "/doubts",
        lambda campaign, person: _count_undecided(campaign),
        place=30,
        urgent=True,
    )
)


def stages_doubted(campaign: Campaign) -> list[StageDoubts]:
    """The doubted ballots of the campaign, by stage. What they change is told when counts are shown. Does not commit.

    How many questions that takes depends on how many stages have any, and on how many groups there are, which are few.
    """
    groups = doubted_in([stage.id for stage in campaign.stages])
    stages = [(stage, [each for each in groups if each.stage_id == stage.id]) for stage in campaign.stages]
    stages = [(stage, theirs) for stage, theirs in stages if theirs]
    effects = effects_in(stages) if shown_to_reader(campaign) else [Effects({})] * len(stages)
    return [StageDoubts(stage, theirs, of) for (stage, theirs), of in zip(stages, effects, strict=True)]


def aside_of(campaign_id: int) -> dict[tuple[int, int], str]:
    """{(idea, voter): "under review" or "left out"} of a campaign's votes that are in no total, as the export says it."""
    rows = db.select(Doubt.idea_id, Doubt.voter_id, Doubt.decision).where(
        Doubt.campaign_id == campaign_id, db.or_(Doubt.decision.is_(None), Doubt.decision == "leave")
    )
    return {
        (idea, voter): "left out" if decision else "under review" for idea, voter, decision in db.session.execute(rows)
    }


def ballots_aside_of(campaign: Campaign) -> dict[tuple[int, int], str]:
    """The same of its ballots, as {(stage, voter): …}."""
    rows = db.select(BallotDoubt.stage_id, BallotDoubt.voter_id, BallotDoubt.decision)
    rows = rows.where(BallotDoubt.stage_id.in_([stage.id for stage in campaign.stages]), BallotDoubt.keeps_aside())
    return {
        (stage, voter): "left out" if decision else "under review"
        for stage, voter, decision in db.session.execute(rows)
    }


def _effect(idea: Idea, row: Any) -> tuple[int, int]:
    """The idea's votes, these not counted, and counted."""
    now_in = row.decision == "count"
    return (idea.votes - row.votes, idea.votes) if now_in else (idea.votes, idea.votes + row.votes)


def _group(idea: Idea, row: Any, effect: tuple[int, int], above: dict[int, int]) -> Group:
    without, counted = ((total, _place(total, idea, above)) for total in effect)
    return Group(idea, row.group, row.group.split(), row.votes, row.decision, row.why, row.found_at, without, counted)


def _above(campaign: Campaign, totals: Collection[int]) -> dict[int, int]:
    """How many ideas of the board have more votes than each of these totals. One question, along an index, whose answer has a row for each different total."""
    if not totals:
        return {}
    many = db.select(Idea.votes, db.func.count().label("ideas")).group_by(Idea.votes)
    every = many.where(*of_board(campaign), Idea.votes > min(totals)).subquery()
    gone = many.where(*withdrawn_from(campaign)).subquery()
    left = every.c.ideas - db.func.coalesce(gone.c.ideas, 0)
    told = db.select(every.c.votes, left).outerjoin(gone, gone.c.votes == every.c.votes)
    rows = db.session.execute(told.order_by(every.c.votes.desc())).all()
    above, so_far, place = {}, 0, 0
    for total in sorted(totals, reverse=True):
        while place < len(rows) and rows[place][0] > total:
            so_far, place = so_far + rows[place][1], place + 1
        above[total] = so_far
    return above


def _place(votes: int, idea: Idea, above: dict[int, int]) -> int:
    """The place of the idea with so many votes, all others as they are. Of equals, each has the best."""
    return 1 + above.get(votes, 0) - (idea.votes > votes)


votes_aside_with(votes_aside)
