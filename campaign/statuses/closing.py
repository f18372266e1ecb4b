"""Ideas that a status closes: declined or done, with votes that stay as they are. Who gave theirs can give them elsewhere."""

from collections.abc import Callable

from sqlalchemy import ColumnElement

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.statuses.models import Status

CLOSING = ("declined", "done")  # Kinds. Under review, and accepted, it is only for a while that votes stay as they are.

# Told of ideas, by their ids, that a status has just closed or opened again; in the same transaction, before anything is announced.
Turned = Callable[[list[int]], None]
_closed: list[Turned] = []
_reopened: list[Turned] = []


def when_closed(closed: Turned, reopened: Turned) -> None:
    """Have the slice of votes see to the votes of ideas that a status closes, and of those that another opens again."""
    _closed.append(closed)
    _reopened.append(reopened)


def closes(status: Status) -> bool:
    """Whether nothing more becomes of the ideas that stand there, nor of their votes."""
    return bool(status.freezes_votes) and status.kind in CLOSING


def closed_by_status() -> ColumnElement[bool]:
    """The same as a condition for an idea."""
    there = db.select(Status.id).where(Status.id == Idea.status_id, Status.freezes_votes, Status.kind.in_(CLOSING))
    return there.exists()


def tell_turned(ideas: list[int], closed_before: bool, closed: bool) -> None:
    """These ideas have another status, or their status another meaning. Whoever says so holds them."""
    if closed_before == closed or not ideas:
        return
    db.session.flush()
    for turned in _closed if closed else _reopened:
        turned(ideas)
