"""From which network somebody voted: kept for a week, as a keyed hash that is another one every day.

It is what tells a burst of machines apart from many people, and nothing else: it isn't an address, can't be made into one without the
installation's key, and two days of the same place have nothing in common. Noted in memory and written in batches, so that a
vote costs no statement more.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b

import structlog
from flask import Flask, current_app
from sqlalchemy import Integer, String

from campaign.clock import now
from campaign.commits import commit_unseen
from campaign.database import begin_writing, given, insert, packed
from campaign.extensions import db, socketio
from campaign.networks import UNKNOWN, place_of
from campaign.votes.marks import log_keys
from campaign.votes.models import VoteNetwork

KEPT = timedelta(days=7)
ROUND = 2.0  # Seconds between two batches.
KNOWN = 200_000  # Of one day, in memory; beyond that they are written again, which changes nothing.

log = structlog.get_logger()


class Noted:
    """What this process has to write, and what it has written today."""

    def __init__(self) -> None:
        self.waiting: set[tuple[int, str, int]] = set()
        self.written: set[tuple[int, str, int]] = set()


def note_networks(voters: Iterable[tuple[int, str]]) -> None:
    """Note from which address each of these people voted just now. Only in memory, and without waiting."""
    noted, day = _noted(), today()
    key = log_keys().made_for(b"networks")
    for voter, address in voters:
        if place_of(address) != UNKNOWN:  # All whose address can't be read are no network.
            one = voter, network_of(address, day, key), day
            if one not in noted.written:
                noted.waiting.add(one)


@lru_cache(maxsize=20_000)
def network_of(address: str, day: int, key: bytes) -> str:
    """What a network is called on that day."""
    return blake2b(f"{day} {place_of(address)}".encode(), key=key, digest_size=8).hexdigest()


def today() -> int:
    """The day's number, in UTC."""
    return int(now().timestamp() // 86_400)


def keep_writing(app: Flask) -> None:
    """Write what was noted, for as long as the process serves."""
    while True:
        socketio.sleep(ROUND)
        try:
            with app.app_context():
                write_networks()
        except Exception:
            log.exception("networks.unwritten")  # It waits on, and is written a moment later.


def write_networks() -> None:
    """Store what was noted. Commits."""
    noted = _noted()
    rows = sorted(noted.waiting)
    if not rows:
        return
    begin_writing()
    fresh = given("fresh", voter=Integer, network=String, day=Integer)
    put = insert(VoteNetwork.__table__).from_select(
        ["voter_id", "network", "day"], db.select(*fresh.c).where(db.text("true"))
    )
    db.session.connection().execute(put.on_conflict_do_nothing(), {"fresh_rows": packed(rows)})
    commit_unseen()
    noted.waiting.difference_update(rows)
    noted.written = {one for one in noted.written if one[2] == today()} if len(noted.written) < KNOWN else set()
    noted.written.update(rows)


def forget_networks() -> None:
    """Delete what is older than a week, today's being one of its seven days. Commits."""
    db.session.execute(db.delete(VoteNetwork).where(VoteNetwork.day <= today() - KEPT.days))
    commit_unseen()


def _noted() -> Noted:
    found: Noted = current_app.extensions.setdefault("vote_networks", Noted())
    return found
