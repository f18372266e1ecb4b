"""Lessons: a worker learns from a brand's decisions as they come, and keeps what it learned in a row."""

from typing import NamedTuple

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.filters.learning import ENOUGH, MOST, Lesson, learn
from campaign.filters.models import Learned
from campaign.filters.pieces import decided_texts, judged_itself
from campaign.jobs import job
from campaign.moderation.models import Case

ANEW_AFTER = 10  # Decisions.


class Decisions(NamedTuple):
    approved: int = 0
    hidden: int = 0

    @property
    def enough(self) -> bool:
        return min(self) >= ENOUGH


def decisions_of(brand_id: int) -> Decisions:
    """How many decisions there are to learn from. One query."""
    return _counted(brand_id).get(brand_id, Decisions())


@job("learning")
def learn_anew() -> None:
    """Learn for each brand that has decided enough, and some more since the last time."""
    known = dict(db.session.execute(db.select(Learned.brand_id, Learned.seen)).all())
    due = [
        (brand_id, sum(made))
        for brand_id, made in _counted().items()
        if made.enough and sum(made) >= known.get(brand_id, 0) + (ANEW_AFTER if brand_id in known else 0)
    ]
    db.session.rollback()
    for brand_id, seen in due:
        texts = decided_texts(brand_id, "hidden", MOST), decided_texts(brand_id, "approved", MOST)
        db.session.rollback()  # While it learns, nobody waits for this connection.
        if lesson := learn(*texts):
            keep_lesson(brand_id, lesson, seen)
            db.session.commit()


def keep_lesson(brand_id: int, lesson: Lesson, seen: int) -> None:
    """Use this lesson from now on."""
    begin_writing()
    db.session.merge(Learned(brand_id=brand_id, made_at=now(), seen=seen, **lesson._asdict()))


def _counted(brand_id: int | None = None) -> dict[int, Decisions]:
    hidden = db.func.sum(db.case((Case.verdict == "hidden", 1), else_=0))
    asked = (
        db.select(Campaign.brand_id, db.func.count(), hidden)
        .join(Case.campaign)
        .where(Case.verdict.is_not(None), judged_itself())
    )
    if brand_id is not None:
        asked = asked.where(Campaign.brand_id == brand_id)
    rows = db.session.execute(asked.group_by(Campaign.brand_id))
    return {brand: Decisions(number - down, down) for brand, number, down in rows}
