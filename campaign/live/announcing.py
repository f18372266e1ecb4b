"""announce(): tell what changed on a board, once it is stored and not before."""

from collections.abc import Iterable
from typing import NamedTuple

import structlog
from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session

from campaign.database import insert
from campaign.extensions import db
from campaign.live import bus
from campaign.live.models import BoardSequence, Change
from campaign.live.news import News

log = structlog.get_logger()

KEPT = 1000  # Changes kept for each board; who was away for longer gets a snapshot.


class Numbers(NamedTuple):
    """How far a board has come."""

    seq: int  # Of its last stored change.
    beyond_votes: int  # Of the last that was more than votes moving.
    hidden: int  # How many of them are told by no number.

    @property
    def told(self) -> int:
        """How far clients are told that it has come."""
        return self.seq - self.hidden


def announce(
    board: str,
    *kinds: str,
    votes: dict[int, int] | None = None,
    ideas: Iterable[int] = (),
    gone: Iterable[int] = (),
    hidden: bool = False,
) -> None:
    """Give this change the board's next number, in the running transaction; it is told after the commit.

    A rollback, also to a savepoint, takes the number back and nothing is told. Taking the number locks the board's
    row, so changes of one board commit in the order of their numbers.

    `hidden`: not everybody on the board may know that something happened. Whoever hears of it does so under the number of the change
    before it, so that the numbers that clients are told don't count what some of them may not.
    """
    news: News = {
        # JSON has no number keys, so they are text from the start.
        "votes": {str(idea): total for idea, total in (votes or {}).items()},
        "ideas": list(ideas),
        "gone": list(gone),
        "kinds": list(kinds),
    }
    news = {name: value for name, value in news.items() if value}
    only_votes = "votes" in news and not news.keys() & {"ideas", "gone"}
    seq, behind = _next_number(board, only_votes, hidden)
    change = Change(board=board, seq=seq, news=news, hidden=behind)
    db.session.add(change)
    db.session.flush()
    db.session.info.setdefault("changes", []).append((change, (board, change.seq, news)))
    if change.seq % 256 == 0:
        db.session.execute(db.delete(Change).where(Change.board == board, Change.seq <= change.seq - KEPT))


def board_seq(board: str) -> int:
    """The number of the board's last stored change; 0 before the first."""
    return db.session.scalar(select(BoardSequence.seq).where(BoardSequence.board == board)) or 0


def numbers_of(board: str) -> Numbers:
    """How far the board has come by now. One query."""
    found = select(BoardSequence.seq, BoardSequence.beyond_votes, BoardSequence.hidden)
    row = db.session.execute(found.where(BoardSequence.board == board)).one_or_none()
    return Numbers(*row) if row else Numbers(0, 0, 0)


def told_as(board: str, seq: int) -> int:
    """The number by which clients are told of this one. One query."""
    until = select(Change.hidden).where(Change.board == board, Change.seq <= seq)
    return seq - (db.session.scalar(until.order_by(Change.seq.desc()).limit(1)) or 0)


def first_told_as(board: str, told: int) -> int | None:
    """The first number that clients are told as this one; None where that is no longer known. One query, or two."""
    hidden = select(BoardSequence.hidden).where(BoardSequence.board == board)
    if not told or not db.session.scalar(hidden):
        return told
    first = select(Change.seq).where(Change.board == board, Change.seq >= told, Change.seq - Change.hidden == told)
    return db.session.scalar(first.order_by(Change.seq).limit(1))


def board_numbers(boards: list[str]) -> dict[str, int]:
    """The number of the last stored change of each of these boards that has any. One query."""
    found = select(BoardSequence.board, BoardSequence.seq).where(BoardSequence.board.in_(boards))
    return {row.board: row.seq for row in db.session.execute(found)}


def changes_since(board: str, seq: int) -> list[tuple[int, News]] | None:
    """The stored changes after number `seq`, oldest first, or None where they are no longer all kept."""
    latest = board_seq(board)  # Read first: what is stored meanwhile is not to look like something that is missing.
    rows = db.session.execute(
        select(Change.seq, Change.news).where(Change.board == board, Change.seq > seq).order_by(Change.seq)
    ).all()
    if seq > latest or (rows and rows[0].seq != seq + 1) or (not rows and latest > seq):
        return None
    return [(row.seq, row.news) for row in rows]


def _next_number(board: str, only_votes: bool, hidden: bool) -> tuple[int, int]:
    table = BoardSequence.__table__
    moved = {"seq": table.c.seq + 1} | ({} if only_votes else {"beyond_votes": table.c.seq + 1})
    moved |= {"hidden": table.c.hidden + 1} if hidden else {}
    step = update(table).where(table.c.board == board).values(moved).returning(table.c.seq, table.c.hidden)
    row = db.session.execute(step).one_or_none()
    if row is None:
        # The board's first change. Of two at once, the second waits here for the first.
        nothing = insert(BoardSequence).values(board=board, seq=0, beyond_votes=0, hidden=0)
        db.session.execute(nothing.on_conflict_do_nothing())
        row = db.session.execute(step).one()
    return row.seq, row.hidden


def _tell(session: Session) -> None:
    # Releasing a savepoint comes here too, and nothing is stored by then.
    if session.in_nested_transaction():
        return
    for change, told in session.info.pop("changes", []):
        try:
            if inspect(change).persistent:  # A rollback to a savepoint has taken the others out of the session.
                bus.publish(*told)
        except Exception:
            # It is stored: whoever asked for it must not hear that it failed. Boards find it when they look.
            log.exception("change.untold", board=told[0], seq=told[1])


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("changes", None)


event.listen(Session, "after_commit", _tell)
event.listen(Session, "after_rollback", _forget)
