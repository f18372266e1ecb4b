"""Notices, what is still being told, whom people follow, and how they wish to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Tag
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.notices.kinds import HOW, KINDS

NEWS = ("suggested", "commented", "update", "stage", "outcome")
UNREAD = text("read_at IS NULL")
WAITING = text("digest IS NOT NULL")
READ = text("read_at IS NOT NULL")


class Notice(db.Model):
    """Something that happened, as one person is told of it."""

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint("digest IN ('daily', 'weekly')", name="digest"),
        Index("ix_notice_person", "person_id", "id"),
        Index("ix_notice_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notice_waiting", "digest", "at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_notice_read", "read_at", sqlite_where=READ, postgresql_where=READ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    kind: Mapped[str] = mapped_column(String(12))  # For which people choose how to be told.
    what: Mapped[str] = mapped_column(String(12))  # Happened: see words.py.
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    campaign: Mapped[Campaign] = relationship()
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    idea: Mapped[Idea | None] = relationship()
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # Whose act it was, where that is named.
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    digest: Mapped[str | None] = mapped_column(String(6))  # The mail that it waits for; none once it was told.
    resting: Mapped[bool] = mapped_column(default=False)  # Its remark is out of sight: so is this, for as long.

    @property
    def group(self) -> int:
        """What it is listed under: an idea, or as a negative number a campaign."""
        return self.idea_id or -self.campaign_id


class NoticeNews(db.Model):
    """Something that is still being told to those who follow: a worker makes notices of it, some at a time."""

    __table_args__ = (CheckConstraint(f"what IN {NEWS}", name="what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(12))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea | None] = relationship()
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # Whose remark was answered.
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reached: Mapped[int] = mapped_column(default=0)  # Everybody up to this id was told.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    resting: Mapped[bool] = mapped_column(default=False)  # As with a notice: nobody is told meanwhile.


class CampaignFollowing(db.Model):
    """Somebody wants to be told what happens in a campaign. Deleting the row ends it, here and in the two that follow."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    campaign: Mapped[Campaign] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class PersonFollowing(db.Model):
    """Somebody wants to be told when another suggests an idea."""

    __table_args__ = (CheckConstraint("followed_id <> person_id", name="other"),)

    followed_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    followed: Mapped[Person] = relationship(foreign_keys=[followed_id])
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class TagFollowing(db.Model):
    """Somebody wants to be told of new ideas with a tag of a campaign."""

    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[Tag] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class NoticeWish(db.Model):
    """How somebody wants to be told of one kind of notice, where that is not as usual."""

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint(f"how IN {tuple(HOW)}", name="how"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    how: Mapped[str] = mapped_column(String(8))


class CampaignWish(db.Model):
    """How somebody wants to be told of one campaign, whatever the kind."""

    __table_args__ = (CheckConstraint(f"how IN {tuple(HOW)}", name="how"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    campaign: Mapped[Campaign] = relationship()
    how: Mapped[str] = mapped_column(String(8))


class IdeaUpdate(db.Model):
    """News that an author of an idea writes to those who follow it. Taken away, its words are gone and the row says who did it."""

    __table_args__ = (UniqueConstraint("idea_id", "key"), Index("ix_idea_update_idea", "idea_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship(back_populates="updates")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="joined", innerjoin=True)
    key: Mapped[str] = mapped_column(String(64))  # Made by the sender: sent twice, it is one.
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
