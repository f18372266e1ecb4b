"""What a brand promises about its answers, and how it keeps its word."""

from dataclasses import dataclass

from sqlalchemy import case, extract, func

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.listing import on_board
from campaign.ideas.models import Idea

DAYS = 10  # Within which a brand promises to answer.
ENOUGH = 20  # Ideas of which a percentage can be said.


@dataclass(frozen=True)
class Promise:
    """How a campaign keeps its word."""

    due: int  # Ideas whose time is up, or that had their answer already.
    in_time: int  # Those of them that had it in time.
    days: int
    waiting: int  # Ideas without an answer.

    @property
    def rate(self) -> int | None:
        """Percent of what was due that came in time. Of a few ideas a percentage says more than is known: None."""
        return 100 * self.in_time // self.due if self.due >= ENOUGH else None


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
    return Promise(due, in_time, DAYS, waiting=ideas - answers)
