"""What a campaign asks of its moderators, and each case: something that waits for one, or was decided by one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.ideas.models import Idea

SUBJECTS = ("idea", "comment")
CAUSES = (
    "first",
    "filter",
    "reports",
    "team",
    "edited",
)  # Read before it is published, held by a filter, reported, found by the team, or changed after it was taken down.
VERDICTS = ("approved", "hidden")
LOOKS = ("appeal", "confirm")
OUTCOMES = ("upheld", "put_back", "lapsed")
SWEPT = "suspension-"  # So begins the batch of what was taken down with a suspension.
APPEAL_DAYS = 5
REPORTS_MOST = 3  # Of their weight, a campaign says how much takes something out of sight.


class Moderating(db.Model):
    """How a campaign is moderated, where it isn't the usual: after publication, and three reports take something out of sight."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    ideas_first: Mapped[bool] = mapped_column(default=False)  # Read by a moderator before they are published.
    remarks_first: Mapped[bool] = mapped_column(default=False)
    hides_at: Mapped[int] = mapped_column(
        default=REPORTS_MOST
    )  # The weight of reports that takes something out of sight.
    confirms_hides: Mapped[bool] = mapped_column(default=False)  # A second person looks at what was taken down.
    appeal_days: Mapped[int] = mapped_column(default=APPEAL_DAYS)  # In which an appeal has its answer.


class Case(db.Model):
    """An idea or a remark that a moderator is to look at, or has looked at. At most one of each is open.

    A decision closes it; whatever happens to the same thing later is a case of its own.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (
        CheckConstraint(f"subject IN {SUBJECTS}", name="subject"),
        CheckConstraint(f"cause IN {CAUSES}", name="cause"),
        CheckConstraint(f"verdict IN {VERDICTS}", name="verdict"),
        CheckConstraint("was_kept IN ('held', 'hidden')", name="was_kept"),
        Index(
            "uq_moderation_case_open",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("verdict IS NULL"),
            postgresql_where=text("verdict IS NULL"),
        ),
        Index("ix_moderation_case_campaign", "campaign_id", "verdict", "cause", "id"),
        Index("ix_moderation_case_subject", "subject", "subject_id", "id"),
        Index("ix_moderation_case_batch", "batch"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    subject: Mapped[str] = mapped_column(String(7))
    subject_id: Mapped[int]
    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), index=True
    )  # Of a remark, where it stands.
    idea: Mapped[Idea] = relationship()
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    cause: Mapped[str] = mapped_column(String(7))
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)  # What held it, in the words of who held it.
    stood: Mapped[bool] = mapped_column(default=False)  # Others were told of it: before an edit was held, or since.
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # Who is looking at it.
    holder: Mapped[Person | None] = relationship(foreign_keys=[holder_id])
    held_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[str] = mapped_column(String(40))  # What of it was looked at: see subjects.py.
    verdict: Mapped[str | None] = mapped_column(String(8))  # None: it is open.
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    was_kept: Mapped[str | None] = mapped_column(
        String(6)
    )  # How it was kept out of sight before the decision, if at all.
    batch: Mapped[str | None] = mapped_column(String(32))  # Decided in one act, and taken back in one.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # When its author was told of the decision.

    reports: Mapped[list["Report"]] = relationship(order_by="Report.id", back_populates="case")
    looks: Mapped[list["SecondLook"]] = relationship(order_by="SecondLook.id", back_populates="case")

    @property
    def is_open(self) -> bool:
        return self.verdict is None


class Report(db.Model):
    """Somebody says that something should not stand there, and why. One for each person and version of it."""

    __table_args__ = (UniqueConstraint("subject", "subject_id", "version", "reporter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"), index=True)
    case: Mapped[Case] = relationship(back_populates="reports")
    subject: Mapped[str] = mapped_column(String(7))
    subject_id: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reporter: Mapped[Person] = relationship()
    reason: Mapped[str] = mapped_column(String(8))  # See reporting.REASONS.
    words: Mapped[str] = mapped_column(String(500), default="")
    weight: Mapped[float] = mapped_column(Float)  # By how often the reporter was right before.
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class SecondLook(db.Model):
    """Somebody else than who took something down is to look at it as well: its author asks (appeal), or the campaign wants it so (confirm).

    One of each for a decision. It lapses where its author changes what it is about, or takes it back.
    """

    __table_args__ = (
        CheckConstraint(f"kind IN {LOOKS}", name="kind"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        UniqueConstraint("case_id", "kind"),
        Index("ix_second_look_waiting", "kind", "outcome", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"))
    case: Mapped[Case] = relationship(back_populates="looks")
    kind: Mapped[str] = mapped_column(String(7))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # Who appeals; None: the campaign's rules.
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    words: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(8))  # None: it waits.
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # When who appeals was told.

    @property
    def waits(self) -> bool:
        return self.outcome is None

    @property
    def is_overdue(self) -> bool:
        return self.outcome is None and self.due_at < now()


class WaitingMail(db.Model):
    """When a moderator was last told by mail that something waits for them."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Trusted(db.Model):
    """Somebody whose contributions to a brand's campaigns wait for nobody's look."""

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    batch: Mapped[str | None] = mapped_column(String(32))  # With which decisions it came, to be taken back with them.
