"""Votes, the ballots of other methods, and the book of every act that changed one."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class Vote(db.Model):
    """The approval that one person gives to one idea. One person, one vote: the key says so."""

    __table_args__ = (
        Index("ix_vote_voter", "voter_id", "idea_id"),
        # Of named votes only, so that a secret one costs nothing more.
        Index(
            "ix_vote_named",
            "idea_id",
            "cast_at",
            "voter_id",
            sqlite_where=text("named"),
            postgresql_where=text("named"),
        ),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # Of the idea: what it said when this was given, or confirmed.
    cast_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    aside: Mapped[bool] = mapped_column(default=False, server_default=false())  # In no total for now: see doubts/.
    # Whether its voter was told, as they gave it, that their name stands under the idea: see campaigns/naming.py.
    named: Mapped[bool] = mapped_column(default=False, server_default=false())


class BallotEntry(db.Model):
    """One act at the ballot box, kept with the id that the voter's device gave it, so that a repeat is recognised.

    It is about an idea that is supported, or about a stage whose ballot is filled in: then `content` is the whole ballot.
    """

    __table_args__ = (
        UniqueConstraint("voter_id", "idea_id", "key"),
        CheckConstraint("act IN ('cast', 'withdraw')", name="act"),
        CheckConstraint("(idea_id IS NULL) <> (stage_id IS NULL)", name="about"),
        Index("ix_ballot_entry_at", "campaign_id", "at"),
        # Of ballots only, so that nobody who supports an idea waits for it.
        Index(
            "uq_ballot_entry_stage",
            "stage_id",
            "voter_id",
            "key",
            unique=True,
            sqlite_where=text("stage_id IS NOT NULL"),
            postgresql_where=text("stage_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    mark: Mapped[str | None] = mapped_column(String(32))  # See marks.py. None: from before there were any.
    content: Mapped[str | None] = mapped_column(Text)  # A ballot as JSON; empty where it was taken back.


class VoteNetwork(db.Model):
    """That somebody voted from a network, under the name that it had on that day. See networks.py."""

    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[int] = mapped_column(index=True)  # Since 1970, UTC.


class VoteMinute(db.Model):
    """How many votes a campaign received in one minute: what the board's pulse is drawn from."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # Since 1970, UTC.
    votes: Mapped[int] = mapped_column(default=0)


class StageBallot(db.Model):
    """The ballot of one person in a stage that is voted on with one: what they last handed in."""

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), ForeignKey("ballot_entry.id"))
    content: Mapped[str] = mapped_column(Text)


class BallotDoubt(db.Model):
    """Why the ballot of one person in one stage is not counted for now. The ballot and its entries in the book stay as they are.

    It is about whoever votes and outlives what they handed in: a ballot that is changed, or taken back and handed in anew, answers no doubt.
    """

    __table_args__ = (
        UniqueConstraint("stage_id", "voter_id"),
        CheckConstraint("decision IN ('count', 'leave')", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)  # See doubts/signals.py: BALLOT_REASONS.
    group: Mapped[str] = mapped_column(String(60))  # The reasons as one word: those with the same are decided together.
    found_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    decision: Mapped[str | None] = mapped_column(String(5))  # None: under review, and not counted meanwhile.
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500), default="")

    @classmethod
    def keeps_aside(cls) -> ColumnElement[bool]:
        """Whether the ballot it is about is in no count."""
        return or_(cls.decision.is_(None), cls.decision == "leave")

    @classmethod
    def on(cls, stage: Any, voter: Any) -> ColumnElement[bool]:
        """Whether there is one that keeps the ballot of this voter in this stage aside, as a condition on a row that names both."""
        return db.select(cls.id).where(cls.stage_id == stage, cls.voter_id == voter, cls.keeps_aside()).exists()


class BallotName(db.Model):
    """The name of a voter under an idea for which their ballot votes, in a stage that is voted on for and against."""

    __table_args__ = (Index("ix_ballot_name_idea", "idea_id", "at", "voter_id"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id", ondelete="CASCADE"), primary_key=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class ShownPair(db.Model):
    """Two ideas that a person was asked to choose between. It is asked until it is answered, and can be answered once."""

    __table_args__ = (UniqueConstraint("stage_id", "voter_id", "first_id", "second_id"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), primary_key=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # The voter's first is 1.
    first_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
