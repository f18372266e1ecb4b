"""What a leaf of a ballot log commits to: one act, by a pseudonym, behind a salt that nobody outside can guess.

The salt is the entry's mark: without the installation's key it can neither be made nor guessed, and with it the leaf of every
entry can be made again, so nothing of a leaf need be kept but its hash.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from campaign.extensions import db
from campaign.ledger.tree import leaf_hash
from campaign.votes.marks import LogKeys, log_keys, micros
from campaign.votes.models import BallotEntry

MINUTE = 60_000_000  # In the unit of the marks.
_REFERENCE = struct.Struct(">qi")


class Opening(NamedTuple):
    """The content of a leaf, as it is shown once voting is over. `minute`: since 1970, UTC."""

    salt: str
    voter: str
    act: str
    idea: int
    minute: int

    @property
    def data(self) -> bytes:
        """The leaf, as it is hashed. recount.py writes the same line."""
        return f"ensemble-ballot-1 {self.salt} {self.voter} {self.act} {self.idea} {self.minute}".encode()

    @property
    def hashed(self) -> bytes:
        return leaf_hash(self.data)


class Scribe:
    """Makes leaves of entries, and signs, by the installation's keys."""

    def __init__(self, keys: LogKeys) -> None:
        self.mark = keys.mark
        self._naming = blake2b(key=keys.made_for(b"pseudonyms"), digest_size=16)
        self._signing_seed = keys.made_for(b"signing")

    @cached_property
    def signing_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._signing_seed)

    def pseudonym(self, campaign: int, idea: int, voter: int) -> str:
        """What a voter is called in the leaves of one idea. Elsewhere they are called otherwise.

        A count of approvals need not know that two ballots for different ideas are of the same person, and what somebody
        supports altogether is often theirs alone.
        """
        hashed = self._naming.copy()
        hashed.update(f"{campaign} {idea} {voter}".encode())
        return str(hashed.hexdigest())

    def opening(self, entry: Any) -> Opening:
        """What the leaf of an entry holds. `entry`: a row of `entries()`."""
        at = micros(entry.at)
        mark = self.mark(entry.campaign_id, entry.idea_id, entry.voter_id, entry.key, entry.act, at)
        voter = self.pseudonym(entry.campaign_id, entry.idea_id, entry.voter_id)
        return Opening(mark, voter, entry.act, entry.idea_id, at // MINUTE)


def scribe() -> Scribe:
    """The scribe of the application at work."""
    made: Scribe | None = current_app.extensions.get("log_scribe")
    if made is None:
        made = current_app.extensions["log_scribe"] = Scribe(log_keys())
    return made


def entries() -> Any:
    """A SELECT of what leaves are made of."""
    table = BallotEntry.__table__.c
    return db.select(
        table.id, table.campaign_id, table.idea_id, table.voter_id, table.key, table.act, table.at, table.mark
    )


def references(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Entries and their ideas, as a tile keeps them."""
    return b"".join(_REFERENCE.pack(entry, idea) for entry, idea in pairs)


def referred(kept: bytes | None) -> Sequence[tuple[int, int]]:
    """The entries and ideas of a tile, in the order of its leaves."""
    return list(_REFERENCE.iter_unpack((kept or b"")[: len(kept or b"") // _REFERENCE.size * _REFERENCE.size]))
