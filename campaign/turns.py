"""Where not everybody can be served at once: a few at a time, in the order in which they came."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from campaign.errors import Busy


class Turns:
    """A few at a time: `with turns:` waits for one. Where `waiting` wait already, who comes is told to come again: Busy.

    A wait can be long, so nobody may bring along what others need meanwhile: see database.without_connection.
    """

    def __init__(self, at_once: int, waiting: int, refusal: type[Busy] = Busy) -> None:
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._turns = threading.BoundedSemaphore(at_once)
        self._refusal = refusal

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise self._refusal
        try:
            self._turns.acquire()
        except BaseException:  # Who waits may be told to stop.
            self._places.release()
            raise

    def __exit__(self, *raised: object) -> None:
        self._turns.release()
        self._places.release()


class TurnsOfEach:
    """One at a time for each, and so nobody takes the turns of all: `with turns.of(person_id):`."""

    def __init__(self, waiting: int, refusal: type[Busy] = Busy) -> None:
        self._waiting, self._refusal = waiting, refusal
        self._turns: dict[Hashable, tuple[Turns, int]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, each: Hashable) -> Iterator[None]:
        with self._lock:
            turns, coming = self._turns.get(each) or (Turns(1, self._waiting, self._refusal), 0)
            self._turns[each] = turns, coming + 1
        try:
            with turns:
                yield
        finally:
            with self._lock:
                turns, coming = self._turns.pop(each)
                if coming > 1:
                    self._turns[each] = turns, coming - 1
