"""The statuses of a campaign, what was set when by whom, and marks that wait for a seal to end."""

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.languages import LANGUAGES, language
from campaign.statuses.kinds import COLOURS, FREEZES, KINDS, READY


class Named:
    """What a status is called: by its campaign, or else as the ready-made one of this key. Kept apart from rows, it reads the same later."""

    def __init__(self, key: str, names: dict[str, str]) -> None:
        self.key, self.names = key, names

    def in_language(self, code: str) -> str:
        """In this language, or in the first that it has."""
        if self.names or self.key not in READY:
            return self.names.get(code) or next(iter(self.names.values()), self.key)
        with force_locale(code):
            return str(READY[self.key].name)

    def __str__(self) -> str:
        return self.in_language(language())


class Status(db.Model):
    """One of the places where an idea of a campaign can stand. At the first of the list all of them begin."""

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),
        CheckConstraint(f"colour IN {tuple(COLOURS)}", name="colour"),
        UniqueConstraint("campaign_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    key: Mapped[str] = mapped_column(String(40))  # In addresses and exports: it stays when the name changes.
    position: Mapped[int]  # 0: where ideas begin.
    kind: Mapped[str] = mapped_column(String(10))
    colour: Mapped[str] = mapped_column(String(10))
    names: Mapped[dict[str, str]] = mapped_column(JSON)  # {language: name}; empty: as the ready-made one is called.
    leads_to: Mapped[list[str]] = mapped_column(JSON)  # The keys of those that may come after it.
    freezes_votes: Mapped[bool] = mapped_column(default=False)
    freezes_comments: Mapped[bool] = mapped_column(default=False)
    freezes_edits: Mapped[bool] = mapped_column(default=False)

    @property
    def named(self) -> Named:
        return Named(self.key, dict(self.names))

    @property
    def name(self) -> str:
        """In the reader's language, where it has one."""
        return str(self.named)

    @property
    def begins(self) -> bool:
        """Whether ideas begin here. Nothing is frozen where they do."""
        return self.position == 0

    @property
    def frozen(self) -> list[str]:
        """What it keeps from happening, in words."""
        return [str(words) for switch, words in FREEZES.items() if getattr(self, switch)]


class StatusChange(db.Model):
    """An idea was given a status. Written once, with the status as it was called then, so that no later name rewrites it."""

    __table_args__ = (Index("ix_status_change_idea_id", "idea_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    idea: Mapped[Idea] = relationship()
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    colour: Mapped[str] = mapped_column(String(10))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    reason: Mapped[str] = mapped_column(String(500), default="")  # Everybody reads it.

    @property
    def name(self) -> str:
        return str(Named(self.key, dict(self.names)))

    @property
    def all_names(self) -> dict[str, str]:
        """What it was called, in each language: for who tells of it later."""
        named = Named(self.key, dict(self.names))
        return {code: named.in_language(code) for code in LANGUAGES}


class UntoldChange(db.Model):
    """A change of which an idea's authors are still to have a mail: where very many ideas move at once, a worker sends them."""

    change_id: Mapped[int] = mapped_column(ForeignKey("status_change.id", ondelete="CASCADE"), primary_key=True)
    change: Mapped[StatusChange] = relationship()


class WaitingMark(db.Model):
    """An idea has reached what its campaign asks, while its totals are sealed: it is told when they are shown."""

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    number: Mapped[int]  # How many supporters were asked then.


def stamp_of(changes: list[Any]) -> int:
    """Which state of an idea's history this is; 0 before anything was set."""
    return changes[-1].id if changes else 0
