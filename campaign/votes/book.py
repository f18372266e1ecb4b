"""The book of ballots as others read it: in the order of its entries' numbers, none of which turns up late.

SQLite has one writer at a time, so entries are committed in the order of their numbers. PostgreSQL gives a number before the
commit, and a smaller one may be committed after a larger one. There, whoever writes holds a share of one lock until the commit, and
whoever wants to know how far the book is complete has that lock alone for an instant.
"""

from sqlalchemy import text

from campaign.extensions import db
from campaign.votes.models import BallotEntry

_BOOK = 0x626F6F6B  # The lock's number: nothing else in the database is locked by it.


def enter_book() -> None:
    """To be said before entries are written, in the same transaction."""
    if _writers_meet():
        db.session.connection().execute(text(f"SELECT pg_advisory_xact_lock_shared({_BOOK})"))


def last_entry() -> int:
    """The largest number of an entry that anybody can see now; 0 when there is none."""
    return db.session.scalar(db.select(db.func.max(BallotEntry.id))) or 0


def complete_until() -> int:
    """The number up to which no entry will ever be added. Ends the running transaction, with what it has read."""
    if _writers_meet():
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({_BOOK})"))
    last = last_entry()
    db.session.commit()
    return last


def _writers_meet() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
