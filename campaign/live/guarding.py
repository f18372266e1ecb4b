"""Guarding: who may no longer watch is shown out, what the bus has lost is noticed, and who takes nothing is minded."""

import time
from collections.abc import Iterable
from typing import NamedTuple

from campaign.live.board import Audience, Board, Watcher
from campaign.live.presenting import Presentation

EVERY = 0.5  # Seconds. Who lost their access is to watch no longer than one second, and asking takes a while.
TOO_SLOW = 30.0  # Seconds after which a client that takes nothing is let go.


class Seat(NamedTuple):
    """Where somebody watches."""

    board: Board
    audience: Audience
    sid: str
    watcher: Watcher


def seats(boards: Iterable[Board]) -> list[Seat]:
    """Everybody who watches any of these boards."""
    return [
        Seat(board, audience, sid, watcher)
        for board in boards
        for audience, sids in board.watchers.items()
        for sid, watcher in sids.items()
    ]


def misplaced(presentation: Presentation, boards: list[Board]) -> list[tuple[Seat, str | None]]:
    """Who may watch these boards no longer, or only as somebody else: where they sit, and their role by now."""
    asked = {board.name: {seat.watcher.ticket for seat in seats([board])} for board in boards}
    roles = presentation.roles(asked)
    # Who came while we asked is asked about the next time.
    known = [seat for seat in seats(boards) if seat.watcher.ticket in asked[seat.board.name]]
    found = [(seat, roles[seat.board.name].get(seat.watcher.ticket)) for seat in known]
    return [(seat, role) for seat, role in found if role != seat.audience.role]


def outdated(presentation: Presentation, boards: list[Board]) -> list[tuple[Board, int]]:
    """The boards that don't know all that is stored, and the last number stored: lost by the bus, or a gap that couldn't be read."""
    numbers = presentation.numbers([board.name for board in boards])
    return [(board, numbers[board.name]) for board in boards if numbers.get(board.name, 0) > board.seq]


def mind(boards: Iterable[Board]) -> list[Seat]:
    """Who was behind and can take more now; who could not for too long is let go.

    A socket says by itself when it takes more; a client that polls doesn't, and one that is lost never will.
    """
    limit = time.monotonic() - TOO_SLOW
    behind = [seat for seat in seats(boards) if seat.watcher.behind is not None]
    for seat in behind:
        if seat.watcher.behind is not None and seat.watcher.behind < limit and not seat.watcher.connection.clear:
            seat.watcher.connection.dismiss("too slow")
    return [seat for seat in behind if seat.watcher.connection.clear]
