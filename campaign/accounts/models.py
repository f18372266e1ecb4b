"""People and the ways they prove who they are."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class Person(UserMixin, db.Model):
    """Somebody with an account. What they contribute carries their name."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(
        String(254), unique=True
    )  # As typed but for case: see accounts.actions.tidy_email.
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None: made by an import, signs in after a reset.
    language: Mapped[str] = mapped_column(String(2), default="en")
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def display_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters that stand for the person where there is no room for the name."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


class DeclinedMail(db.Model):
    """A sort of mail that somebody does not want, by the name of its template. Deleting the row is wanting it again."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    mail: Mapped[str] = mapped_column(String(40), primary_key=True)


class SignIn(db.Model):
    """One device on which a person is signed in. Deleting the row signs that device out, open sockets included."""

    id: Mapped[str] = mapped_column(String(43), primary_key=True)  # SHA-256 of the secret in the session cookie.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class ApiToken(db.Model):
    """A personal token for programs; only its hash is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    token_hash: Mapped[str] = mapped_column(String(43), unique=True)
    purpose: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
