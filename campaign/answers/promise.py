"""What a brand promises about its answers, and how it keeps its word."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import extract, func

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import ANSWERED, WAITING, of_board, withdrawn_from

ALLOWED = timedelta(days=10)  # Within which a brand promises to answer.
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
    given. One query, which reads along an index.

    An idea given yesterday says nothing about the promise yet, so only those count that had an answer or whose time is up.
    """
    # Seconds since 1970, because that is a difference of dates that both databases can write.
    taken = extract("epoch", Idea.answered_at) - extract("epoch", Idea.submitted_at)
    in_time = taken <= ALLOWED.total_seconds()
    overdue = Idea.submitted_at < now() - ALLOWED
    every, gone = of_board(campaign), withdrawn_from(campaign)
    asked = [
        db.select(func.count()).select_from(Idea).where(*where, *these)
        for where in ((ANSWERED,), (ANSWERED, in_time), (WAITING,), (WAITING, overdue))
        for these in (every, gone)
    ]
    figures = iter(db.session.execute(db.select(*(part.scalar_subquery() for part in asked))).one())
    answers, on_time, waiting, late = (all_of_them - next(figures) for all_of_them in figures)
    promised = answers or campaign.answers_by is not None
    if not answers + late or not promised:
        return None
    return Promise(answers + late, on_time, ALLOWED.days, waiting)
