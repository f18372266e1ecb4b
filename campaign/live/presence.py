"""Presence: how many people watch each board, over all processes. Nothing of it is stored."""

import time
from collections.abc import Callable

from campaign.extensions import socketio
from campaign.live import bus

FORGET = 60.0  # Seconds after which a process that says nothing any more is taken for gone.

_here: dict[str, int] = {}
_elsewhere: dict[str, dict[str, tuple[int, float]]] = {}
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
        forget()


def forget() -> None:
    """Let go of the processes that say nothing any more, and tell the boards that thereby have fewer people."""
    horizon = time.monotonic() - FORGET
    for board, counts in list(_elsewhere.items()):
        silent = [process for process, (_count, heard) in counts.items() if heard <= horizon]
        for process in silent:
            del counts[process]
        if not counts:
            del _elsewhere[board]
        if silent:
            _tell(board)


def _hear(process: str, board: str, count: int) -> None:
    before = people(board)
    if count:
        _elsewhere.setdefault(board, {})[process] = (count, time.monotonic())
    elif board in _elsewhere:
        _elsewhere[board].pop(process, None)
        if not _elsewhere[board]:
            del _elsewhere[board]
    if people(board) != before:  # Most of what is heard is the same again, only so that nobody is taken for gone.
        _tell(board)


def _tell(board: str) -> None:
    for tell in _on_change:
        tell(board)


bus.on_presence(_hear)
