"""What a brand's filters look for, and what one of them learned from its moderators' decisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class Filtering(db.Model):
    """What is looked for in all campaigns of a brand. Without a row, nothing is."""

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    hosts: Mapped[list[str]] = mapped_column(JSON, default=list)  # To which newcomers may link.
    links: Mapped[bool] = mapped_column(default=False)
    repeats: Mapped[bool] = mapped_column(default=False)
    coarse: Mapped[bool] = mapped_column(default=False)
    learned: Mapped[bool] = mapped_column(default=False)


class Gating(db.Model):
    """From which level on people may do some things in a brand's campaigns. Without a row, or a level, everybody may."""

    __table_args__ = tuple(
        CheckConstraint(f"{act} IN ('new', 'known', 'trusted')", name=act)
        for act in ("links", "pictures", "merges", "reports")
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    links: Mapped[str | None] = mapped_column(String(7))
    pictures: Mapped[str | None] = mapped_column(String(7))
    merges: Mapped[str | None] = mapped_column(String(7))
    reports: Mapped[str | None] = mapped_column(String(7))


class CampaignWords(db.Model):
    """Words that are looked for in one campaign, besides its brand's."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[list[str]] = mapped_column(JSON, default=list)


class Learned(db.Model):
    """What was learned from a brand's decisions, and how well it did on those that it had not seen: see learning.py."""

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    seen: Mapped[int]  # Decisions that there were then.
    approved: Mapped[int]  # Of those that were learned from, by what became of them.
    hidden: Mapped[int]
    caught: Mapped[int]  # Of the hidden ones, those that it would have held.
    wronged: Mapped[int]  # And of the approved ones.
    threshold: Mapped[float] = mapped_column(Float)
    weights: Mapped[dict[str, Any]] = mapped_column(JSON)  # Of each word.

    @property
    def number(self) -> int:
        return self.approved + self.hidden

    @property
    def right(self) -> float:
        """The share of decisions that it would have made as its moderators did."""
        return (self.caught + self.approved - self.wronged) / self.number

    @property
    def telling(self) -> list[str]:
        """The words that weigh most towards holding something."""
        return sorted(
            (word for word, weight in self.weights.items() if weight > 0), key=lambda word: -self.weights[word]
        )[:12]
