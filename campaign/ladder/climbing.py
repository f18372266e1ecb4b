"""Ideas on the ladder: which step they have reached, which have run out of time, and what is told of it.

Whoever moves totals holds the ideas, and so does whoever lets one expire. Between a last vote and the end of an idea's time, the first to hold it
decides, by the server's clock: a vote that is counted in time keeps it, and after its time no vote is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from campaign.campaigns.access import who_see
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import insert
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import when_made
from campaign.ideas.following import tell_followers
from campaign.ideas.models import Idea
from campaign.ladder.models import Climb, LadderClock, StepReached
from campaign.ladder.resting import later
from campaign.ladder.timing import DAY, clock_at, read_clock
from campaign.live import announce
from campaign.notices.posting import tell


class Counted(Protocol):
    """An idea as whoever counts its votes knows it, locked."""

    id: int
    campaign_id: int
    votes: int


def overdue(ideas: Mapping[int, Counted], campaigns: Mapping[int, Campaign], at: datetime) -> set[int]:
    """Of these ideas, held by who asks, those whose time has run out by then, written down or not. One query; without a ladder, none."""
    return {
        row.idea_id for row, clock in _climbs(ideas.values(), campaigns, at) if row.due is not None and row.due <= clock
    }


def climb(ideas: Iterable[Counted], campaigns: Mapping[int, Campaign], at: datetime) -> None:
    """Let those of these ideas step up that have the supporters for it. To be said by who has just moved their totals, in the same transaction.

    A step tells a figure. While totals are sealed, none is taken; who looks every some seconds takes it when they are shown.
    """
    held = {idea.id: idea for idea in ideas}
    for row, clock in _climbs(held.values(), campaigns, at):
        idea, campaign = held[row.idea_id], campaigns[row.campaign_id]
        if row.due is not None and row.due > clock and seal_on(campaign) == "always":
            step_up(campaign, row.idea_id, row.step, row.due, idea.votes, clock)


def step_up(campaign: Campaign, idea_id: int, step: int, due: int, votes: int, clock: int) -> bool:
    """Give an idea, held by who asks, all steps that its supporters reach; says whether there was one."""
    steps, before = campaign.ladder or [], step
    end: int | None = due
    while step < len(steps) and votes >= steps[step][0]:
        reached = StepReached(idea_id=idea_id, number=step + 1, supporters=steps[step][0], at=now())
        db.session.merge(reached)
        step += 1
        # Who is early keeps what they had: a step never takes time away.
        end = later(due, clock, steps[step][1] * DAY) if step < len(steps) else None
    if step == before:
        return False
    moved = db.update(Climb).where(Climb.idea_id == idea_id).values(step=step, since=clock, due=end)
    db.session.execute(moved.execution_options(synchronize_session="fetch"))
    idea = db.session.get_one(Idea, idea_id)
    record("idea.step_reached", idea, step=step, supporters=steps[step - 1][0])
    announce(campaign.board, "idea.step_reached", ideas=[idea_id])
    tell_authors("idea-step", idea, reached=steps[step - 1][0], following=steps[step] if step < len(steps) else None)
    tell_followers("step", campaign, idea)
    return True


def tell_authors(mail: str, idea: Idea, **told: Any) -> None:
    """Send this mail to the idea's authors who still see it."""
    authors = who_see(idea.campaign, idea.authors)
    tell(authors, "own", mail.removeprefix("idea-"), idea.campaign, idea, mail=mail, said=told)


def begin_climbs(campaign: Campaign) -> None:
    """Put every idea of the campaign that isn't yet at the foot of the ladder, with the whole time of the first step before it."""
    if not campaign.ladder:
        return
    clock = clock_at(campaign, now())
    due = clock + campaign.ladder[0][1] * DAY
    missing = ~db.exists().where(Climb.idea_id == Idea.id)
    foot = db.select(
        Idea.id, Idea.campaign_id, db.literal(0), db.literal(clock, db.BigInteger), db.literal(due, db.BigInteger)
    )
    begun = insert(Climb).from_select(
        ["idea_id", "campaign_id", "step", "since", "due"], foot.where(Idea.campaign_id == campaign.id, missing)
    )
    db.session.execute(begun.on_conflict_do_nothing())


def _begin(idea: Idea) -> None:
    if idea.campaign.ladder:
        clock = clock_at(idea.campaign, now())
        due = clock + idea.campaign.ladder[0][1] * DAY
        idea.climb = Climb(campaign_id=idea.campaign.id, step=0, since=clock, due=due)


when_made(_begin)


def _climbs(ideas: Iterable[Counted], campaigns: Mapping[int, Campaign], at: datetime) -> list[tuple[Any, int]]:
    """Where those of these ideas stand whose campaign has a ladder, each with what its clock says."""
    asked = [idea.id for idea in ideas if campaigns[idea.campaign_id].ladder]
    if not asked:
        return []
    found = db.select(Climb.idea_id, Climb.campaign_id, Climb.step, Climb.due, LadderClock.ran, LadderClock.told_until)
    found = found.join(LadderClock, LadderClock.campaign_id == Climb.campaign_id).where(Climb.idea_id.in_(asked))
    return [
        (row, read_clock(campaigns[row.campaign_id], row.ran, row.told_until, at))
        for row in db.session.execute(found.order_by(Climb.idea_id))
    ]
