"""Brands, who works for them, and who is asked to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.colours import Palette, palette, palette_css
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.images import Image
from campaign.languages import language

ROLES = ("owner", "manager", "moderator", "evaluator", "analyst")


class Brand(db.Model):
    """A house that runs campaigns."""

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    colour: Mapped[str] = mapped_column(String(7), default="#b93a1a")
    about: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # {language: text}, of the languages that it wrote.
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    logo: Mapped[Image | None] = relationship(lazy="joined")
    founded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def url(self) -> str:
        return f"/brands/{self.slug}"

    @property
    def words(self) -> tuple[str, str] | None:
        """What it says about itself, with the language: the reader's, or another that it wrote in. None for nothing."""
        code = language() if language() in self.about else next(iter(self.about), None)
        return (code, self.about[code]) if code else None

    @property
    def palette(self) -> Palette:
        """The brand's colour as it can be read on light and on dark."""
        return palette(self.colour)

    @property
    def palette_css(self) -> str:
        """The same as custom properties, for a page's style."""
        return palette_css(self.colour)


class Membership(db.Model):
    """A role that a person holds in a brand, or in one campaign of it only."""

    __table_args__ = (
        CheckConstraint("role IN ('owner', 'manager', 'moderator', 'evaluator', 'analyst')", name="role"),
        # Two partial keys, because NULL differs from NULL in a unique key.
        Index(
            "uq_membership_brand",
            "brand_id",
            "person_id",
            unique=True,
            sqlite_where=db.text("campaign_id IS NULL"),
            postgresql_where=db.text("campaign_id IS NULL"),
        ),
        Index(
            "uq_membership_campaign",
            "campaign_id",
            "person_id",
            unique=True,
            sqlite_where=db.text("campaign_id IS NOT NULL"),
            postgresql_where=db.text("campaign_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), index=True)
    brand: Mapped[Brand] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person] = relationship()
    role: Mapped[str] = mapped_column(String(12))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Invitation(db.Model):
    """An invitation by mail to work for a brand. It is gone once accepted, declined or withdrawn."""

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), index=True)
    brand: Mapped[Brand] = relationship()
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(43), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_by: Mapped[Person] = relationship()
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
