"""How many transactions this process has committed, so that what is kept of whole pages is made anew after each of them.

What comes many times in a second is excepted, where no page of a board shows it, such as who has signed in, or where a page may show it a
moment later, such as votes: a board catches up with them by itself.
"""

from sqlalchemy import event
from sqlalchemy.orm import Session

from campaign.extensions import db

_UNSEEN = "unseen"
_number = 0


def committed() -> int:
    """A number that grows with each commit that pages must show at once."""
    return _number


def commit_unseen() -> None:
    """Commit what no page of a board shows, or may show a moment later."""
    db.session.info[_UNSEEN] = True
    try:
        db.session.commit()
    finally:
        db.session.info.pop(_UNSEEN, None)


def _count(session: Session) -> None:
    global _number
    if not session.in_nested_transaction() and _UNSEEN not in session.info:
        _number += 1


event.listen(Session, "after_commit", _count)
