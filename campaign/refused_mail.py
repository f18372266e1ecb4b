"""Mail that will never arrive, kept for a while so that an operator can see to whom, what and why."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db
from campaign.text import squeeze

KEPT = timedelta(days=30)
LONGEST = 300


class RefusedMail(db.Model):
    """A mail that its server refused for good, or did not take for a day. Without its words: links that open accounts are among them."""

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(LONGEST))
    subject: Mapped[str] = mapped_column(String(LONGEST))
    why: Mapped[str] = mapped_column(String(LONGEST))
    refused_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


def note_refusal(message: EmailMessage, why: str) -> None:
    """Write down that a mail will not arrive. `why` comes from its server, and may say anything."""
    given = {"recipient": message["To"], "subject": message["Subject"], "why": why}
    db.session.add(RefusedMail(**{name: squeeze(str(text))[:LONGEST] for name, text in given.items()}))


def refused_mails() -> list[RefusedMail]:
    """What was refused in the last thirty days, the latest first."""
    recent = db.select(RefusedMail).where(RefusedMail.refused_at > now() - KEPT)
    return list(db.session.scalars(recent.order_by(RefusedMail.refused_at.desc(), RefusedMail.id.desc())))


def forget_refused_mails() -> None:
    """Delete what was refused longer ago. Commits."""
    db.session.execute(db.delete(RefusedMail).where(RefusedMail.refused_at <= now() - KEPT))
    db.session.commit()
