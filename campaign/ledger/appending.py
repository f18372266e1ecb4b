"""Appending to the logs: what the ballot box wrote down becomes leaves, about once a second, away from those who vote.

A vote is acknowledged before it is in its log: it has its mark already, and the book is what is appended, however late. So voting
costs no more than the mark, and a crash loses nothing. While very many vote, the logs take what is left of the processor, and catch up
afterwards.
"""

import time
from itertools import groupby
from operator import itemgetter
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import bindparam

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.commits import commit_unseen
from campaign.database import begin_writing, prepared
from campaign.extensions import db, socketio
from campaign.ledger import checkpoint, tree
from campaign.ledger.access import is_sealed, origin_of
from campaign.ledger.beginning import settle, unmarked_until
from campaign.ledger.checkpoint import Checkpoint, NotSigned, Unreadable
from campaign.ledger.kept import keep
from campaign.ledger.leaves import Scribe, entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile, BookReading
from campaign.ledger.tiles import WIDTH, DamagedTiles, Tiles
from campaign.ledger.witnessing import witness, witness_those_at_rest
from campaign.votes.book import complete_until, last_entry
from campaign.votes.marks import log_keys
from campaign.votes.models import BallotEntry

ROUND = 1.0  # Seconds between two looks into the book.
REST = 60.0  # Seconds between two looks for logs to which nothing comes any more.
AT_ONCE = 1000  # Entries appended in one transaction; meanwhile nobody can vote.
SHARE = 0.07  # Of one processor, at most, while people vote.

log = structlog.get_logger()


class OtherKey(Exception):
    """The logs of this database were begun with another key."""


class StillDamaged(Exception):
    """A log that is not as it was signed can't go on. Says what is wrong."""


def keep_appending(app: Flask) -> None:
    """Append what comes in, for as long as the process serves."""
    witnessed = 0.0
    while True:
        began, behind = time.perf_counter(), False
        try:
            with app.app_context():
                behind = append_to_logs() == AT_ONCE
                if not behind:
                    show_unsealed()
                if began - witnessed > REST:
                    witnessed = began
                    witness_those_at_rest()
        except Exception:
            log.exception("ledger.unappended")  # A moment later again.
        worked = time.perf_counter() - began
        socketio.sleep(worked * (1 / SHARE - 1) if behind else ROUND)


def append_to_logs(at_most: int = AT_ONCE) -> int:
    """Append the next entries of the book to the logs of their campaigns; gives how many were read. Commits.

    However many processes do this at once, each entry becomes one leaf, in the order of the book.
    """
    if last_entry() <= _read_until():
        return 0
    check_key()
    until = complete_until()
    begin_writing()
    reading = db.session.execute(
        db.select(BookReading).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    between = {"after": reading.until, "until": until, "at_most": at_most}
    found = db.session.connection().execute(_fresh(), between).all()
    continued = []
    if found:
        of_campaign = itemgetter(1)
        for campaign_id, rows in groupby(sorted(found, key=of_campaign), of_campaign):
            before = _checkpoint_of(campaign_id)
            if _append(campaign_id, list(rows), unmarked_until(reading)):
                continued.append((campaign_id, before))
        reading.until = found[-1].id
    commit_unseen()
    _keep(continued)
    return len(found)


def go_on(campaign: Campaign) -> int:
    """Put behind a log that was repaired what came in while it stood still; gives how many entries. Raises StillDamaged. Commits."""
    check_key()
    after, many = 0, 0
    while True:
        begin_writing()
        reading = db.session.execute(
            db.select(BookReading).with_for_update().execution_options(populate_existing=True)
        ).scalar_one()
        ballot_log = db.session.get(BallotLog, campaign.id, populate_existing=True)
        if ballot_log is None:
            db.session.rollback()
            return 0
        try:
            _signed(ballot_log, Tiles(campaign.id), scribe())
        except (NotSigned, Unreadable, DamagedTiles) as damage:
            db.session.rollback()
            raise StillDamaged(str(damage)) from None
        table, before = BallotEntry.__table__.c, ballot_log.checkpoint
        after = max(after, _last_logged(ballot_log))
        missing = entries().where(table.campaign_id == campaign.id, table.id > after, table.id <= reading.until)
        found = db.session.execute(missing.order_by(table.id).limit(AT_ONCE)).all()
        since, ballot_log.damaged_at = ballot_log.damaged_at, None
        appended = _append(campaign.id, list(found), unmarked_until(reading))
        if len(found) == AT_ONCE:
            ballot_log.damaged_at, after = since, found[-1].id  # Until all is in, nothing newer may come.
        commit_unseen()
        many += appended
        if appended:
            _keep([(campaign.id, before)])
        if len(found) < AT_ONCE:
            return many


def check_key() -> None:
    """Raise OtherKey where the logs were begun with another key than ours. The first to ask for it settles which one it is, and what is older.

    With two keys on one database, each process would take what the other wrote down for somebody else's.
    """
    ours = log_keys().made_for(b"name").hex()[:16]
    known = db.session.scalar(db.select(BookReading.key_name))
    if known is None:
        nameless = db.update(BookReading).where(BookReading.key_name.is_(None)).values(key_name=ours)
        db.session.execute(nameless.execution_options(synchronize_session=False))
        commit_unseen()
        known = db.session.scalar(db.select(BookReading.key_name))
    if known != ours:
        raise OtherKey(
            "The ballot logs of this database were begun with another key: set LOG_KEY to it, or put back the file log_key "
            "in the instance folder"
        )
    settle()


@prepared
def _fresh() -> Any:
    number = BallotEntry.__table__.c.id
    fresh = entries().where(number > bindparam("after"), number <= bindparam("until"))
    return fresh.order_by(number).limit(bindparam("at_most"))


def _read_until() -> int:
    return db.session.scalar(db.select(BookReading.until)) or 0


def _checkpoint_of(campaign_id: int) -> str | None:
    return db.session.scalar(db.select(BallotLog.checkpoint).filter_by(campaign_id=campaign_id))


def _keep(continued: list[tuple[int, str | None]]) -> None:
    for campaign_id, before in continued:
        keep(db.session.get_one(BallotLog, campaign_id), before)


def _last_logged(ballot_log: BallotLog) -> int:
    """The entry that the last leaf stands for."""
    last = db.select(BallotTile.entries).filter_by(campaign_id=ballot_log.campaign_id, level=0)
    number, place = divmod(ballot_log.size - 1, WIDTH)
    kept = referred(db.session.scalar(last.filter_by(number=number)))
    return kept[place][0] if place < len(kept) else 0


def _append(campaign_id: int, rows: list[Any], unmarked: int) -> int:
    """Put leaves behind a log, but not where that stands still; gives how many."""
    writer, tiles = scribe(), Tiles(campaign_id)
    leaves: list[bytes] = []
    kept: list[tuple[int, int]] = []
    for (number, _campaign, idea, *_rest, mark), opening in zip(rows, writer.openings(rows), strict=True):
        if mark == opening.salt or (mark is None and number <= unmarked):
            leaves.append(opening.hashed)
            kept.append((number, idea or 0))
        else:
            # Not for the log: whoever put it there was not the ballot box. `campaign verify` names it.
            log.error("ledger.foreign_entry", entry=number, idea=idea)
    if not leaves:
        return 0
    ballot_log = db.session.get(BallotLog, campaign_id)
    if ballot_log and ballot_log.damaged_at:
        return 0  # Repaired since or not: what came in before has to come first. See go_on.
    try:
        before = _signed(ballot_log, tiles, writer) if ballot_log else 0
    except (NotSigned, Unreadable, DamagedTiles) as damage:
        # To go on would be to sign what somebody made of the log. Its entries stay in the book, until an operator lets it go on.
        log.error("ledger.damaged", campaign=campaign_id, why=str(damage))
        if ballot_log:
            ballot_log.damaged_at = now()
        return 0
    if ballot_log is None:
        campaign = db.session.get_one(Campaign, campaign_id)
        ballot_log = BallotLog(campaign_id=campaign_id, origin=origin_of(campaign))
        db.session.add(ballot_log)
    size = tiles.append(before, leaves, kept)
    signed = Checkpoint(ballot_log.origin, size, tree.root(size, tiles.node))
    ballot_log.size, ballot_log.signed_at = size, now()
    ballot_log.checkpoint = checkpoint.sign(signed, writer.signing_key)
    tiles.keep(before)
    _show(ballot_log)
    witness(ballot_log)
    return len(leaves)


def show_unsealed() -> None:
    """Note of each log whose totals are shown again that everybody sees the whole of it, until the next seal. Commits."""
    behind = db.select(BallotLog.campaign_id).where(BallotLog.shown_size != BallotLog.size)
    campaigns = [db.session.get_one(Campaign, campaign) for campaign in db.session.scalars(behind)]
    unsealed = [campaign.id for campaign in campaigns if not is_sealed(campaign)]
    if not unsealed:
        return
    begin_writing()
    # Held, so that it is no other log than the one that was appended to meanwhile.
    held = db.select(BallotLog).where(BallotLog.campaign_id.in_(unsealed)).order_by(BallotLog.campaign_id)
    for ballot_log in db.session.scalars(held.with_for_update().execution_options(populate_existing=True)):
        _show(ballot_log)
    commit_unseen()


def _show(ballot_log: BallotLog) -> None:
    if not is_sealed(db.session.get_one(Campaign, ballot_log.campaign_id)):
        ballot_log.shown_size, ballot_log.shown_checkpoint = ballot_log.size, ballot_log.checkpoint
        ballot_log.shown_at = ballot_log.signed_at


def _signed(ballot_log: BallotLog, tiles: Tiles, writer: Scribe) -> int:
    """The size of a log that is still as it was signed; so the next checkpoint is always consistent with the last."""
    key = checkpoint.public_key(writer.signing_key, ballot_log.origin)
    last = checkpoint.opened(ballot_log.checkpoint, key)
    if last.size != ballot_log.size:
        raise NotSigned("the log says another size than its checkpoint")
    if tree.root(last.size, tiles.node) != last.root:
        raise DamagedTiles("the hashes are not those that were signed")
    return last.size
