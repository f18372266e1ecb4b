"""The time of single ideas rests: of those whose status freezes votes, and of those that have left the board and may come back.

A climb's `due` is a reading of the ladder's clock. While the idea rests it says how much was left instead, above any reading, so nothing that
asks whether its time has run out finds it. Whoever looks every some seconds writes down who rests and who goes on.
"""

from sqlalchemy import CompoundSelect, case

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import of_board, withdrawn_from
from campaign.ladder.models import RESTING, Climb


def time_left(due: int, clock: int) -> int:
    """How much time there is before `due`, resting or not; none where it has run out."""
    return due - RESTING if due >= RESTING else max(due - clock, 0)


def later(due: int, clock: int, time: int) -> int:
    """The end of so much time from now on, or `due` where that is later. What rests goes on resting."""
    return max(due, (RESTING if due >= RESTING else clock) + time)


def frozen(idea: Idea) -> bool:
    """Whether the idea stands where nobody can vote for it."""
    return idea.status is not None and idea.status.freezes_votes


def write_rests(campaign: Campaign, clock: int) -> None:
    """Let those ideas rest that now have to, and give those that go on what they had left. Two statements; said again, nothing happens."""
    here = _resting(campaign)
    left = case((Climb.due > clock, Climb.due - clock), else_=0)
    rest = db.update(Climb).where(Climb.idea_id.in_(here), Climb.due < RESTING).values(due=left + RESTING)
    theirs = Climb.campaign_id == campaign.id, Climb.due >= RESTING
    go_on = db.update(Climb).where(*theirs, Climb.idea_id.not_in(here)).values(due=Climb.due - RESTING + clock)
    for change in (rest, go_on):
        db.session.execute(change.execution_options(synchronize_session=False))


def _resting(campaign: Campaign) -> CompoundSelect[tuple[int]]:
    # No comparison with null is true, so this reads along the index of statuses.
    at_rest = db.select(Idea.id).where(*of_board(campaign), Idea.status_id > 0, Idea.status.has(freezes_votes=True))
    return at_rest.union(db.select(Idea.id).where(*withdrawn_from(campaign)))
