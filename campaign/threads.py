"""Work that would stop everybody's boards while it computes goes into a thread of its own."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub, monkey

Given = ParamSpec("Given")
Result = TypeVar("Result")


def away_from_the_loop(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Run in a real thread where gevent streams. The work must not touch the database or the request."""
    if monkey.is_module_patched("threading"):
        result, error = get_hub().threadpool.apply(_attempt, (work, args, kwargs))
        if error is not None:
            raise error
        return result
    return work(*args, **kwargs)


def _attempt(work: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Exception | None]:
    # Handed back, because gevent prints what a thread raises: every wrong password would be a traceback in the log.
    try:
        return work(*args, **kwargs), None
    except Exception as error:  # noqa: BLE001
        return None, error
