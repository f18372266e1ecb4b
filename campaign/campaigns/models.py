"""Campaigns, in the brand's languages, with their dates and their limits."""

from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.images import Image
from campaign.languages import LANGUAGES, language


def board_of(campaign_id: int) -> str:
    """The name of a campaign's board in the live engine."""
    return f"campaign-{campaign_id}"


def campaign_id_of(board: str) -> int:
    """Whose board this is."""
    return int(board.removeprefix("campaign-"))


class Campaign(db.Model):
    """What a brand asks of people, when, and under which limits."""

    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'unlisted', 'members')", name="visibility"),
        CheckConstraint("opens_at < ideas_until AND ideas_until <= votes_until", name="dates"),
        UniqueConstraint("brand_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    brand: Mapped[Brand] = relationship(lazy="joined", innerjoin=True)
    key: Mapped[str | None] = mapped_column(String(64))  # From the sender's form: sent twice, it is one draft.
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    cover: Mapped[Image | None] = relationship(lazy="joined")

    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ideas_until: Mapped[datetime] = mapped_column(UTCDateTime)
    votes_until: Mapped[datetime] = mapped_column(UTCDateTime)
    answers_by: Mapped[datetime | None] = mapped_column(UTCDateTime)

    title_min: Mapped[int] = mapped_column(default=10)
    title_max: Mapped[int] = mapped_column(default=120)
    text_min: Mapped[int] = mapped_column(default=0)
    text_max: Mapped[int] = mapped_column(default=5000)
    images_max: Mapped[int] = mapped_column(default=4)

    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    texts: Mapped[dict[str, "CampaignText"]] = relationship(
        collection_class=attribute_keyed_dict("language"), cascade="all, delete-orphan", lazy="selectin"
    )
    categories: Mapped[list["Category"]] = relationship(
        order_by="Category.position", cascade="all, delete-orphan", back_populates="campaign"
    )
    tags: Mapped[list["Tag"]] = relationship(order_by="Tag.name", cascade="all, delete-orphan")
    publication: Mapped["Publication | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    closing: Mapped["Closing | None"] = relationship(lazy="joined", cascade="all, delete-orphan")

    # Where it is found.

    @property
    def url(self) -> str:
        return f"/campaigns/{self.slug}"

    @property
    def board(self) -> str:
        """The name of its board in the live engine."""
        return board_of(self.id)

    # What it says.

    @property
    def languages(self) -> list[str]:
        return [code for code in LANGUAGES if code in self.texts]

    @property
    def text(self) -> "CampaignText":
        """The texts in the reader's language, or in the campaign's first."""
        return self.texts.get(language()) or self.texts[self.languages[0]]

    @property
    def title(self) -> str:
        return self.text.title

    # How far it is.

    counts = cast("Any", None)  # Its totals (.ideas, .votes, .comments), once a list of campaigns has counted them.

    @property
    def stages(self) -> list[Any]:
        """What the rail under its title tells: see campaigns/stages.py."""
        from campaign.campaigns.stages import stages

        return stages(self, self.counts.ideas if self.counts else None)

    @property
    def missing(self) -> list[Any]:
        """What a draft still lacks before it can be published: see campaigns/readiness.py."""
        from campaign.campaigns.readiness import missing

        return missing(self)

    @property
    def is_listed(self) -> bool:
        """Whether others than its team and those with the link may come across it, search engines included."""
        return not self.is_draft and self.visibility == "public"

    # What can be done now. Server time decides.

    @property
    def is_draft(self) -> bool:
        return self.publication is None

    @property
    def is_open_to_all(self) -> bool:
        """Whether everybody may see it who has the link."""
        return not self.is_draft and self.visibility != "members"

    @property
    def is_closed(self) -> bool:
        return self.closing is not None

    @property
    def is_open(self) -> bool:
        """Published, begun, and not closed: there is something to see and somebody listens."""
        return not self.is_draft and not self.is_closed and self.opens_at <= now()

    @property
    def has_ended(self) -> bool:
        """Whether its last date has passed."""
        return not self.is_draft and now() >= self.votes_until

    @property
    def accepts_ideas(self) -> bool:
        return self.is_open and now() < self.ideas_until

    @property
    def accepts_votes(self) -> bool:
        return self.is_open and now() < self.votes_until

    @property
    def accepts_comments(self) -> bool:
        return self.is_open


class CampaignText(db.Model):
    """A campaign's words in one language."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    lead: Mapped[str] = mapped_column(String(300), default="")
    brief: Mapped[str] = mapped_column(Text, default="")
    gift: Mapped[str] = mapped_column(Text, default="")


class Publication(db.Model):
    """The moment a draft became public, and whose act it was."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    told_until: Mapped[datetime] = mapped_column(UTCDateTime, default=now)  # Which dates passed since: see turning.py.


class Closing(db.Model):
    """The moment a brand closed its campaign. Deleting the row opens it again, within its dates."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    reason: Mapped[str] = mapped_column(String(500), default="")


class Category(db.Model):
    """One of the drawers into which every idea of a campaign goes."""

    __table_args__ = (UniqueConstraint("campaign_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship(back_populates="categories")
    slug: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, Any]] = mapped_column(JSON)  # {language: name}

    @property
    def name(self) -> str:
        return self.names.get(language()) or next(iter(self.names.values()), _("No name"))


class Tag(db.Model):
    """A word that ideas of a campaign share. Some are given by the brand's team only."""

    __table_args__ = (UniqueConstraint("campaign_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(40))
    staff_only: Mapped[bool] = mapped_column(default=False)
    offered: Mapped[bool] = mapped_column(default=False)  # Named by the team, for people to choose.
