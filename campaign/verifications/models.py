"""What campaigns ask people to verify, and who did: never what they gave as proof."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.verifications.kinds import KINDS


class VerificationVersion(db.Model):
    """What a campaign asked from one moment to the next version. Written once, never edited."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    campaign: Mapped[Campaign] = relationship()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    why: Mapped[str] = mapped_column(String(500), default="")  # It was changed.
    purpose: Mapped[str] = mapped_column(String(300), default="")  # Why it is asked: everybody reads it.
    asks: Mapped[dict[str, list[str]]] = mapped_column(JSON)  # {act: kinds}
    age: Mapped[int | None]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)  # Postcodes, or what they begin with.


class Verified(db.Model):
    """Somebody has shown a campaign what it asks. `said` is all that is kept of it: the age reached, or the area."""

    __table_args__ = (CheckConstraint("kind IN ('age', 'postcode', 'list')", name="kind"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    said: Mapped[str] = mapped_column(String(12), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class VerifiedPhone(db.Model):
    """An account has a phone number of its own. One number, one account; only a keyed hash of it is kept."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class PhoneCode(db.Model):
    """The code that was sent to somebody's phone last, until it is typed or too old."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    number_hash: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    ends_with: Mapped[str] = mapped_column(String(2))  # The number, so that its owner sees a slip.
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0)


class Listed(db.Model):
    """Somebody on a campaign's list, as a keyed hash of their address or member number; and whose account it became."""

    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id"),
        Index("ix_listed_person_id", "person_id"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


def kinds_of(told: Any) -> list[str]:
    """Kinds in the order in which people meet them."""
    return [kind for kind in KINDS if kind in told]
