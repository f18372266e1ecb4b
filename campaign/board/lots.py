"""Which lot a visitor has: the number by which their shuffled order is theirs.

Whoever has one keeps it. Whoever comes without gets one of a few that are drawn anew every few minutes, so that those who come at the same time can be
given the same page, and over a day no idea stands before the others. They are given by turns, and lie as far from each other among the lanes of a drawing
as they can: lanes side by side begin with nearly the same ideas, and few were seen of the others.
"""

import random
import time
from collections.abc import Iterator
from itertools import cycle

from flask import current_app, g, session

from campaign.exposure.drawing import LANES
from campaign.ideas.dealing import LOTS

FEW = 4
LAST = 300  # Seconds.


def lot_of_visitor() -> int:
    """The visitor's own, or that which they have for this request until `keep_lot` makes it theirs."""
    if "lot" not in session and "lot" not in g:
        g.lot = next(_few())
    lot: int = session.get("lot", g.get("lot"))
    return lot


def keep_lot() -> int:
    """The same; from now on it is this visitor's."""
    lot = lot_of_visitor()
    if "lot" not in session:
        session["lot"] = lot
    return lot


def _few() -> Iterator[int]:
    span = int(time.monotonic() // LAST)
    drawn, lots = current_app.extensions.get("board_lots", (None, iter(())))
    if drawn != span:
        # Orders of ideas, not secrets.
        first = random.randrange(LANES)  # noqa: S311
        lanes = [(first + turn * LANES // FEW) % LANES for turn in range(FEW)]
        lots = cycle([random.randrange(1, LOTS // LANES) * LANES + lane for lane in lanes])  # noqa: S311
        current_app.extensions["board_lots"] = span, lots
    return lots
