"""Uploaded files that nothing shows any more: deleted with their rows a day after they came, at the start and then daily.

The same round forgets what else is kept for a while only.
"""

from datetime import timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError

from campaign.answer_files import AnswerFile
from campaign.clock import now
from campaign.documents import Document
from campaign.extensions import db, socketio
from campaign.ideas.guests import forget_guest_ideas
from campaign.ideas.purging import purge_private_answers
from campaign.images import Image
from campaign.refused_mail import forget_refused_mails
from campaign.storage import folder
from campaign.verifications.purging import purge_verifications
from campaign.votes.networks import forget_networks

ROUND = 24 * 3600.0  # Seconds between two sweeps.
PATIENCE = timedelta(
    days=1
)  # As long may a form lie open that names a picture which came with it and stands nowhere yet.

log = structlog.get_logger()


def keep_sweeping(app: Flask) -> None:
    """Sweep now, and every day for as long as the process serves."""
    while True:
        try:
            with app.app_context():
                sweep()
                forget_refused_mails()
                forget_guest_ideas()
                purge_private_answers()  # Where no worker runs, late rather than never; these too:
                forget_networks()
                purge_verifications()
        except Exception:
            log.exception("files.unswept")  # Tomorrow again.
        socketio.sleep(ROUND)  # What is a day old may as well be two.


def sweep() -> int:
    """Delete every upload that is older than a day and that no row points to; gives how many. Commits one after the other.

    However many processes do this at once, and whatever people do meanwhile, nothing is deleted that something shows.
    """
    swept = 0
    for kind in (Image, Document, AnswerFile):
        for upload_id in _unshown(kind):
            swept += _delete(kind, upload_id)
            socketio.sleep(0)  # Others have their turn: there may be thousands.
    if swept:
        log.info("files.swept", number=swept)
    return swept


def _unshown(kind: Any) -> list[int]:
    """The old uploads of a kind that no table points to, whichever tables there are by now."""
    table = kind.__table__
    pointing = [
        db.select(key.parent).where(key.parent.is_not(None))
        for other in db.metadata.tables.values()
        for key in other.foreign_keys
        if key.column is table.c.id
    ]
    found = db.select(kind.id).where(kind.uploaded_at < now() - PATIENCE, kind.id.not_in(db.union_all(*pointing)))
    return list(db.session.scalars(found.order_by(kind.id)))


def _delete(kind: Any, upload_id: int) -> bool:
    """Delete an upload, unless another process did, or something shows it again."""
    upload = db.session.get(kind, upload_id)
    if upload is None:
        return False
    files = [folder() / name for name in upload.files]
    try:
        # The database refuses while a row points to it, also one that came a moment ago; and from here on none can come.
        deleted = db.session.scalar(db.delete(kind).where(kind.id == upload_id).returning(kind.id)) is not None
        for file in files if deleted else ():
            file.unlink(missing_ok=True)  # Before the commit: after a crash the row still tells which files they are.
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return False
    except OSError as error:
        db.session.rollback()
        log.error("files.unswept", why=f"{type(error).__name__}: {error}")
        return False
    return deleted
