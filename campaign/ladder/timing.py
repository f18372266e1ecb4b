"""The ladder's clock: it goes on while people vote by supporting ideas and everybody sees the totals, and stands still otherwise.

So a pause moves nothing for a hundred thousand ideas: their dates are readings of this clock. What is written of it is only how far it was
at some moment; from then on, the stages and the closing say how long people could vote.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from campaign.campaigns.models import Campaign, Stage
from campaign.extensions import db
from campaign.ladder.models import LadderClock

DAY = 24 * 3600 * 1_000_000  # In microseconds, as the clock counts.


def clock_at(campaign: Campaign, moment: datetime) -> int:
    """What the ladder's clock says at this moment."""
    clock = campaign.ladder_clock
    return 0 if clock is None else read_clock(campaign, clock.ran, clock.told_until, moment)


def read_clock(campaign: Campaign, ran: int, told_until: datetime, moment: datetime) -> int:
    """The same, from what is written of it."""
    return ran + sum(
        (min(end, moment) - max(begin, told_until)) // timedelta(microseconds=1)
        for begin, end in _open(campaign, moment)
        if min(end, moment) > max(begin, told_until)
    )


def runs(campaign: Campaign, moment: datetime) -> bool:
    """Whether the clock goes on at this moment."""
    return any(begin <= moment < end for begin, end in _open(campaign, moment + timedelta(seconds=1)))


def measures(stage: Stage) -> bool:
    """Whether a stage is one in which ideas gather supporters that everybody sees."""
    return stage.accepts_votes and stage.method == "approval" and stage.shows_counts == "always"


def can_climb(campaign: Campaign) -> bool:
    """Whether a ladder means anything: somewhere on the way, people support single ideas."""
    return any(stage.accepts_votes and stage.method == "approval" for stage in campaign.stages)


def write_clock(campaign: Campaign, moment: datetime) -> None:
    """Write down how far the clock is. However many processes do so at once, no moment is counted twice."""
    clock = campaign.ladder_clock
    if clock is None or clock.told_until >= moment:
        return
    ran = clock_at(campaign, moment)
    mine = db.update(LadderClock).where(LadderClock.campaign_id == campaign.id)
    mine = mine.where(LadderClock.told_until == clock.told_until).values(ran=ran, told_until=moment)
    db.session.execute(mine.execution_options(synchronize_session=False))
    db.session.expire(clock)


def _open(campaign: Campaign, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of time up to `until` in which people could vote, as the calendar is now."""
    if campaign.publication is None:
        return
    last = min(until, campaign.closing.at if campaign.closing else until, campaign.ends_at or until)
    for stage in campaign.stages:
        if measures(stage) and not stage.held:
            begin, end = max(stage.opens_at, campaign.publication.at), min(stage.ends_at or last, last)
            if begin < end:
                yield begin, end
