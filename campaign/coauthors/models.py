"""Invitations to write an idea together. Who accepted is a CoAuthor: see ideas/models.py."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea


class CoAuthorInvitation(db.Model):
    """Somebody whom an author asked to join them. It goes when they accept; a no stays, and nobody is asked twice."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
