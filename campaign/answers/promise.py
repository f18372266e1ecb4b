"""How brands keep their word about answers: how many came in time, how long they took, how many ideas wait."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func

from campaign.answers.clock import days_of, due_before, in_time, taken, terms_of
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.totals import ANSWERED, WAITING, stands

ENOUGH = 20  # Ideas of which a percentage can be said.


@dataclass(frozen=True)
class Promise:
    """How a campaign, or a brand in all of its campaigns, keeps its word."""

    due: int  # Ideas whose time is up, or that had their answer already.
    in_time: int  # Those of them that had it in time.
    days: int | None  # That were promised; None: not always the same.
    waiting: int  # Ideas without an answer.
    answered: int = field(default=0, compare=False)
    median: timedelta | None = field(default=None, compare=False)  # Half of the answers took no longer.

    @property
    def rate(self) -> int | None:
        """Percent of what was due that came in time. Of a few ideas a percentage says more than is known: None."""
        return 100 * self.in_time // self.due if self.due >= ENOUGH else None

    @property
    def median_days(self) -> int | None:
        """The same in days, begun ones counted whole."""
        return max(1, -(-self.median // timedelta(days=1))) if self.median is not None else None


def promise(campaign: Campaign) -> Promise | None:
    """The share of ideas that were answered in time, and how many wait. None while no answer is due, and where none was ever promised or
    given. One query, which reads along an index.

    An idea given yesterday says nothing about the promise yet, so only those count that had an answer or whose time is up.
    """
    found = _kept([campaign])
    return found if found and (found.answered or promises(campaign)) else None


def promise_of_brand(campaigns: Collection[Campaign]) -> Promise | None:
    """The same over several campaigns of a brand. Two queries, however many."""
    ids = [campaign.id for campaign in campaigns if not promises(campaign)]
    answered = db.select(Idea.id).where(Idea.campaign_id == Campaign.id, ANSWERED, stands()).exists()
    also = set(db.session.scalars(db.select(Campaign.id).where(Campaign.id.in_(ids), answered)))
    counted = [campaign for campaign in campaigns if promises(campaign) or campaign.id in also]
    return _kept(counted) if counted else None


def promises(campaign: Campaign) -> bool:
    """Whether its team has said that it answers."""
    return campaign.answers_by is not None or campaign.answer_days is not None


def _kept(campaigns: Collection[Campaign]) -> Promise | None:
    ids = [campaign.id for campaign in campaigns]
    mine, moment = _among(Idea.campaign_id, ids), now()
    kept, overdue = _each(campaigns, in_time), _each(campaigns, lambda campaign: due_before(campaign, moment))
    gone = _among(Idea.campaign_id + 0, ids), Idea.id.in_(db.select(Withdrawal.idea_id))  # As in ideas/totals.py.
    asked: list[Any] = [
        db.select(func.count()).select_from(Idea).where(*where, *these)
        for where in ((ANSWERED,), (ANSWERED, kept), (WAITING,), (WAITING, overdue))
        for these in ((mine,), gone)
    ]
    row = db.session.execute(db.select(*(part.scalar_subquery() for part in [*asked, _median(mine)]))).one()
    *figures, median = row
    each = iter(figures)
    answers, on_time, waiting, late = (all_of_them - next(each) for all_of_them in each)
    if not answers + late:
        return None
    days = {days for campaign in campaigns for _since, days in terms_of(campaign)}
    return Promise(
        answers + late,
        on_time,
        days_of(next(iter(campaigns))) if len(days) == 1 else None,
        waiting,
        answers,
        None if median is None else timedelta(seconds=float(median)),
    )


def _median(mine: Any) -> Any:
    """The time of the answer in the middle, or between the two there: neither database has a word for it that the other knows."""
    place, number = func.row_number().over(order_by=taken()), func.count().over()
    given = db.select(taken().label("taken"), place.label("place"), number.label("number"))
    each = given.where(mine, ANSWERED, stands()).subquery()
    middle = (each.c.place * 2).between(each.c.number, each.c.number + 2)
    return db.select(func.avg(each.c.taken)).where(middle)


def _among(column: Any, ids: list[int]) -> Any:
    return column == ids[0] if len(ids) == 1 else column.in_(ids)


def _each(campaigns: Collection[Campaign], told: Any) -> Any:
    """A condition that differs by what was promised, asked once of all campaigns that promised the same."""
    alike: dict[Any, list[Campaign]] = {}
    for campaign in campaigns:
        alike.setdefault(tuple(terms_of(campaign)), []).append(campaign)
    if len(alike) == 1:
        return told(next(iter(campaigns)))
    return db.or_(*(db.and_(Idea.campaign_id.in_([one.id for one in same]), told(same[0])) for same in alike.values()))
