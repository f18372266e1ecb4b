"""Notices in the page that is open: whoever of those connected here has a new one hears how many they have not read.

Each process looks by itself, along the newest rows, so that what a worker noted is heard like what a request did. It is a hint: the page
has the number already, and asks for it anew after it was away.
"""

import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import structlog
from flask import Flask

from campaign.accounts.access import holders_of, tickets_of
from campaign.extensions import db, socketio
from campaign.live import persons
from campaign.live.broadcasting import Message
from campaign.notices.listing import unread_by
from campaign.notices.models import Notice

LOOK = 0.5  # Seconds between two looks.
AT_ONCE = 1000  # People asked for in one query.
LATE = 15.0  # Seconds within which a transaction that took a lower number than another commits.

log = structlog.get_logger()


class Listener:
    """How far one process has read."""

    def __init__(self) -> None:
        self._floor = 0  # What is above it is read again, for one that was numbered earlier may come later.
        self._known: set[int] = set()
        self._read: deque[tuple[float, int]] = deque()
        self._begun = False

    def look(self) -> set[int]:
        """The people who have new notices since the last look. One query."""
        if not self._begun:
            self._begun = True
            self._floor = db.session.scalar(db.select(db.func.max(Notice.id))) or 0
            return set()
        rows = db.session.execute(db.select(Notice.id, Notice.person_id).where(Notice.id > self._floor)).all()
        fresh = {row.person_id for row in rows if row.id not in self._known}
        self._known = {row.id for row in rows}
        moment = time.monotonic()
        self._read.append((moment, max(self._known, default=self._floor)))
        while self._read and self._read[0][0] < moment - LATE:
            self._floor = max(self._floor, self._read.popleft()[1])
        return fresh


def keep_telling(app: Flask) -> None:
    """Tell them for as long as the process serves."""
    listener = Listener()
    while True:
        socketio.sleep(LOOK)
        if not persons.anybody():
            listener = Listener()
            continue
        try:
            with app.app_context():
                came = persons.arrived()
                tell(listener.look())
                welcome(came)
        except Exception:
            log.exception("notices.untold")  # A hint less. The next look goes on.


def welcome(tickets: set[Any]) -> None:
    """Tell those who have just connected what is unread by now: something may have come after their page was made."""
    people = {holder.person for holder in holders_of(tickets).values()} if tickets else set()
    tell({person for some in _some(people) for person, unread in unread_by(some).items() if unread})


def _some(people: set[int]) -> Iterator[list[int]]:
    listed = sorted(people)
    for first in range(0, len(listed), AT_ONCE):
        yield listed[first : first + AT_ONCE]


def tell(people: set[int]) -> None:
    """Tell these people, where they are connected, how many notices they have not read."""
    for some in _some(people):
        unread = unread_by(some)
        for person, tickets in tickets_of(some).items():
            persons.say(tickets, Message("person.notified", {"unread": unread[person]}))
