"""Notices that were read long ago go: what they told stands on the pages to which they led."""

from datetime import timedelta

from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.jobs import job
from campaign.notices.models import Notice

KEPT = timedelta(days=180)  # After they were read. Unread ones stay.
AT_ONCE = 500  # Deleted in one transaction: whoever votes meanwhile waits for its end.


@job("notices.sweep")
def sweep() -> None:
    """Delete them, along an index of those that were read."""
    old = db.select(Notice.id).where(Notice.read_at < now() - KEPT).order_by(Notice.read_at).limit(AT_ONCE)
    while True:
        begin_writing()
        some = db.session.scalars(old.with_for_update(skip_locked=True)).all()
        if not some:
            db.session.rollback()
            return
        gone = db.delete(Notice).where(Notice.id.in_(some))
        db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.commit()
