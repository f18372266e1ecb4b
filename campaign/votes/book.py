"""The book of ballots as others read it: in the order of its entries' numbers, none of which turns up late.

SQLite has one writer at a time, so entries are committed in the order of their numbers. PostgreSQL gives a number before the
commit, and a smaller one may be committed after a larger one. There, whoever writes holds a share of one lock until the commit, and
whoever wants to know how far the book is complete looks who holds a share, and waits until those are gone. Nobody ever asks for
the whole lock: voters would stand behind that until the slowest of those who write, on whichever campaign, had committed.
"""

from sqlalchemy import text

from campaign.extensions import db, socketio
from campaign.votes.models import BallotEntry

_BOOK = 0x626F6F6B  # The lock's number: nothing else in the database is locked by it.
_SHORT, _LONG = 0.01, 0.25  # Seconds between two looks at who still writes: at first, and after a while.


def enter_book() -> None:
    """To be said before entries are written, in the same transaction."""
    if _writers_meet():
        db.session.connection().execute(text(f"SELECT pg_advisory_xact_lock_shared({_BOOK})"))


def last_entry() -> int:
    """The largest number of an entry that anybody can see now; 0 when there is none."""
    return db.session.scalar(db.select(db.func.max(BallotEntry.id))) or 0


def complete_until() -> int:
    """The number up to which no entry will ever be added. Ends the running transaction, with what it has read.

    It waits for those who write at this moment, and nobody waits for it.
    """
    last = last_entry()
    # Whoever has a smaller number without a commit had it before this one was given, so they hold their share by now. Those who
    # come later get larger ones.
    writing = _who_writes() if _writers_meet() else set()
    db.session.commit()
    pause = _SHORT
    while writing:
        socketio.sleep(pause)
        writing &= _who_writes()
        db.session.commit()
        pause = min(2 * pause, _LONG)
    return last


def _who_writes() -> set[str]:
    """The transactions that hold a share. One that is no longer among them has been committed, and can be read."""
    held = text(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = :book AND objsubid = 1 "
        "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return set(db.session.scalars(held, {"book": _BOOK}))


def _writers_meet() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
