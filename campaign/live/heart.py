"""The heartbeat: one timer pings every client, and notices those that answer no more."""

import time
from collections import deque
from typing import Protocol

import gevent
import structlog

log = structlog.get_logger()

AT_ONCE = 200  # Pings sent before others get a turn.


class Beating(Protocol):
    def beat(self) -> bool:
        """Ping, or find that the last ping was never answered. Whether there is still someone to ping."""


class Heart:
    """Calls `beat()` of everything that was added, every `interval` seconds, from one greenlet.

    Somebody who is lost is noticed at the next beat after the one that they did not answer: within two intervals.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._due: deque[tuple[float, Beating]] = deque()  # All wait equally long, so the first is always the next.
        self._beating = False

    def add(self, beating: Beating) -> None:
        self._due.append((time.monotonic() + self._interval, beating))
        if not self._beating:
            self._beating = True
            gevent.spawn(self._run)

    def _run(self) -> None:
        sent = 0
        while self._due:
            moment, beating = self._due[0]
            wait = moment - time.monotonic()
            if wait > 0:
                sent = 0
                gevent.sleep(wait)
                continue
            self._due.popleft()
            if self._beat(beating):
                self._due.append((time.monotonic() + self._interval, beating))
            sent += 1
            if sent % AT_ONCE == 0:
                gevent.sleep(0)
        self._beating = False

    def _beat(self, beating: Beating) -> bool:
        try:
            return beating.beat()
        except Exception:
            # One that can't be pinged must not stop the heart for all others.
            log.exception("heart.missed")
            return False
