"""Names under ideas, what a moderator hid of them, and who knows that their name is for everybody to read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea


class Endorsement(db.Model):
    """Somebody's name under an idea, with a sentence where they wrote one. One for each person and idea."""

    __table_args__ = (UniqueConstraint("idea_id", "person_id"), Index("ix_endorsement_idea", "idea_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    text: Mapped[str] = mapped_column(String(280), default="")
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # Where the campaign's rules concern remarks.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EndorsementHiding(db.Model):
    """A moderator hid somebody's endorsement of an idea. It outlives the endorsement: given anew, that is hidden too. Deleting the row is the undo."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class NameConsent(db.Model):
    """Somebody said, before their first endorsement, that they know their name is for everybody to read."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
