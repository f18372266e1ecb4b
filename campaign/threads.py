"""Work that would stop everybody's boards while it computes goes into a thread of its own."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gevent import get_hub, monkey

Given = ParamSpec("Given")
Result = TypeVar("Result")


def away_from_the_loop(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Run in a real thread where gevent streams. The work must not touch the database or the request."""
    if monkey.is_module_patched("threading"):
        return get_hub().threadpool.apply(work, args, kwargs)
    return work(*args, **kwargs)
