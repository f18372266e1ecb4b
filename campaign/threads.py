"""Work that would stop everybody's boards while it computes goes into a thread of its own."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub, monkey
from gevent.threadpool import ThreadPool

from campaign.errors import Busy

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Lane:
    """A few threads for one kind of work, which so never waits for another kind."""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    @cached_property
    def _pool(self) -> ThreadPool:
        return ThreadPool(self.threads)  # At the first work: it belongs to the loop of the process that asks.

    def run(self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """As away_from_the_loop, in this lane."""
        if monkey.is_module_patched("threading"):
            return _result(self._pool, work, args, kwargs)
        return work(*args, **kwargs)


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


def away_from_the_loop(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Run in a real thread where gevent streams. The work must not touch the database or the request."""
    if monkey.is_module_patched("threading"):
        return _result(get_hub().threadpool, work, args, kwargs)
    return work(*args, **kwargs)


def _result(pool: ThreadPool, work: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    result, error = pool.apply(_attempt, (work, args, kwargs))
    if error is not None:
        raise error
    return result


def _attempt(work: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Exception | None]:
    # Handed back, because gevent prints what a thread raises: every wrong password would be a traceback in the log.
    try:
        return work(*args, **kwargs), None
    except Exception as error:  # noqa: BLE001
        return None, error
