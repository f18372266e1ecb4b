"""Saying something to one person: on all their connections to this process, found by the ticket that let them in."""

from collections import defaultdict
from collections.abc import Hashable, Iterable

from campaign.extensions import socketio
from campaign.live.broadcasting import Message
from campaign.live.engine import connection_of

_tickets: dict[str, Hashable] = {}
_arrived: set[Hashable] = set()
_connected: defaultdict[Hashable, set[str]] = defaultdict(set)


def arrive(sid: str, ticket: Hashable) -> None:
    """Somebody connected with this ticket."""
    _tickets[sid] = ticket
    _connected[ticket].add(sid)
    _arrived.add(ticket)


def leave(sid: str) -> None:
    """A connection ended."""
    ticket = _tickets.pop(sid, None)
    if ticket is not None:
        _connected[ticket].discard(sid)
        if not _connected[ticket]:
            del _connected[ticket]


def arrived() -> set[Hashable]:
    """The tickets with which somebody has connected since this was asked last."""
    came = set(_arrived)
    _arrived.clear()
    return came


def anybody() -> bool:
    """Whether somebody who is signed in is connected here."""
    return bool(_connected)


def connected() -> set[Hashable]:
    """The tickets with which somebody is connected here."""
    return set(_connected)


def say(tickets: Iterable[Hashable], message: Message) -> None:
    """Send this to who connected with one of these tickets. Who asks has just found them to be good."""
    for ticket in tickets:
        for sid in list(_connected.get(ticket, ())):
            if (connection := connection_of(socketio, sid)) is not None:
                connection.say(message.text)
