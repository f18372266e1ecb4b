"""Pairs of ideas that people take for the same, merges with the votes that they moved, and what is still being told of them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea


class Duplicate(db.Model):
    """Two ideas that somebody takes for the same. Whichever way round they were named, they are one pair."""

    __table_args__ = (CheckConstraint("first_id < second_id", name="order"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[Idea] = relationship(foreign_keys=[first_id])
    second_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True, index=True)
    second: Mapped[Idea] = relationship(foreign_keys=[second_id])
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500), default="")
    proposals: Mapped[list["DuplicateProposal"]] = relationship(order_by="DuplicateProposal.at", viewonly=True)


class DuplicateProposal(db.Model):
    """That one person said so."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["first_id", "second_id"], ["duplicate.first_id", "duplicate.second_id"], ondelete="CASCADE"
        ),
    )

    first_id: Mapped[int] = mapped_column(primary_key=True)
    second_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Merge(db.Model):
    """An idea became part of another. While it stands, the idea's withdrawal says so; undone, the row stays and tells when."""

    __table_args__ = (
        Index(
            "uq_merge_standing",
            "idea_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship(foreign_keys=[idea_id])
    into_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    into: Mapped[Idea] = relationship(foreign_keys=[into_id])
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)  # Who came to the other idea by it came then.
    # The book's last entry at the merge: what people do with their votes afterwards has a larger number.
    entry: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MergedVote(db.Model):
    """What a merge did with one person's vote, and what that vote was, so that an undo can give it back as it was.

    moved: from the merged idea to the other. both: they had voted for both, and the vote for the merged one was taken back. own: the same,
    as they are an author of the other. author: of the merged idea, and their vote for the other was taken back.
    """

    __table_args__ = (
        CheckConstraint("what IN ('moved', 'both', 'own', 'author')", name="what"),
        Index("ix_merged_vote_voter", "voter_id", "read"),
    )

    merge_id: Mapped[int] = mapped_column(ForeignKey("merge.id", ondelete="CASCADE"), primary_key=True)
    merge: Mapped[Merge] = relationship()
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    what: Mapped[str] = mapped_column(String(6))
    version: Mapped[int]
    cast_at: Mapped[datetime] = mapped_column(UTCDateTime)
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
    read: Mapped[bool] = mapped_column(default=False)  # The notice on the page of their votes.


class MergingNews(db.Model):
    """Something that is still being told by mail. A worker takes the row away when everybody was told."""

    __table_args__ = (CheckConstraint("what IN ('merged', 'undone', 'retired')", name="what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(7))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("merge.id", ondelete="CASCADE"))
    merge: Mapped[Merge | None] = relationship()
    reached: Mapped[int] = mapped_column(default=0)  # Everybody up to this id was told.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
