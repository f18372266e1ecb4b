"""What changed between two versions, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_COSTLIEST = 250_000  # Words of the one text times words of the other: what the matcher may need to compare.


class Piece(NamedTuple):
    kind: str  # "same", "added" or "removed"
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The later text with what was added, and what was removed in its place."""
    if before == after:
        return [Piece("same", after)] if after else []
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > _COSTLIEST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) * len(new) > _COSTLIEST:
        return [Piece("removed", before), Piece("added", after)]
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if j > i:
            pieces.append(Piece("removed", "".join(old[i:j])))
        if m > k:
            pieces.append(Piece("added", "".join(new[k:m])))
    return pieces
