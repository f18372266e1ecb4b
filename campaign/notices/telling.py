"""Notices in the page that is open: whoever of those connected here has a new one hears how many they have not read.

Each process looks by itself, along the newest rows, so that what a worker noted is heard like what a request did. It is a hint: the page
has the number already, and asks for it anew after each connection.
"""

import time
from collections import deque

import structlog
from flask import Flask

from campaign.accounts.access import tickets_of
from campaign.extensions import db, socketio
from campaign.live import persons
from campaign.live.broadcasting import Message
from campaign.notices.listing import unread_by
from campaign.notices.models import Notice

LOOK = 0.5  # Seconds between two looks.
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
            listener = Listener()  # Who comes has the number on their page.
            continue
        try:
            with app.app_context():
                tell(listener.look())
        except Exception:
            log.exception("notices.untold")  # A hint less. The next look goes on.


def tell(people: set[int]) -> None:
    """Tell these people, where they are connected, how many notices they have not read."""
    tickets = tickets_of(people) if people else {}
    unread = unread_by(tickets) if tickets else {}
    for person, theirs in tickets.items():
        persons.say(theirs, Message("person.notified", {"unread": unread[person]}))
