"""Receipts: made for the voter whose act it is, and checked for anybody."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext as _l

from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ledger import tree
from campaign.ledger.access import LogStands, is_sealed, log_called, origin_of, shown_of
from campaign.ledger.checkpoint import Checkpoint, NotSigned, Unreadable, VerifierKey, opened, public_key
from campaign.ledger.leaves import entries, referred, scribe
from campaign.ledger.models import BallotLog, BallotTile, BookReading
from campaign.ledger.promise import Promise, is_promise, make_promise, read_promise
from campaign.ledger.receipt import NotProved, Receipt, read_receipt
from campaign.ledger.tiles import WIDTH, DamagedTiles, Tiles
from campaign.votes.models import BallotEntry


class NotYetLogged(Refused):
    code, status, retry_after = "not_yet_logged", 503, 2
    message = _l(
        "Your vote is stored, and will stand in the log in a moment. Ask for its receipt again in a few seconds."
    )


class NoReceipt(Refused):
    code, message, field = (
        "no_receipt",
        _l("This is no receipt, or a part of it is missing. Paste the whole file, from its first line to its last."),
        "text",
    )


@dataclass(frozen=True)
class Finding:
    """What became of a receipt that was checked. `verdict`: "logged", or what is wrong."""

    verdict: str  # logged | promised | unknown_log | not_signed | not_proved | log_changed
    receipt: Receipt | Promise
    log: BallotLog | None = None
    checkpoint: Checkpoint | None = None
    entry: BallotEntry | None = None  # Of whoever asks, where it is theirs.
    place: int | None = None  # In the log, from 0.

    @property
    def lines(self) -> int | None:
        """How long the log is, as far as everybody may know."""
        return shown_of(self.log).size if self.log else None


def key_of(log: BallotLog) -> VerifierKey:
    """The public key by which others check this log."""
    return public_key(scribe().signing_key, log.origin)


def key_for(campaign: Campaign) -> VerifierKey:
    """The same of a campaign, whether its log has begun or not."""
    log = db.session.get(BallotLog, campaign.id)
    return key_of(log) if log else public_key(scribe().signing_key, origin_of(campaign))


def receipt_for(entry: BallotEntry) -> Receipt | Promise:
    """The receipt of one act, with the newest checkpoint that is shown; of one that is sealed, a promise. Raises NotYetLogged."""
    log = db.session.get(BallotLog, entry.campaign_id)
    index = _index_of(entry) if log else None
    shown = shown_of(log) if log else None
    if shown is not None and index is not None and index < shown.size:
        tiles = Tiles(entry.campaign_id)
        proof = tree.inclusion_proof(index, shown.size, tiles.node)
        return Receipt(tiles.node(0, index), index, tuple(proof), shown.checkpoint)
    late = LogStands if log and log.damaged_at else NotYetLogged
    campaign = db.session.get_one(Campaign, entry.campaign_id)
    if not is_sealed(campaign):
        raise late
    row = db.session.execute(entries().where(BallotEntry.id == entry.id)).one()
    opening = scribe().opening(row)
    if row.mark != opening.salt and index is None:
        raise late  # The log won't have what the ballot box did not write down.
    origin = log.origin if log else origin_of(campaign)
    return make_promise(opening.hashed, origin, int(entry.at.timestamp()), scribe().signing_key)


def check_receipt(text: str, person: Asker) -> Finding:
    """Whether a receipt is what it says, and whether the log still holds what it proves. Raises NoReceipt."""
    try:
        if is_promise(text):
            return _check_promise(read_promise(text), person)
        receipt = read_receipt(text)
    except Unreadable:
        raise NoReceipt from None
    log = log_called(person, receipt.origin)
    if log is None:
        return Finding("unknown_log", receipt)
    try:
        checkpoint = receipt.checked(key_of(log))
    except (NotSigned, Unreadable):
        return Finding("not_signed", receipt, log)
    except NotProved:
        return Finding("not_proved", receipt, log)
    if not still_holds(log, checkpoint):
        return Finding("log_changed", receipt, log, checkpoint)
    return Finding("logged", receipt, log, checkpoint, _own_entry(log, receipt.index, person), receipt.index)


def _check_promise(promise: Promise, person: Asker) -> Finding:
    log = log_called(person, promise.origin)
    if log is None:
        return Finding("unknown_log", promise)
    try:
        promise.check(key_of(log))
    except (NotSigned, Unreadable):
        return Finding("not_signed", promise, log)
    entry = _promised(log, promise)
    index = _index_of(entry) if entry else None
    mine = entry if entry and person.is_authenticated and entry.voter_id == person.id else None
    if entry is None or (index is None and entry.id <= (db.session.scalar(db.select(BookReading.until)) or 0)):
        return Finding("log_changed", promise, log)
    if index is None or index >= shown_of(log).size:
        return Finding("promised", promise, log, entry=mine)
    try:
        signed = opened(log.checkpoint, key_of(log))
        kept = still_holds(log, signed) and Tiles(log.campaign_id).node(0, index) == promise.leaf
    except (NotSigned, Unreadable, DamagedTiles):
        kept = False
    if not kept:
        return Finding("log_changed", promise, log)
    return Finding("logged", promise, log, signed, mine, index)


def _promised(log: BallotLog, promise: Promise) -> BallotEntry | None:
    """The act that was promised: one of those of its second."""
    second = datetime.fromtimestamp(min(promise.second, 2**33), UTC)
    table = BallotEntry.__table__.c
    within = table.campaign_id == log.campaign_id, table.at >= second, table.at < second + timedelta(seconds=1)
    rows = db.session.execute(entries().where(*within)).all()
    for row, opening in zip(rows, scribe().openings(rows), strict=True):
        if opening.hashed == promise.leaf:
            return db.session.get(BallotEntry, row.id)
    return None


def still_holds(log: BallotLog, checkpoint: Checkpoint) -> bool:
    """Whether the log still begins with everything that a checkpoint of it signs, and is signed itself."""
    node = Tiles(log.campaign_id).node
    try:
        now = opened(log.checkpoint, key_of(log))
        return (
            checkpoint.size <= now.size
            and tree.root(now.size, node) == now.root
            and tree.root(checkpoint.size, node) == checkpoint.root
        )
    except (NotSigned, Unreadable, DamagedTiles):
        return False


def _index_of(entry: BallotEntry) -> int | None:
    found = db.select(BallotTile.number, BallotTile.entries).where(
        BallotTile.campaign_id == entry.campaign_id, BallotTile.first_entry <= entry.id
    )
    tile = db.session.execute(found.order_by(BallotTile.first_entry.desc()).limit(1)).first()
    if tile is None:
        return None
    kept = [number for number, _idea in referred(tile.entries)]
    place = bisect_left(kept, entry.id)
    return tile.number * WIDTH + place if place < len(kept) and kept[place] == entry.id else None


def _own_entry(log: BallotLog, index: int, person: Asker) -> BallotEntry | None:
    number, place = divmod(index, WIDTH)
    kept = db.session.scalar(
        db.select(BallotTile.entries).filter_by(campaign_id=log.campaign_id, level=0, number=number)
    )
    there = referred(kept)
    entry = db.session.get(BallotEntry, there[place][0]) if place < len(there) else None
    return entry if entry and person.is_authenticated and entry.voter_id == person.id else None
