"""Receipts: made for the voter whose act it is, and checked for anybody."""

from bisect import bisect_left
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from campaign.brands.access import Asker
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ledger import tree
from campaign.ledger.access import LogStands, log_called
from campaign.ledger.checkpoint import Checkpoint, NotSigned, Unreadable, VerifierKey, opened, public_key
from campaign.ledger.leaves import referred, scribe
from campaign.ledger.models import BallotLog, BallotTile
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

    verdict: str  # logged | unknown_log | not_signed | not_proved | log_changed
    receipt: Receipt
    log: BallotLog | None = None
    checkpoint: Checkpoint | None = None
    entry: BallotEntry | None = None  # Of whoever asks, where it is theirs.


def key_of(log: BallotLog) -> VerifierKey:
    """The public key by which others check this log."""
    return public_key(scribe().signing_key, log.origin)


def receipt_for(entry: BallotEntry) -> Receipt:
    """The receipt of one act, with the newest checkpoint. Raises NotYetLogged."""
    log = db.session.get(BallotLog, entry.campaign_id)
    index = _index_of(entry) if log else None
    if log is None or index is None or index >= log.size:
        raise LogStands if log and log.damaged_at else NotYetLogged
    tiles = Tiles(entry.campaign_id)
    proof = tree.inclusion_proof(index, log.size, tiles.node)
    return Receipt(tiles.node(0, index), index, tuple(proof), log.checkpoint)


def check_receipt(text: str, person: Asker) -> Finding:
    """Whether a receipt is what it says, and whether the log still holds what it proves. Raises NoReceipt."""
    try:
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
    return Finding("logged", receipt, log, checkpoint, _own_entry(log, receipt.index, person))


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
