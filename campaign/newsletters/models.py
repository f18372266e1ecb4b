"""Who asked a brand for its newsletter, and the newsletters: as they are written, while they leave, and after."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.newsletters.segments import SEGMENTS

LEAVING = text("sent_at IS NOT NULL AND done_at IS NULL")


class Subscription(db.Model):
    """Somebody ticked that a brand may send them its newsletter. Deleting the row ends it."""

    __tablename__ = "newsletter_subscription"

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    brand: Mapped[Brand] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Newsletter(db.Model):
    """A newsletter: a draft until it is sent, then written once and for all."""

    __table_args__ = (
        CheckConstraint(f"segment IN {SEGMENTS}", name="segment"),
        UniqueConstraint("brand_id", "key"),
        Index("ix_newsletter_leaving", "id", sqlite_where=LEAVING, postgresql_where=LEAVING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"))
    brand: Mapped[Brand] = relationship()
    key: Mapped[str] = mapped_column(String(64))  # Made by the page: sent twice, it is one draft.
    segment: Mapped[str] = mapped_column(String(12))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    campaign: Mapped[Campaign | None] = relationship()  # None: all of the brand's.
    subjects: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # {language: subject}
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # {language: Markdown}
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_by: Mapped[Person | None] = relationship(foreign_keys=[sent_by_id])
    reached: Mapped[int] = mapped_column(default=0)  # Everybody up to this id has it.
    recipients: Mapped[int] = mapped_column(default=0)  # So far.
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def url(self) -> str:
        return f"{self.brand.url}/newsletters/{self.id}"

    @property
    def stamp(self) -> str:
        """Which state of the draft this is."""
        return self.saved_at.isoformat()

    def language_for(self, code: str) -> str:
        """The language in which somebody reads it: theirs, or the first in which it is written."""
        return code if self.texts.get(code) else next((there for there, words in self.texts.items() if words), code)

    def words_in(self, code: str) -> tuple[str, str]:
        """Subject and text for who reads this language."""
        best = self.language_for(code)
        return self.subjects.get(best, ""), self.texts.get(best, "")
