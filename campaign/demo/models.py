"""The simulated participants of a demo: whether they are at it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.database import UTCDateTime
from campaign.extensions import db


class Simulation(db.Model):
    """Simulated participants keep this campaign's board moving until then. Deleting the row sends them home."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
