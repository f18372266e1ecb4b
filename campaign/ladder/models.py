"""How far ideas have climbed on their campaign's ladder, how long people could vote there, and what ran out of time."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea

RESTING = 2**62  # More than any clock says. See resting.py.


class LadderClock(db.Model):
    """For how long people have been voting on a campaign, in microseconds: it stands still while they can't. See timing.py."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    ran: Mapped[int] = mapped_column(BigInteger, default=0)  # Until `told_until`.
    told_until: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    set_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)  # When the ladder was put up.


class Climb(db.Model):
    """Where an idea stands on its campaign's ladder. Its moments are readings of the ladder's clock, which no pause has to move."""

    __table_args__ = (Index("ix_climb_due", "campaign_id", "due"), CheckConstraint("step >= 0", name="step"))

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="climb")
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(default=0)  # How many it has reached.
    since: Mapped[int] = mapped_column(BigInteger)  # When the time for the next one began.
    due: Mapped[int | None] = mapped_column(
        BigInteger
    )  # When it ends; from RESTING on, what is left. None: nothing is asked of it, or it has ended.


class StepReached(db.Model):
    """An idea reached a step. Written once: supporters who leave take nothing back of it."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # From 1.
    supporters: Mapped[int]  # As many as were asked.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Expiry(db.Model):
    """An idea's time ran out before it had the supporters of a step. Deleting the row, with its withdrawal, is the undo."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(back_populates="expiry")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    step: Mapped[int]  # The one that it missed, from 1.
    supporters: Mapped[int]  # As many as were asked,
    votes: Mapped[int]  # and as many as there were.
    returned: Mapped[bool]  # Whether its votes went back to their voters, who have so many each.
