"""A voter's receipt: the proof that a leaf is in a log, in one text that can be checked offline (C2SP tlog-proof).

It shows that an act was taken in, and not which: the leaf is the hash of the act and of a salt that stays with the server.
"""

import base64
from dataclasses import dataclass

from campaign.ledger.checkpoint import Checkpoint, Unreadable, VerifierKey, hash_in, number, opened, parts_of
from campaign.ledger.tree import root_by

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST = 8000  # Characters. One of the largest log possible has about 3,500.


class NotProved(ValueError):
    """A receipt whose hashes do not lead to the root that was signed."""


@dataclass(frozen=True)
class Receipt:
    """A leaf by its hash, its place, the way from there to the root, and the checkpoint that signs the root."""

    leaf: bytes
    index: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        # The format leaves to us what `extra` holds: the leaf's hash, so that the text needs nothing beside it.
        head = [FIRST_LINE, f"extra {written(self.leaf)}", f"index {self.index}"]
        return "\n".join([*head, *map(written, self.proof), "", self.note])

    @property
    def origin(self) -> str:
        """The log that it says to come from. Proved only by `checked`."""
        return parts_of(self.note)[0].origin

    def checked(self, key: VerifierKey) -> Checkpoint:
        """The signed checkpoint that it belongs to. Raises NotSigned, NotProved or Unreadable."""
        checkpoint = opened(self.note, key)
        if root_by(self.proof, self.leaf, self.index, checkpoint.size) != checkpoint.root:
            raise NotProved("The hashes of the receipt do not lead to the signed root.")
        return checkpoint


def read_receipt(text: str) -> Receipt:
    """A receipt as somebody kept it; spaces around it and the line ends of Windows do no harm. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable("It is longer than any receipt.")
    head, gap, note = text.strip().replace("\r\n", "\n").partition("\n\n")
    lines = head.split("\n")
    if not gap or len(lines) < 3 or lines[0] != FIRST_LINE:
        raise Unreadable("It does not begin and end like a receipt.")
    leaf, index = lines[1].removeprefix("extra "), lines[2].removeprefix("index ")
    if leaf == lines[1] or index == lines[2]:
        raise Unreadable("The lines of the receipt are not in their order.")
    receipt = Receipt(hash_in(leaf), number(index), tuple(map(hash_in, lines[3:])), f"{note}\n")
    parts_of(receipt.note)
    return receipt


def written(hashed: bytes) -> str:
    """A hash as receipts have it."""
    return base64.b64encode(hashed).decode()
