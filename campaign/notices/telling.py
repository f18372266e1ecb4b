"""Notices in the page that is open: whoever of those connected here has a new one hears how many they have not read.

Each process looks by itself, along the newest rows, so that what a worker noted is heard like what a request did. It reads each row once,
and asks more only about people who are connected here. It is a hint: the page has the number already, and asks for it anew after it was away.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import structlog
from flask import Flask

from campaign.accounts.access import holders_of, tickets_of
from campaign.accounts.models import Person
from campaign.extensions import db, socketio
from campaign.live import persons
from campaign.live.broadcasting import Message
from campaign.notices.listing import unread_by
from campaign.notices.models import Notice

LOOK = 0.5  # Seconds between two looks.
AT_ONCE = 50  # People asked for in one query.
ROWS = 5000  # Read in one look: what is told to more people is heard in the looks that follow.
LATE = 15.0  # Seconds within which a transaction that took a lower number than another commits.
GAPS = 100  # Numbers that were left out so, the latest ones, which are looked for again.

log = structlog.get_logger()


class Gap(NamedTuple):
    """Numbers, with both ends, of which no row was there yet."""

    first: int
    last: int
    since: float


class Listener:
    """How far one process has read, and who is connected to it."""

    def __init__(self) -> None:
        self._read = 0
        self._gaps: list[Gap] = []
        self._begun = False
        self._people: dict[Any, int | None] = {}  # By their tickets; none whose ticket is over.

    def look(self) -> set[int]:
        """The people who have new notices since the last look. One query, and one more where a number was left out."""
        if not self._begun:
            self._begun = True
            self._read = db.session.scalar(db.select(db.func.max(Notice.id))) or 0
            return set()
        late = self._look_into_gaps()
        newest = db.select(Notice.id, Notice.person_id).where(Notice.id > self._read).order_by(Notice.id)
        rows = db.session.execute(newest.limit(ROWS)).all()
        moment = time.monotonic()
        for row in rows:
            if row.id > self._read + 1:
                self._gaps.append(Gap(self._read + 1, row.id - 1, moment))
            self._read = row.id
        del self._gaps[:-GAPS]
        return late | {row.person_id for row in rows}

    def _look_into_gaps(self) -> set[int]:
        self._gaps = [gap for gap in self._gaps if gap.since > time.monotonic() - LATE]
        if not self._gaps:
            return set()
        within = db.or_(*(Notice.id.between(gap.first, gap.last) for gap in self._gaps))
        late = db.select(Notice.id, Notice.person_id).where(within).order_by(Notice.id).limit(ROWS)
        rows = db.session.execute(late).all()
        found = [row.id for row in rows]
        self._gaps = [rest for gap in self._gaps for rest in _without(gap, found)]
        return {row.person_id for row in rows}

    def came(self) -> set[int]:
        """Who has connected since the last look."""
        connected, arrived = persons.connected(), persons.arrived()
        fresh = arrived | (connected - self._people.keys())
        holders = holders_of(fresh) if fresh else {}
        known = {ticket: person for ticket, person in self._people.items() if ticket in connected}
        self._people = known | {ticket: holders[ticket].person if ticket in holders else None for ticket in fresh}
        return {holder.person for holder in holders.values()}

    def here(self, people: set[int]) -> set[int]:
        """Those of these people who are connected to this process."""
        return people & set(self._people.values()) if people else people


def _without(gap: Gap, found: list[int]) -> Iterator[Gap]:
    """What is left of a gap once these numbers, in order, were found."""
    first = gap.first
    for number in found:
        if gap.first <= number <= gap.last:
            if number > first:
                yield Gap(first, number - 1, gap.since)
            first = number + 1
    if first <= gap.last:
        yield Gap(first, gap.last, gap.since)


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
                came = listener.came()
                told = listener.here(listener.look())
                tell(told)
                tell(came - told, also_none=False)  # Something may have come after their page was made.
        except Exception:
            log.exception("notices.untold")  # A hint less. The next look goes on.


def _some(people: set[int]) -> Iterator[list[int]]:
    listed = sorted(people)
    for first in range(0, len(listed), AT_ONCE):
        yield listed[first : first + AT_ONCE]


def tell(people: set[int], also_none: bool = True) -> None:
    """Tell these people, where they are connected, how many notices they have not read."""
    for some in _some(people):
        unread = unread_by(db.session.scalars(db.select(Person).where(Person.id.in_(some))))
        told = [person for person, number in unread.items() if number or also_none]
        for person, tickets in (tickets_of(told) if told else {}).items():
            persons.say(tickets, Message("person.notified", {"unread": unread[person]}))
