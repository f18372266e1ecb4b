"""Presence: how many people watch each board, over all processes. Nothing of it is stored."""

import time
from collections import defaultdict
from collections.abc import Callable

from campaign.extensions import socketio
from campaign.live import bus

FORGET = 60.0  # Seconds after which a process that says nothing any more is taken for gone.

_here: dict[str, int] = {}
_elsewhere: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
_on_change: list[Callable[[str], None]] = []


def on_change(tell: Callable[[str], None]) -> None:
    """Call `tell(board)` whenever a board's number of people changes."""
    _on_change.append(tell)


def here(board: str, people: int) -> None:
    """This process now has so many people on the board."""
    if _here.get(board, 0) == people:
        return
    _here[board] = people
    if not people:
        del _here[board]
    bus.publish_presence(board, people)
    _tell(board)


def people(board: str) -> int:
    """How many people watch the board, through all processes."""
    horizon = time.monotonic() - FORGET
    others = sum(count for count, heard in _elsewhere.get(board, {}).values() if heard > horizon)
    return _here.get(board, 0) + others


def keep_telling() -> None:
    """Say again and again what is here: to processes which started later, and so that this one isn't taken for gone."""
    while True:
        socketio.sleep(FORGET / 3)
        for board, count in list(_here.items()):
            bus.publish_presence(board, count)


def _hear(process: str, board: str, count: int) -> None:
    if count:
        _elsewhere[board][process] = (count, time.monotonic())
    else:
        _elsewhere[board].pop(process, None)
    _tell(board)


def _tell(board: str) -> None:
    for tell in _on_change:
        tell(board)


bus.on_presence(_hear)
