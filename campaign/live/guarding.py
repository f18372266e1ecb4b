"""Guarding: who may no longer watch is shown out, what the bus has lost is noticed, and who takes nothing is minded."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from campaign.extensions import socketio
from campaign.live.board import Audience, Board, Ticket, Watcher
from campaign.live.presenting import Presentation

EVERY = 0.5  # Seconds. Who lost their access is to watch no longer than one second, and asking takes a while.
AT_ONCE = 500  # Tickets asked about before others have a turn: some five milliseconds.
TOO_SLOW = 30.0  # Seconds after which a client that takes nothing is let go.


class Seat(NamedTuple):
    """Where somebody watches."""

    board: Board
    audience: Audience
    sid: str
    watcher: Watcher


def misplaced(presentation: Presentation, boards: list[Board]) -> Iterator[tuple[Seat, str | None]]:
    """Who may watch these boards no longer, or only as somebody else: where they sit, and their role by now.

    Between so many and the next, others have a turn. Who came since the beginning is asked about the next time.
    """
    admitted = [(board, ticket, role) for board in boards for ticket, role in board.admitted]
    for start in range(0, len(admitted), AT_ONCE):
        if start:
            socketio.sleep(0)
        yield from _misplaced(presentation, admitted[start : start + AT_ONCE])


def _misplaced(
    presentation: Presentation, admitted: list[tuple[Board, Ticket, str]]
) -> Iterator[tuple[Seat, str | None]]:
    asked: dict[str, set[Ticket]] = defaultdict(set)
    for board, ticket, _role in admitted:
        asked[board.name].add(ticket)
    roles = presentation.roles(asked)
    wrong: dict[Board, set[tuple[Ticket, str]]] = defaultdict(set)
    for board, ticket, role in admitted:
        if roles[board.name].get(ticket) != role:
            wrong[board].add((ticket, role))
    for board, theirs in wrong.items():  # Rarely any, so their seats are looked for only now.
        for audience, sids in list(board.watchers.items()):
            for sid, watcher in list(sids.items()):
                if (watcher.ticket, audience.role) in theirs:
                    yield Seat(board, audience, sid, watcher), roles[board.name].get(watcher.ticket)


def outdated(presentation: Presentation, boards: list[Board]) -> list[tuple[Board, int]]:
    """The boards that don't know all that is stored, and the last number stored: lost by the bus, or a gap that couldn't be read."""
    numbers = presentation.numbers([board.name for board in boards])
    return [(board, numbers[board.name]) for board in boards if numbers.get(board.name, 0) > board.seq]


def mind(boards: Iterable[Board]) -> list[Seat]:
    """Who was behind and can take more now; who could not for too long is let go.

    A socket says by itself when it takes more; a client that polls doesn't, and one that is lost never will.
    """
    limit = time.monotonic() - TOO_SLOW
    behind = [
        Seat(board, audience, sid, watcher)
        for board in boards
        for audience, sids in board.watchers.items()
        for sid, watcher in sids.items()
        if watcher.behind is not None
    ]
    for seat in behind:
        if seat.watcher.behind is not None and seat.watcher.behind < limit and not seat.watcher.connection.clear:
            seat.watcher.connection.dismiss("too slow")
    return [seat for seat in behind if seat.watcher.connection.clear]
