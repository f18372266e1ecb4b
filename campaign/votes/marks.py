"""The ballot box's own mark on each entry of its book, by a key that no database holds.

Whoever changes rows behind the product's back can't make one, so the ballot log takes in only what the ballot box wrote down.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any

from flask import Flask, current_app

from campaign.settings import Settings


@dataclass(frozen=True)
class LogKeys:
    """The keys of the ballot log, all made of one secret: it is what an operator keeps."""

    secret: str

    def made_for(self, purpose: bytes) -> bytes:
        """32 bytes for one purpose. Who has them knows nothing of the other keys."""
        return blake2b(purpose, key=blake2b(self.secret.encode()).digest(), digest_size=32).digest()

    @cached_property
    def _marking(self) -> Any:
        return blake2b(key=self.made_for(b"marks"), digest_size=16)

    def mark(self, campaign: int, idea: int, voter: int, key: str, act: str, micros: int) -> str:
        """The mark of one entry, 32 hexadecimal digits."""
        hashed = self._marking.copy()
        # The voter's own text stands last, so that it can't be taken for what comes before it.
        hashed.update(f"{campaign} {idea} {voter} {act} {micros} {key}".encode())
        return str(hashed.hexdigest())

    def ballot_mark(self, campaign: int, stage: int, voter: int, key: str, act: str, micros: int, content: str) -> str:
        """The same of an entry about a stage. Its first word keeps it apart from all others; a content has no spaces."""
        hashed = self._marking.copy()
        hashed.update(f"ballot {campaign} {stage} {voter} {act} {micros} {content} {key}".encode())
        return str(hashed.hexdigest())

    @cached_property
    def _numbering(self) -> Any:
        return blake2b(key=self.made_for(b"receipts"), digest_size=6)

    def receipt_number(self, entry: int) -> int:
        """The number by which a voter knows their act. The book's own numbers follow each other, so they would tell how many others acted."""
        hashed = self._numbering.copy()
        hashed.update(str(entry).encode())
        return int.from_bytes(hashed.digest())

    def fact_mark(self, campaign: int, number: int, after: str, text: str) -> str:
        """The same of a fact beside the ballots: see facts.py. Its first word keeps it apart from all entries."""
        hashed = self._marking.copy()
        hashed.update(f"fact {campaign} {number} {after} {text}".encode())
        return str(hashed.hexdigest())

    def beginning_mark(self, unmarked_until: int) -> str:
        """The same of the number up to which entries have none."""
        hashed = self._marking.copy()
        hashed.update(f"begun {unmarked_until}".encode())
        return str(hashed.hexdigest())


def micros(at: datetime) -> int:
    """A moment as both databases keep it: in whole millionths of a second."""
    return round(at.timestamp() * 1_000_000)


def register(app: Flask, settings: Settings) -> None:
    """Give the application its keys; on the first run they are made."""
    app.extensions["log_keys"] = LogKeys(settings.log_secret())


def log_keys() -> LogKeys:
    """The keys of the application at work."""
    keys: LogKeys = current_app.extensions["log_keys"]
    return keys
