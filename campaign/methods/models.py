"""Counts that a worker makes and keeps, and the versions of how people vote in a stage."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class StageCount(db.Model):
    """The last finished count of a stage with very many ballots, and how far the next one is."""

    __table_args__ = (CheckConstraint("failure IN ('', 'ideas', 'ballots', 'broken')", name="failure"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"), primary_key=True)

    # What was finished.
    of: Mapped[str | None] = mapped_column(String(64))  # What was counted, as `what_is_counted` names it.
    ballots: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # See results.py: kept; `otherwise`: effects.py.
    places: Mapped[dict[str, Any] | None] = mapped_column(
        JSON
    )  # Of a count, those that ballots drawn again give: see results.py.
    failure: Mapped[str] = mapped_column(String(8), default="")  # Why there is none of `of`.

    # What is under way. Whoever counts holds the lease, and says again and again that they are still there.
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: nothing is asked for.
    rests_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease: Mapped[str | None] = mapped_column(String(32))
    beat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    step: Mapped[str] = mapped_column(String(20), default="")  # "reading", then the rule that counts, at last "places".
    done: Mapped[int] = mapped_column(default=0)
    out_of: Mapped[int] = mapped_column(default=0)


class VotingVersion(db.Model):
    """How people vote in a stage, as it stood from one moment on. Written when a second version is made; until then there is one, unwritten."""

    __table_args__ = (UniqueConstraint("stage_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: what stood at the first ballot.
    by: Mapped[Person | None] = relationship()
    why: Mapped[str] = mapped_column(String(500), default="")
    method: Mapped[str] = mapped_column(String(12))
    method_settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    explanation: Mapped[str] = mapped_column(Text, default="")
    told_until: Mapped[int | None]  # The voter up to whom all were told of it. None: there is nobody left to tell.
