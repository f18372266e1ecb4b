"""A voter's receipt while totals are sealed: the log's key signs that their act will be in the log, as RFC 6962 has it.

The place of an act in the log, and the log's length, would tell how many have voted. So it has neither; it becomes a proof when totals are shown.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from campaign.ledger.checkpoint import (
    NotSigned,
    Unreadable,
    VerifierKey,
    check_signature,
    hash_in,
    number,
    signed_note,
    signed_parts,
)
from campaign.ledger.receipt import LONGEST, written

FIRST_LINE = "ensemble-ballot-promise@v1"
_SAYS = "promise of inclusion"  # Where a checkpoint has a number, so neither is ever taken for the other.


@dataclass(frozen=True)
class Promise:
    """That the log of this origin will have this leaf, of an act that was stored in this second (since 1970, UTC)."""

    leaf: bytes
    origin: str
    second: int
    note: str

    def __str__(self) -> str:
        return f"{FIRST_LINE}\n\n{self.note}"

    def check(self, key: VerifierKey) -> None:
        """Raise NotSigned where this key has not signed it."""
        text, signatures = signed_parts(self.note)
        if self.origin != key.name:
            raise NotSigned("The promise is of another log.")
        check_signature(f"{text}\n", signatures, key)


def make_promise(leaf: bytes, origin: str, second: int, private: Ed25519PrivateKey) -> Promise:
    """Sign that this log will have this leaf."""
    text = f"{origin}\n{_SAYS}\n{written(leaf)}\n{second}\n"
    return Promise(leaf, origin, second, signed_note(text, origin, private))


def is_promise(text: str) -> bool:
    """Whether this begins like one."""
    return text.lstrip().startswith(FIRST_LINE)


def read_promise(text: str) -> Promise:
    """A promise as somebody kept it. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable("It is longer than any receipt.")
    first, gap, rest = text.strip().replace("\r\n", "\n").partition("\n\n")
    if first != FIRST_LINE or not gap:
        raise Unreadable("It does not begin and end like a receipt.")
    note = f"{rest}\n"
    lines = signed_parts(note)[0].split("\n")
    if len(lines) != 4 or lines[1] != _SAYS or not lines[0]:
        raise Unreadable("The lines of the receipt are not in their order.")
    return Promise(hash_in(lines[2]), lines[0], number(lines[3]), note)
