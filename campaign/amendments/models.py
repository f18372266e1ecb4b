"""Amendments to ideas, and how each ended."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea, IdeaVersion

ENDS = ("accepted", "refused", "withdrawn")


class Amendment(db.Model):
    """What somebody else would have an idea say. Written once, never edited."""

    __table_args__ = (UniqueConstraint("author_id", "key"), Index("ix_amendment_idea", "idea_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    key: Mapped[str] = mapped_column(String(64))  # Made by the sender: sent twice, it is one amendment.
    made_on: Mapped[int]  # The version of the idea that its author had before them.
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # Under which its words were given.
    end: Mapped["AmendmentEnd | None"] = relationship(lazy="joined", cascade="all, delete-orphan")

    @property
    def url(self) -> str:
        return f"/amendments/{self.id}"

    @property
    def is_open(self) -> bool:
        return self.end is None

    @property
    def base(self) -> IdeaVersion:
        """What the idea said when this was proposed."""
        return db.session.get_one(IdeaVersion, (self.idea_id, self.made_on))

    @property
    def is_outdated(self) -> bool:
        """Whether the idea says something else by now than what this was made on."""
        return self.idea.worded > self.made_on


class AmendmentEnd(db.Model):
    """How an amendment ended, and why."""

    __table_args__ = (CheckConstraint(f"how IN {ENDS}", name="how"),)

    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id", ondelete="CASCADE"), primary_key=True)
    how: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    reason: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int | None]  # Of the idea, which it made.
