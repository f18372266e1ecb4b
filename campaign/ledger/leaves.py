"""What a leaf of a ballot log commits to: one act, by a pseudonym, behind a salt that nobody outside can guess.

The salt is the entry's mark: without the installation's key it can neither be made nor guessed, and with it the leaf of every
entry can be made again, so nothing of a leaf need be kept but its hash.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from hashlib import blake2b, sha256
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from sqlalchemy import DateTime, type_coerce

from campaign.extensions import db
from campaign.votes.ballots import ON_PAPER
from campaign.votes.marks import LogKeys, log_keys, micros
from campaign.votes.models import BallotEntry

MINUTE = 60_000_000  # In the unit of the marks.
RECORDED = (
    "record"  # What the leaf of a vote says that the team recorded from paper; the book says `cast`, as of any vote.
)
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
        return sha256(b"\x00" + self.data).digest()


class BallotOpening(NamedTuple):
    """The same of a whole ballot. `content`: what was chosen in the stage, as docs/ledger.md describes it."""

    salt: str
    voter: str
    act: str
    stage: int
    minute: int
    content: str

    @property
    def data(self) -> bytes:
        """The leaf, as it is hashed. recount.py writes the same line."""
        return (
            f"ensemble-ballot-2 {self.salt} {self.voter} {self.act} {self.stage} {self.minute} {self.content}".encode()
        )

    @property
    def hashed(self) -> bytes:
        return sha256(b"\x00" + self.data).digest()


class Scribe:
    """Makes leaves of entries, and signs, by the installation's keys."""

    def __init__(self, keys: LogKeys) -> None:
        self.mark, self.ballot_mark = keys.mark, keys.ballot_mark
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

    def pseudonym_in_stage(self, campaign: int, stage: int, voter: int) -> str:
        """What a voter is called on the ballots of one stage, so that the last one can be told from those before it."""
        hashed = self._naming.copy()
        hashed.update(f"ballot {campaign} {stage} {voter}".encode())
        return str(hashed.hexdigest())

    def opening(self, entry: Any) -> Opening | BallotOpening:
        """What the leaf of an entry holds. `entry`: a row of `entries()`."""
        return next(self.openings([entry]))

    def openings(self, rows: Iterable[Any]) -> Iterator[Opening | BallotOpening]:
        """The same for many, in their order. What is counted together has one moment, so that is worked out once."""
        moments: dict[datetime, tuple[int, int]] = {}
        mark, pseudonym = self.mark, self.pseudonym
        for _number, campaign, idea, voter, key, act, at, stage, content, _mark in rows:
            moment = moments.get(at)
            if moment is None:
                exact = micros(at.replace(tzinfo=UTC) if at.tzinfo is None else at)
                moment = moments[at] = exact, exact // MINUTE
            if stage is not None:
                salt = self.ballot_mark(campaign, stage, voter, key, act, moment[0], content)
                named = self.pseudonym_in_stage(campaign, stage, voter)
                yield BallotOpening(salt, named, act, stage, moment[1], content)
                continue
            salt = mark(campaign, idea, voter, key, act, moment[0])
            told = RECORDED if act == "cast" and key.startswith(ON_PAPER) else act
            yield Opening(salt, pseudonym(campaign, idea, voter), told, idea, moment[1])


def scribe() -> Scribe:
    """The scribe of the application at work."""
    made: Scribe | None = current_app.extensions.get("log_scribe")
    if made is None:
        made = current_app.extensions["log_scribe"] = Scribe(log_keys())
    return made


def entries() -> Any:
    """A SELECT of what leaves are made of."""
    table = BallotEntry.__table__.c
    # As the database has it: to give each of thousands its zone takes longer than to hash it.
    at = type_coerce(table.at, DateTime(timezone=True)).label("at")
    who = table.id, table.campaign_id, table.idea_id, table.voter_id, table.key, table.act
    return db.select(*who, at, table.stage_id, table.content, table.mark)


def references(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Entries and their ideas (0: a whole ballot), as a tile keeps them."""
    return b"".join(_REFERENCE.pack(entry, idea) for entry, idea in pairs)


def referred(kept: bytes | None) -> Sequence[tuple[int, int]]:
    """The entries and ideas of a tile, in the order of its leaves."""
    return list(_REFERENCE.iter_unpack((kept or b"")[: len(kept or b"") // _REFERENCE.size * _REFERENCE.size]))
