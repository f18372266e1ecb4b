"""record(): who did what to what, and why. Written once, never edited."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db


class Entry(db.Model):
    """One act of a brand's team, or of an author on their own work, that others should be able to look up."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the system itself.
    what: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    why: Mapped[str] = mapped_column(String(500), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(what: str, subject: Any, by: Any = None, why: str = "", at: datetime | None = None, **details: Any) -> None:
    """Write down an act: `what` is its event name in the past ("campaign.closed"), `by` the person or None.

    `at` is when it took effect, where that is not this moment.
    """
    db.session.flush()  # A new subject has no id before.
    db.session.add(
        Entry(
            at=at or now(),
            what=what,
            subject=subject.__tablename__,
            subject_id=subject.id,
            by_id=by.id if by else None,
            why=why,
            details=details,
        )
    )


def record_all(what: str, acts: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """Write down what the system did by itself to several subjects, each with its details. One statement, however many they are."""
    db.session.flush()
    at = now()
    rows = [
        {"at": at, "what": what, "subject": subject.__tablename__, "subject_id": subject.id, "details": details}
        for subject, details in acts
    ]
    if rows:
        db.session.execute(db.insert(Entry), rows)
