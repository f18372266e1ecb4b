"""From which marks on the authors of a campaign's ideas get which tool. Without a row, the usual marks hold."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.extensions import db

TOOLS = ("links", "kit", "poster")


class PromotionMarks(db.Model):
    """A tool unlocks at so many supporters, or so many days after the idea came; the first of the two counts. None: not by that."""

    __table_args__ = (CheckConstraint(f"tool IN {TOOLS}", name="tool"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    tool: Mapped[str] = mapped_column(String(10), primary_key=True)
    supporters: Mapped[int | None]
    days: Mapped[int | None]
