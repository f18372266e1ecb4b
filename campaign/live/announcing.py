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


def announce(
    board: str,
    *kinds: str,
    votes: dict[int, int] | None = None,
    ideas: Iterable[int] = (),
    gone: Iterable[int] = (),
) -> None:
    """Give this change the board's next number, in the running transaction; it is told after the commit.

    A rollback, also to a savepoint, takes the number back and nothing is told. Taking the number locks the board's
    row, so changes of one board commit in the order of their numbers.
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
    change = Change(board=board, seq=_next_number(board, only_votes), news=news)
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
    found = select(BoardSequence.seq, BoardSequence.beyond_votes).where(BoardSequence.board == board)
    row = db.session.execute(found).one_or_none()
    return Numbers(*row) if row else Numbers(0, 0)


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


def _next_number(board: str, only_votes: bool) -> int:
    table = BoardSequence.__table__
    moved = {"seq": table.c.seq + 1} | ({} if only_votes else {"beyond_votes": table.c.seq + 1})
    step = update(table).where(table.c.board == board).values(moved).returning(table.c.seq)
    number = db.session.scalar(step)
    if number is None:
        # The board's first change. Of two at once, the second waits here for the first.
        db.session.execute(insert(BoardSequence).values(board=board, seq=0, beyond_votes=0).on_conflict_do_nothing())
        number = db.session.scalar(step)
    assert number is not None
    return number


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
