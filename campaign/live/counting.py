"""Counts over a whole board are made once for each of its numbers, and not for everybody who asks.

Whatever changes a board takes its next number in the same transaction, so a count stays true while the number does, in every
process and without anybody being told. The number is read before the board is counted: what is kept may know more than
its number says, never less.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app

from campaign.extensions import db

KEPT = 2000  # Counts, of all boards together; those that nobody asks for go first.

Found = TypeVar("Found")


def counted(board: str, number: int, what: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` counts on this board as of this number, which is `numbers_of(board).seq` for whatever votes move, and `.beyond_votes` for the rest."""
    if db.session.info.get("changes"):
        return find()  # The asker has changed a board themselves, and may still take that back.
    kept: OrderedDict[Hashable, tuple[int, Any]] = current_app.extensions.setdefault("board_counts", OrderedDict())
    known = kept.get((board, what))
    if known is None or known[0] < number:
        known = kept[board, what] = number, find()
    kept.move_to_end((board, what))
    while len(kept) > KEPT:
        kept.popitem(last=False)
    found: Found = known[1]
    return found
