"""Scorecards in their versions, who evaluates which idea, what they gave, and questions with which an idea went back to its authors."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.languages import language

LEAST, MOST = 1, 5  # Marks.
WEIGHT_MOST = 100


class Scorecard(db.Model):
    """One version of the criteria by which a campaign's ideas are evaluated; that of the highest number stands.

    It is written anew in place until somebody submits a card by it. From then on it stays, and a change is another version.
    """

    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    number: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    criteria: Mapped[list["Criterion"]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan", back_populates="scorecard", lazy="selectin"
    )


class Criterion(db.Model):
    """Something that an idea is marked by, from 1 to 5, and how much that weighs."""

    __table_args__ = (CheckConstraint(f"weight BETWEEN 1 AND {WEIGHT_MOST}", name="weight"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id", ondelete="CASCADE"), index=True)
    scorecard: Mapped[Scorecard] = relationship(back_populates="criteria")
    position: Mapped[int]
    names: Mapped[dict[str, str]] = mapped_column(JSON)  # {language: words}, here and below.
    lows: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # What 1 means,
    highs: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # and what 5 does.
    weight: Mapped[int]

    @property
    def name(self) -> str:
        return in_reader_language(self.names)

    @property
    def low(self) -> str:
        return in_reader_language(self.lows)

    @property
    def high(self) -> str:
        return in_reader_language(self.highs)


def in_reader_language(words: dict[str, str]) -> str:
    """In the reader's language, or in the first that it has."""
    return words.get(language()) or next(iter(words.values()), "")


class Reviewing(db.Model):
    """Somebody of the team is asked to evaluate an idea. Deleting the row takes that back."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    reviewer: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Card(db.Model):
    """What one reviewer gives an idea by one version of the criteria: a draft of theirs alone until it is submitted, and final then."""

    __table_args__ = (
        UniqueConstraint("idea_id", "reviewer_id", "scorecard_id"),
        Index("ix_card_scorecard", "scorecard_id", "idea_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reviewer: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id", ondelete="CASCADE"))
    scorecard: Mapped[Scorecard] = relationship()
    to_team: Mapped[str] = mapped_column(Text, default="")
    to_authors: Mapped[str] = mapped_column(Text, default="")
    marks_to_authors: Mapped[bool] = mapped_column(default=False)  # Whether the authors read the marks as well.
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given: Mapped[list["CardMark"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def marks(self) -> dict[int, int]:
        """{criterion: mark}, of those that have one."""
        return {given.criterion_id: given.mark for given in self.given}


class CardMark(db.Model):
    """What a card gives by one criterion."""

    __table_args__ = (CheckConstraint(f"mark BETWEEN {LEAST} AND {MOST}", name="mark"),)

    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(
        ForeignKey("criterion.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    mark: Mapped[int]


class Clarification(db.Model):
    """A question with which the team sent an idea back to its authors. While it is open, they can change the idea."""

    __table_args__ = (
        # One at a time.
        Index(
            "uq_clarification_open",
            "idea_id",
            unique=True,
            sqlite_where=text("resumed_at IS NULL"),
            postgresql_where=text("resumed_at IS NULL"),
        ),
        Index("ix_clarification_idea", "idea_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="joined", innerjoin=True)
    question: Mapped[str] = mapped_column(Text)
    due: Mapped[datetime] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    version: Mapped[int]  # Of the idea, when it was asked.
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_by: Mapped[Person | None] = relationship(foreign_keys=[replied_by_id], lazy="joined")
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replied_version: Mapped[int | None]  # Of the idea, when it was answered.
    resumed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resumed_by: Mapped[Person | None] = relationship(foreign_keys=[resumed_by_id], lazy="joined")
    resumed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def is_open(self) -> bool:
        return self.resumed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.replied_at is None and self.due <= now()

    @property
    def edited(self) -> bool:
        """Whether its authors answered by changing the idea."""
        return (self.replied_version or 0) > self.version
