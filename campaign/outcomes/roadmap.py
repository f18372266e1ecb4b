"""The roadmap: what was accepted and what is done of it, with milestones. Progress is counted, not claimed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import column_property, joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import CoAuthor, Idea, disclose
from campaign.ideas.totals import stands
from campaign.outcomes.models import Milestone, Outcome
from campaign.statuses.models import Status

KEPT = ("accepted", "done")  # The kinds of statuses that promise something.
SHOWN = 60  # Ideas on one page.
MILESTONES_MOST = 100


class TooManyMilestones(Refused):
    code, message = "too_many_milestones", _l("100 milestones at most: people should find their way.")


class MilestoneThere(Refused):
    code, message = "milestone_there", _l("This milestone stands on the roadmap already.")


@dataclass(frozen=True)
class Progress:
    """How many milestones of some are done."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.of if self.of else 0


@dataclass(frozen=True)
class Roadmap:
    """One page of what a campaign accepted."""

    ideas: list[Idea]
    milestones: list[Milestone]
    of_ideas: dict[int, Progress]  # Of ideas that have milestones of their own.
    cursor: int | None  # Where the next page begins.

    @property
    def progress(self) -> Progress:
        return progress_of(self.milestones)


def progress_of(milestones: Iterable[Milestone]) -> Progress:
    every = list(milestones)
    return Progress(sum(one.done_at is not None for one in every), len(every))


def accepted(campaign: Campaign) -> tuple[Any, ...]:
    """The condition for an idea, joined with its status, to stand on the campaign's roadmap."""
    return Idea.campaign_id == campaign.id, Status.kind.in_(KEPT), stands()


def roadmap_of(campaign: Campaign, after: int = 0) -> Roadmap:
    """What was accepted, in the order of the campaign's statuses, skipping `after`. The number of queries is fixed."""
    found = db.select(Idea).join(Status, Status.id == Idea.status_id).where(*accepted(campaign))
    parts = (
        joinedload(Idea.author),
        joinedload(Idea.status),
        joinedload(Idea.recorded),
        selectinload(Idea.coauthors).joinedload(CoAuthor.person),
    )
    page = found.options(*parts).order_by(Status.position, Idea.id).offset(after).limit(SHOWN + 1)
    ideas = list(db.session.scalars(page).unique())
    shown = ideas[:SHOWN]
    disclose(campaign, shown)
    milestones = milestones_of(campaign)
    theirs: dict[int, list[Milestone]] = {}
    for milestone in milestones:
        for idea in milestone.ideas:
            theirs.setdefault(idea.id, []).append(milestone)
    of_ideas = {idea: progress_of(each) for idea, each in theirs.items()}
    return Roadmap(shown, milestones, of_ideas, after + SHOWN if len(ideas) > SHOWN else None)


def milestones_of(campaign: Campaign) -> list[Milestone]:
    """By their dates, with their ideas, also those out of sight. Two queries."""
    ideas = selectinload(Milestone.ideas).joinedload(Idea.withdrawal)
    found = db.select(Milestone).where(Milestone.campaign_id == campaign.id).options(ideas)
    return list(db.session.scalars(found.order_by(Milestone.due, Milestone.id)))


def milestone_in(campaign: Campaign, milestone_id: int) -> Milestone:
    """The milestone, if it is this campaign's."""
    milestone = db.session.get(Milestone, milestone_id) if 0 < milestone_id < 2**31 else None
    if milestone is None or milestone.campaign_id != campaign.id:
        raise NotThere
    return milestone


def ideas_to_link(campaign: Campaign, also: Collection[int] = (), most: int = 200) -> list[Idea]:
    """Ideas that a milestone or an outcome page can name: what was accepted, and `also`. One query."""
    found = db.select(Idea).outerjoin(Status, Status.id == Idea.status_id)
    mine = Idea.campaign_id == campaign.id
    kept = db.or_(db.and_(*accepted(campaign)), db.and_(mine, Idea.id.in_(also)))
    return list(db.session.scalars(found.where(kept).order_by(Idea.id).limit(most + len(also))))


def add_milestone(
    campaign: Campaign, by: Person, names: dict[str, str], due: date, ideas: Collection[int]
) -> Milestone:
    """Put a milestone on the roadmap. Sent again in the same words for the same day, it is refused as there already."""
    lock(campaign)
    there = milestones_of(campaign)
    if len(there) >= MILESTONES_MOST:
        raise TooManyMilestones
    if any((one.names, one.due) == (names, due) for one in there):
        raise MilestoneThere
    milestone = Milestone(campaign_id=campaign.id, names=dict(names), due=due, ideas=_linked(campaign, ideas))
    db.session.add(milestone)
    record("milestone.added", campaign, by, milestone=[None, _told(milestone)])
    return milestone


def change_milestone(
    milestone: Milestone, by: Person, names: dict[str, str], due: date, ideas: Collection[int], done: bool
) -> None:
    """Say it otherwise, move it, link other ideas, or say that it is done. Said again, it changes nothing."""
    lock(milestone)
    before = _told(milestone)
    milestone.names, milestone.due = dict(names), due
    milestone.ideas = _linked(milestone.campaign, ideas)
    if done != (milestone.done_at is not None):
        milestone.done_at = now() if done else None
    db.session.flush()
    if before != _told(milestone):
        record("milestone.changed", milestone.campaign, by, milestone=[before, _told(milestone)])


def set_milestone_done(milestone: Milestone, by: Person, done: bool) -> None:
    """Say that a milestone is reached, or that it isn't after all."""
    change_milestone(milestone, by, dict(milestone.names), milestone.due, [idea.id for idea in milestone.ideas], done)


def remove_milestone(campaign: Campaign, by: Person, milestone_id: int) -> None:
    """Take a milestone off the roadmap. Taken off again, nothing happens."""
    lock(campaign)
    milestone = db.session.get(Milestone, milestone_id)
    if milestone is None or milestone.campaign_id != campaign.id:
        return
    record("milestone.removed", campaign, by, milestone=[_told(milestone), None])
    db.session.delete(milestone)


def _linked(campaign: Campaign, ideas: Collection[int]) -> list[Idea]:
    if not ideas:
        return []
    found = db.select(Idea).where(Idea.campaign_id == campaign.id, Idea.id.in_(ideas))
    return list(db.session.scalars(found.order_by(Idea.id)))


def _told(milestone: Milestone) -> dict[str, Any]:
    return {
        "names": dict(milestone.names),
        "due": milestone.due.isoformat(),
        "ideas": sorted(idea.id for idea in milestone.ideas),
        "done": milestone.done_at is not None,
    }


# Asked with each campaign, because its header leads to what is there: by indexes alone, and without a question of its own.
_kept = (
    db.select(Status.id)
    .join(Idea, Idea.status_id == Status.id)
    .where(Status.campaign_id == Campaign.id, Idea.campaign_id == Campaign.id, Status.kind.in_(KEPT), stands())
    .correlate_except(Status, Idea)
)
_planned = db.select(Milestone.id).where(Milestone.campaign_id == Campaign.id).correlate_except(Milestone)
_told_of = (
    db.select(Outcome.id)
    .where(Outcome.campaign_id == Campaign.id, Outcome.published_at.is_not(None))
    .correlate_except(Outcome)
)
Campaign.has_roadmap = column_property(db.or_(_kept.exists(), _planned.exists()))
Campaign.has_outcome = column_property(_told_of.exists())
