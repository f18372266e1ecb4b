"""Reasons, and what a moderator hid of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea

SIDES = ("for", "against")


class Reason(db.Model):
    """Why one person votes as they do on one idea. It goes with the vote. When it was written is kept nowhere: that would tell who voted."""

    __table_args__ = (
        CheckConstraint(f"side IN {SIDES}", name="side"),
        UniqueConstraint("idea_id", "place"),
    )

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    voter: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    stage_id: Mapped[int | None] = mapped_column(
        ForeignKey("stage.id", ondelete="CASCADE")
    )  # None: of a vote by support.
    side: Mapped[str] = mapped_column(String(7))
    named: Mapped[bool] = mapped_column(default=False, server_default=false())  # As the vote that it belongs to.
    place: Mapped[int]  # Where it stands among the others, drawn by lot; and what it is called in addresses.
    text: Mapped[str] = mapped_column(String(500))
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # Where the campaign's rules concern remarks.


class ReasonHiding(db.Model):
    """A moderator hid what somebody says about their vote on an idea. It outlives the reason: written anew, that is hidden too. Deleting the row is the undo."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
