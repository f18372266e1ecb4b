"""The one rule for ties, the same for every way of counting.

Each idea has a lot: the SHA-256 of "seed:id", both as people see them, written in UTF-8. Among equals, the idea with the smallest
lot comes first; where one must leave, the one with the largest leaves.

Anybody can compute it again from what is public. Neither the time nor the order of submission helps an idea, as long as
the seed can't be known before the ideas are in: who knows it could try until an idea's number draws a good lot. So the
caller takes something that is fixed by the first vote, and that nobody knows before the last idea and the last vote are in: see methods/lots.py. What is asked of this rule is written down: each outcome tells its ties.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tie:
    """Ideas that were equal where one had to be told from the others.

    `over` says what was to be settled: "winning" (who is among the winners), "leaving" (who is eliminated), "buying" (what is paid next).
    """

    over: str
    equal: tuple[int, ...]
    taken: tuple[int, ...]
    in_round: int | None = None


def lot(seed: str, idea: int) -> str:
    """What `idea` draws under `seed`: hexadecimal digits, the smallest first."""
    return hashlib.sha256(f"{seed}:{idea}".encode()).hexdigest()


class Lots:
    """The lots of one count, which remembers each time it was needed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._ties: list[Tie] = []

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Where ideas were equal, in the order in which it mattered."""
        return tuple(self._ties)

    def order(self, ideas: Iterable[int]) -> list[int]:
        """The ideas in the order of their lots. Only shows equals in some order, so nothing is noted."""
        return sorted(ideas, key=lambda idea: lot(self._seed, idea))

    def first(self, ideas: Iterable[int], over: str, in_round: int | None = None, *, many: int = 1) -> list[int]:
        """The `many` ideas that come first among equals."""
        ordered = self.order(ideas)
        return self._noted(ordered, ordered[:many], over, in_round)

    def last(self, ideas: Iterable[int], over: str, in_round: int | None = None) -> int:
        """The idea that comes last among equals."""
        ordered = self.order(ideas)
        return self._noted(ordered, ordered[-1:], over, in_round)[0]

    def _noted(self, equal: list[int], taken: list[int], over: str, in_round: int | None) -> list[int]:
        if len(taken) < len(equal):
            self._ties.append(Tie(over, tuple(sorted(equal)), tuple(taken), in_round))
        return taken
