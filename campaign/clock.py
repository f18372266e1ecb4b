"""The only clock. Server time decides, and it is always UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware of its zone."""
    return datetime.now(UTC)
