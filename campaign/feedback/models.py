"""Remarks on ideas, threaded one level deep; and feedback, which answers the same questions for every idea."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea

MARKS = range(1, 6)


class Comment(db.Model):
    """A remark on an idea, or a reply to a remark."""

    __table_args__ = (UniqueConstraint("author_id", "key"), Index("ix_comment_idea", "idea_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    author: Mapped[Person] = relationship()
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    reply_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="SET NULL"), index=True
    )  # The remark that it answers, in the thread of its parent.
    key: Mapped[str | None] = mapped_column(String(64))  # Made by the sender: sent twice, it is one remark.
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # Where the campaign's rules concern remarks.
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deletion: Mapped["CommentDeletion | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    hold: Mapped["CommentHold | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    mentions: Mapped[list["CommentMention"]] = relationship(
        cascade="all, delete-orphan", order_by="CommentMention.place"
    )

    @property
    def campaign(self) -> Campaign:
        return self.idea.campaign

    @property
    def called(self) -> tuple[tuple[str, str], ...]:
        """The names by which it calls people, each with the address that it leads to."""
        return tuple((mention.name, mention.url) for mention in self.mentions)


class CommentDeletion(db.Model):
    """An author took a remark back. Its place stays, so that the replies keep their sense."""

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class CommentHold(db.Model):
    """A remark that nobody but its author and the team may read: it waits for a moderator (held), or one took it down (hidden).

    Deleting the row puts it back.
    """

    __table_args__ = (CheckConstraint("kind IN ('held', 'hidden')", name="kind"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class CommentHelpful(db.Model):
    """Somebody finds a remark helpful. Deleting the row takes that back."""

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class CommentMention(db.Model):
    """A remark calls somebody by name, who took part in the talk: "@Béatrice"."""

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    person: Mapped[Person] = relationship()
    place: Mapped[int]  # Among those whom the remark calls.
    name: Mapped[str] = mapped_column(String(80))  # As it stands in the remark.
    url: Mapped[str] = mapped_column(String(100))  # Where they are met: what they said last, their idea, their brand.


class CommentPin(db.Model):
    """The remark that a brand's team put above the others on an idea's page: one on each. Deleting the row takes it from there."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    comment: Mapped[Comment] = relationship()
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Feedback(db.Model):
    """What one person likes in an idea and what they miss, with a mark where the campaign asks for one."""

    __table_args__ = (CheckConstraint(f"mark BETWEEN {MARKS[0]} AND {MARKS[-1]}", name="mark"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    author: Mapped[Person] = relationship()
    likes: Mapped[str] = mapped_column(Text)
    misses: Mapped[str] = mapped_column(Text)
    mark: Mapped[int | None]
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # Where the campaign's rules concern remarks.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def counted_mark(self) -> int | None:
        """The mark, unless its giver is an author of the idea by now: who came to it by a merge has it again when that is undone."""
        return None if self.idea.is_by(self.author) else self.mark


class FeedbackHiding(db.Model):
    """A moderator took somebody's feedback on an idea down. It outlives the feedback: given anew, that is down too. Deleting the row is the undo."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
