"""What the brand answers to an idea."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea


class Answer(db.Model):
    """The brand's answer, signed and dated. One per idea; a later edit keeps the first date beside its own."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(backref=db.backref("answer", uselist=False, lazy="select"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    role: Mapped[str] = mapped_column(String(60), default="")  # As signed: "gérante", "head of shops".
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def stamp_of(answer: Answer | None) -> str:
    """Which state of an answer this is; empty where there is none."""
    return (answer.edited_at or answer.at).isoformat() if answer else ""
