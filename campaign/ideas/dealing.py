"""The shuffled order, dealt in hands, so that a page of it costs the same on a board of any size.

Each idea has a lot, drawn once. A small board is one hand: each visitor multiplies the lots by a number of their own and reads them in
that order. On a large board that would be done for every idea before the first could be shown. So the lots are cut into slices of equal
width, each visitor deals the slices into hands in an order of their own, and shuffles one hand after the other. Every slice is as often in the
first hand as any other, and in a hand every idea is as often first as any other.
"""

from functools import cached_property
from random import Random
from typing import Any

from sqlalchemy import BigInteger, Integer

from campaign.database import given
from campaign.extensions import db
from campaign.ideas.models import Idea

LOTS = 2_147_483_647  # A prime (2^31 - 1): multiplying by anything below it only rearranges the lots.
BITS = 31  # Of a lot.
HAND = 128  # Ideas, at least. There are fewer than twice as many, give or take the luck of the draw.
SLICES = 16  # Of which a hand is made.
MOST_HANDS = 2**16


class Deal:
    """How one visitor's lots are dealt. The same seed and number of hands give the same order, whoever asks and whenever."""

    def __init__(self, seed: int, hands: int) -> None:
        self.hands = hands
        self.factor = seed % (LOTS - 1) + 1
        self._slices = hands * SLICES  # A power of two, like the number of hands.
        self._width = BITS - self._slices.bit_length() + 1  # Of a slice, as bits of a lot.
        dice = Random(seed)  # noqa: S311  An order of ideas, not a secret.
        self._stride, self._shift = dice.randrange(1, self._slices, 2), dice.randrange(self._slices)

    @cached_property
    def hand(self) -> Any:
        """In which of the hands an idea is, as an expression."""
        place = (Idea.lot // (1 << self._width) * self._stride + self._shift) % self._slices
        return place // SLICES

    @cached_property
    def key(self) -> Any:
        """Where it stands among those of its hand, as an expression."""
        return (Idea.lot * self.factor) % LOTS

    def lots(self, first: int, ideas: int) -> tuple[list[tuple[int, int]], bool]:
        """The slices of the next hands, about so many ideas from this hand on, each as its lowest and its highest lot; and whether these are all."""
        last = first + 1 + -(-ideas // HAND)  # Of the first, a part may have been read already.
        back = pow(self._stride, -1, self._slices)
        places = range(first * SLICES, min(last, self.hands) * SLICES)
        slices = ((place - self._shift) * back % self._slices for place in places)
        return [(each << self._width, (each + 1 << self._width) - 1) for each in slices], last >= self.hands


def hands_for(ideas: int) -> int:
    """Into how many hands a board of so many ideas is dealt. It doubles with the board, so the order rarely changes."""
    return min(1 << max(0, (ideas // HAND).bit_length() - 1), MOST_HANDS)


def in_lots() -> Any:
    """The ids of ideas whose lots lie between those given as `dealt_rows`, (campaign, lowest, highest) each, found along the index."""
    dealt = given("dealt", campaign=Integer, low=BigInteger, high=BigInteger)
    mine = db.and_(Idea.campaign_id == dealt.c.campaign, Idea.lot.between(dealt.c.low, dealt.c.high))
    return db.select(Idea.id).join_from(dealt, Idea, mine)
