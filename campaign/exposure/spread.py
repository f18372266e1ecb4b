"""How evenly a campaign's ideas were seen, in figures for its team."""

from dataclasses import dataclass
from typing import Any

from campaign.campaigns.models import Campaign
from campaign.exposure.models import IdeaExposure
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board

TENTHS = 10
NAMED = 10  # Ideas that are named on the page.


@dataclass(frozen=True)
class Spread:
    """How often ideas were seen: the extremes, the middle, and each tenth of them from the least seen to the most."""

    ideas: int
    seen: int
    served: int
    least: int
    median: int
    most: int
    tenths: list[float]  # Views of one idea, on average.
    least_seen: list[Any]  # (idea, seen, served)

    @property
    def top(self) -> float:
        return max(self.tenths, default=0) or 1


def spread_of(campaign: Campaign) -> Spread:
    """The spread as of now. Two questions."""
    seen = db.func.coalesce(IdeaExposure.seen, 0)
    served = db.func.coalesce(IdeaExposure.served, 0)
    order = seen, served, Idea.id
    each = (
        db.select(
            seen.label("seen"),
            served.label("served"),
            db.func.ntile(TENTHS).over(order_by=order).label("tenth"),
            db.func.row_number().over(order_by=order).label("place"),
            db.func.count().over().label("ideas"),
        )
        .select_from(Idea)
        .outerjoin(IdeaExposure, IdeaExposure.idea_id == Idea.id)
        .where(*on_board(campaign))
        .subquery()
    )
    counted, total, highest = db.func.count(), db.func.sum, db.func.max
    middle = db.case((each.c.place == (each.c.ideas + 1) // 2, each.c.seen))
    rows = db.session.execute(
        db.select(
            counted,
            total(each.c.seen),
            total(each.c.served),
            db.func.min(each.c.seen),
            highest(each.c.seen),
            highest(middle),
        )
        .group_by(each.c.tenth)
        .order_by(each.c.tenth)
    ).all()
    named = (
        db.select(Idea, seen, served)
        .outerjoin(IdeaExposure, IdeaExposure.idea_id == Idea.id)
        .where(*on_board(campaign))
        .order_by(*order)
        .limit(NAMED)
    )
    return Spread(
        ideas=sum(row[0] for row in rows),
        seen=int(sum(row[1] for row in rows)),
        served=int(sum(row[2] for row in rows)),
        least=min((row[3] for row in rows), default=0),
        median=max((row[5] for row in rows if row[5] is not None), default=0),
        most=max((row[4] for row in rows), default=0),
        tenths=[float(row[1]) / row[0] for row in rows],
        least_seen=list(db.session.execute(named).all()),
    )
