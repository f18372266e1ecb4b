"""The only clock. Server time decides, and it is always UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_retold: ContextVar[datetime | None] = ContextVar("retold", default=None)


def now() -> datetime:
    """The present moment, aware of its zone."""
    return _retold.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let it be that moment for whoever does something meanwhile, and for nobody else.

    For the demo, which does today what happened weeks ago: nothing that people reach turns the clock back.
    """
    before = _retold.set(moment)
    try:
        yield
    finally:
        _retold.reset(before)
