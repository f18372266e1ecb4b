"""Where a log's hashes are kept: 256 to a row, as C2SP tlog-tiles has them, so that a proof reads a handful of rows."""

from typing import Any

from sqlalchemy import bindparam

from campaign.database import insert, prepared
from campaign.extensions import db
from campaign.ledger import tree
from campaign.ledger.leaves import references, referred
from campaign.ledger.models import BallotTile

WIDTH = 256
HEIGHT = 8  # Levels of the tree from one level of tiles to the next.
HASH = 32
AT_HAND = 64  # Tiles that are remembered while a tree is read: a proof needs less than ten.


class DamagedTiles(Exception):
    """Hashes that are needed are not where they were kept."""


class Tiles:
    """The hashes of one campaign's log."""

    def __init__(self, campaign_id: int) -> None:
        self._campaign = campaign_id
        self._read: dict[tuple[int, int], bytes] = {}
        self._changed: set[tuple[int, int]] = set()
        self._entries: dict[int, list[tuple[int, int]]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree, as `tree` asks for it."""
        stage, below = divmod(level, HEIGHT)
        first, count = index << below, 1 << below
        number, place = divmod(first, WIDTH)
        row = self._tile(stage, number)[place * HASH : (place + count) * HASH]
        if len(row) != count * HASH:
            raise DamagedTiles(f"tile {number} of level {stage} is too short")
        return tree.complete(parted(row))

    def append(self, size: int, leaves: list[bytes], entries: list[tuple[int, int]]) -> int:
        """Put leaves behind the first `size`; gives how many there are then. `keep` stores them."""
        self._extend(0, size, leaves)
        for index, entry in enumerate(entries, size):
            self._entries.setdefault(index // WIDTH, []).append(entry)
        return size + len(leaves)

    def _extend(self, stage: int, start: int, hashes: list[bytes]) -> None:
        completed: list[bytes] = []
        number = start // WIDTH
        for first in range(number * WIDTH, start + len(hashes), WIDTH):
            # What lies beyond the signed size was never signed: it is written over.
            before = self._tile(stage, first // WIDTH)[: (start - first) * HASH] if first < start else b""
            row = before + b"".join(hashes[max(0, first - start) : first + WIDTH - start])
            self._read[stage, first // WIDTH] = row
            self._changed.add((stage, first // WIDTH))
            if len(row) == WIDTH * HASH:
                completed.append(tree.complete(parted(row)))
        if completed:
            self._extend(stage + 1, number, completed)

    def keep(self, size: int) -> None:
        """Store what was appended behind the first `size`."""
        rows = []
        for stage, number in sorted(self._changed):
            row = {"campaign_id": self._campaign, "level": stage, "number": number, "hashes": self._read[stage, number]}
            kept = None
            if stage == 0:
                before = self._kept_entries(number, max(0, min(WIDTH, size - number * WIDTH)))
                kept = before + references(self._entries[number])
            rows.append({**row, "entries": kept, "first_entry": referred(kept)[0][0] if kept else None})
        db.session.connection().execute(_putting(), rows)
        self._changed.clear()
        self._entries.clear()

    def _kept_entries(self, number: int, count: int) -> bytes:
        if not count:
            return b""
        row = self._row(0, number)
        return bytes((row.entries if row else None) or b"")[: count * len(references([(0, 0)]))]

    def _tile(self, stage: int, number: int) -> bytes:
        if (stage, number) not in self._read:
            if len(self._read) > AT_HAND + len(self._changed):
                self._read = {place: row for place, row in self._read.items() if place in self._changed}
            row = self._row(stage, number)
            if row is None:
                raise DamagedTiles(f"tile {number} of level {stage} is not there")
            self._read[stage, number] = bytes(row.hashes)
        return self._read[stage, number]

    def _row(self, stage: int, number: int) -> Any:
        here = {"of_campaign": self._campaign, "at_level": stage, "at_number": number}
        return db.session.connection().execute(_getting(), here).first()


@prepared
def _getting() -> Any:
    table = BallotTile.__table__.c
    here = (table.campaign_id, "of_campaign"), (table.level, "at_level"), (table.number, "at_number")
    return db.select(table.hashes, table.entries).where(*(column == bindparam(name) for column, name in here))


@prepared
def _putting() -> Any:
    put = insert(BallotTile.__table__)
    new = {name: put.excluded[name] for name in ("hashes", "entries", "first_entry")}
    return put.on_conflict_do_update(index_elements=["campaign_id", "level", "number"], set_=new)


def parted(row: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [row[start : start + HASH] for start in range(0, len(row), HASH)]
