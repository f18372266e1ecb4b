"""Milestones of a roadmap, and the versions of an outcome page."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.images import Image
from campaign.languages import language

milestone_idea = Table(
    "milestone_idea",
    db.metadata,
    Column("milestone_id", ForeignKey("milestone.id", ondelete="CASCADE"), primary_key=True),
    Column("idea_id", ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True, index=True),
)
outcome_idea = Table(
    "outcome_idea",
    db.metadata,
    Column("outcome_id", ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True),
    Column("idea_id", ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Milestone(db.Model):
    """A step on the way to what was promised, for some of the campaign's ideas or for all of it."""

    __table_args__ = (Index("ix_milestone_campaign", "campaign_id", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    names: Mapped[dict[str, str]] = mapped_column(JSON)  # {language: title}
    due: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ideas: Mapped[list[Idea]] = relationship(secondary=milestone_idea, order_by=Idea.id)

    @property
    def name(self) -> str:
        return self.names.get(language()) or next(iter(self.names.values()), "")

    @property
    def ideas_in_sight(self) -> list[Idea]:
        """The ideas that everybody may read of: not one that waits for a moderator, or that one took down."""
        return [idea for idea in self.ideas if not idea.unseen]


class Outcome(db.Model):
    """One version of a campaign's outcome page: the draft until it is published. The one published last is what people read."""

    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        Index(
            "uq_outcome_draft",
            "campaign_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    number: Mapped[int]
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # {language: Markdown}
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ideas: Mapped[list[Idea]] = relationship(secondary=outcome_idea, order_by=Idea.id)
    pictures: Mapped[list["OutcomePicture"]] = relationship(
        order_by="OutcomePicture.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def words(self) -> tuple[str, str]:
        """The text with its language: the reader's, or another that it is written in."""
        code = language() if self.texts.get(language()) else next((code for code in self.texts if self.texts[code]), "")
        return code, self.texts.get(code, "")


class OutcomePicture(db.Model):
    """A picture of an outcome page, in its order."""

    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True, index=True)
    image: Mapped[Image] = relationship(lazy="joined", innerjoin=True)
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(String(300), default="")
