"""What a brand promises about its answers, and how it keeps its word."""

from dataclasses import dataclass

from sqlalchemy import case, extract, func

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.listing import on_board
from campaign.ideas.models import Idea

DAYS = 10  # Within which a brand promises to answer.


@dataclass(frozen=True)
class Promise:
    """How a campaign keeps its word."""

    rate: int  # Percent of the ideas whose time is up, or that had their answer, answered in time.
    days: int
    waiting: int  # Ideas without an answer.


def promise(campaign: Campaign) -> Promise | None:
    """The share of ideas that were answered in time, and how many wait. None while no answer is due, and where none was ever promised or
    given. One query.

    An idea given yesterday says nothing about the promise yet, so only those count that had an answer or whose time is up.
    """
    # Seconds since 1970, because that is a difference of dates that both databases can write.
    given, answered, today = (
        extract("epoch", Idea.submitted_at),
        extract("epoch", Idea.answered_at),
        now().timestamp(),
    )
    allowed = DAYS * 24 * 3600
    counted = db.select(
        func.count(),
        func.count(Idea.answered_at),
        func.count(case((answered - given <= allowed, 1))),
        func.count(case(((Idea.answered_at.is_not(None)) | (today - given > allowed), 1))),
    ).where(*on_board(campaign))
    ideas, answers, in_time, due = db.session.execute(counted).one()
    promised = answers or campaign.answers_by is not None
    if not due or not promised:
        return None
    return Promise(rate=100 * in_time // due, days=DAYS, waiting=ideas - answers)
