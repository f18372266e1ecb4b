"""Work that would stop everybody's boards while it computes goes into a thread of its own."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub, monkey
from gevent.threadpool import ThreadPool

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


def away_from_the_loop(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Run in a real thread where gevent streams. The work must not touch the database or the request."""
    if monkey.is_module_patched("threading"):
        return _result(get_hub().threadpool, work, args, kwargs)
    return work(*args, **kwargs)


def away_while(work: Callable[[], Result], meanwhile: Callable[[], None], every: float) -> Result:
    """As away_from_the_loop, for work that takes minutes: `meanwhile` is called every so many seconds. What it raises ends the wait."""
    if not monkey.is_module_patched("threading"):
        return work()
    working = get_hub().threadpool.spawn(_attempt, work, (), {})
    while not working.ready():
        working.wait(every)
        meanwhile()
    result, error = working.get()
    if error is not None:
        raise error
    return result


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
