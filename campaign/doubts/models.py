"""A doubt about one vote, and what was decided."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class Doubt(db.Model):
    """Why the vote of one person for one idea is not counted for now. The vote and its entry in the book stay as they are.

    It outlives the vote: who takes a vote back and casts it again has not answered the doubt.
    """

    __table_args__ = (
        UniqueConstraint("idea_id", "voter_id"),
        CheckConstraint("decision IN ('count', 'leave')", name="decision"),
        Index("ix_doubt_campaign_id", "campaign_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)  # See signals.REASONS.
    group: Mapped[str] = mapped_column(String(60))  # The reasons as one word: those with the same are decided together.
    found_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    decision: Mapped[str | None] = mapped_column(String(5))  # None: under review, and not counted meanwhile.
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500), default="")
