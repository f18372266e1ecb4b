"""What the brand answers to an idea, with what comes before it: drafts, templates, who is to answer, what the team notes."""

from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.languages import language

# Whether it can be done, where the brand says so.
FEASIBLE = {"yes": _l("It can be done"), "partly": _l("It can be done in part"), "no": _l("It can’t be done")}
_FEASIBLE = f"feasible IN {('', *FEASIBLE)}"


class Said:
    """What an answer says, wherever it is kept: as it stands, as it stood, or as a draft of it."""

    text: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(60), default="")  # As signed: "gérante", "head of shops".
    cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    feasible: Mapped[str] = mapped_column(String(6), default="", server_default="")
    timing: Mapped[str] = mapped_column(String(120), default="", server_default="")

    @property
    def feasible_words(self) -> str:
        return str(FEASIBLE[self.feasible]) if self.feasible else ""


class Answer(Said, db.Model):
    """The brand's answer, signed and dated. One per idea; a later edit keeps the first date beside its own."""

    __table_args__ = (CheckConstraint(_FEASIBLE, name="feasible"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship(backref=db.backref("answer", uselist=False, lazy="select"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class AnswerVersion(Said, db.Model):
    """An answer as it was given, or changed to. Written once."""

    __table_args__ = (CheckConstraint(_FEASIBLE, name="feasible"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class AnswerDraft(Said, db.Model):
    """An answer that was not given yet. One per idea, the whole team's; nobody else reads it. Giving the answer ends it."""

    __table_args__ = (CheckConstraint(_FEASIBLE, name="feasible"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Assignment(db.Model):
    """Who of the team is to answer an idea. Deleting the row leaves it to everybody."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True, foreign_keys=[person_id])
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True, foreign_keys=[by_id])
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class AnswerReminder(db.Model):
    """Somebody, or without a person the whole team, was told that an answer is due soon, or overdue: once of each idea."""

    __table_args__ = (
        CheckConstraint("kind IN ('soon', 'overdue')", name="kind"),
        # Two partial keys, because NULL differs from NULL in a unique key.
        Index(
            "uq_answer_reminder_person",
            "idea_id",
            "kind",
            "person_id",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "uq_answer_reminder_team",
            "idea_id",
            "kind",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(7))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class ReminderRound(db.Model):
    """When to look next for what a brand's team is to be reminded of: after a mail, a day passes."""

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AnswerTemplate(db.Model):
    """A brand's words to begin answers with, in each language that it wrote."""

    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"))
    brand: Mapped[Brand] = relationship()
    name: Mapped[str] = mapped_column(String(60))
    texts: Mapped[dict[str, str]] = mapped_column(JSON)  # {language: text}, of the languages that it wrote.
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    def in_language(self, code: str) -> str:
        """The text in this language, or in another that the brand wrote."""
        return self.texts.get(code) or self.texts.get(language()) or next(iter(self.texts.values()), "")


class Note(db.Model):
    """What somebody of the team says of an idea to the team alone; with a parent, a reply to it."""

    __table_args__ = (UniqueConstraint("author_id", "key"), Index("ix_note_idea_id", "idea_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    key: Mapped[str] = mapped_column(String(64))  # Made by the sender's page: sent twice, it is one note.
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    mentions: Mapped[list["NoteMention"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class NoteMention(db.Model):
    """A colleague whom a note names."""

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


def stamp_of(answer: Answer | None, draft: AnswerDraft | None = None) -> str:
    """Which state of an answer this is, or of its draft while there is none; empty where there is neither."""
    if answer is not None:
        return (answer.edited_at or answer.at).isoformat()
    return f"draft {draft.at.isoformat()}" if draft is not None else ""
