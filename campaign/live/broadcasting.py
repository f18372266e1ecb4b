"""Broadcast: a message is encoded once, as a complete frame, and written straight to everybody's socket.

What it costs depends on how many watch and not on what happened. Who has not taken the last message gets no queue of stale
ones: they are marked as behind, and brought up to date by one message when they can be written to again.
"""

import json
import time
from collections.abc import Collection
from typing import Any

from campaign.extensions import socketio
from campaign.live.board import Watcher
from campaign.live.transport import framed

AT_ONCE = 1000

# JSON without a byte too many. Made once: json.dumps() would make another encoder for each message.
compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Message:
    """An event of the default namespace, ready to be sent to many."""

    __slots__ = ("frame", "text")

    def __init__(self, event: str, data: dict[str, Any]) -> None:
        self.text = "2" + compact([event, data])
        self.frame = framed("4" + self.text)  # 4: a message of Engine.IO; 2: an event of Socket.IO.


def broadcast(watchers: Collection[Watcher], message: Message, seq: int) -> None:
    """Send the board's state at number `seq` to all who are not behind. Waits for nobody, but gives others a turn."""
    text, frame = message.text, message.frame
    for place, watcher in enumerate(watchers, start=1):
        if watcher.behind is None and not watcher.left:
            if watcher.connection.offer(text, frame):
                watcher.seen = seq
            else:
                watcher.behind = time.monotonic()
        if place % AT_ONCE == 0:
            socketio.sleep(0)  # A full house takes tens of milliseconds, and acknowledgements are not to wait for it.
