"""Equal Shares by rounded numbers: what is bought with a part, answered only where rounding can't have changed it.

The exact count takes milliseconds for each look at what an idea asks of a hundred thousand people, and looks at thousands of parts. Here the
same is asked of arrays of floats, with a bound for the error of every number. Where a comparison lies within that bound, there is no
answer, and the exact count is asked. So nothing is decided by a rounded number that an exact one would decide otherwise, and what the last part
buys is counted exactly in any case. Filtered arithmetic: Fortune & Van Wyk, "Efficient exact arithmetic for computational geometry", 1993.

It is imported only where very many ballots are counted: numpy takes its time and its room.
"""

from array import array
from collections.abc import Mapping
from fractions import Fraction
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from campaign.counting.ballots import Approvals
from campaign.counting.equal_shares import Purchase

ROUNDING = 256 * float(
    np.finfo(np.float64).eps
)  # Of a sum: numpy adds pairwise, so its error grows with the logarithm of its length.
SURE = 1e-9  # How exactly what an idea asks must be known, relative to it.
APART = 4 * SURE  # What lies closer together is not told apart.


class _Unsure(Exception):
    """Rounding leaves it open."""


class RoundedShares:
    """The voters' money in floats; `_errors` is how far each may be from the truth. Who gave all they had has nothing, exactly."""

    def __init__(self, profile: Approvals, costs: Mapping[int, int], worths: Mapping[int, int]) -> None:
        people = np.fromiter(profile.ballots.values(), np.float64, len(profile.ballots))
        supporters = {idea: array("i") for idea in profile.ideas}
        for at, ballot in enumerate(profile.ballots):
            for idea in ballot:
                supporters[idea].append(at)
        self._votes = {idea: float(many) for idea, many in profile.votes().items() if many}
        self._supporters = {idea: np.frombuffer(supporters[idea], np.int32) for idea in self._votes}
        self._people = {idea: people[at] for idea, at in self._supporters.items()}
        self._costs, self._worths = costs, worths
        self._money: NDArray[np.float64] = np.zeros(len(people))
        self._errors: NDArray[np.float64] = np.zeros(len(people))

    def buy(self, part: Fraction, limit: int | None = None) -> list[Purchase] | None:
        """What is bought with this part, in order, and as soon as more than `limit` is spent, what was until then. None: that is not sure."""
        self._fill(part)
        bought: list[Purchase] = []
        spent = 0
        waiting = self._waiting()
        try:
            while waiting and (limit is None or spent <= limit):
                best, first = self._first(waiting)
                if first is None:
                    break
                share, error = best
                self._pay(first, share, error)
                bought.append(Purchase(first, Fraction(share)))
                spent += self._costs[first]
        except _Unsure:
            return None
        return bought

    def same(self, part: Fraction, before: list[Purchase]) -> bool:
        """Whether with this part and with every smaller one, down to that of `before`, the same is bought in the same order. May say no wrongly."""
        self._fill(part)
        waiting = self._waiting()
        bought: set[int] = set()
        try:
            for purchase in before:
                bought.add(purchase.idea)
                most = float(purchase.price) / self._worths[purchase.idea]
                while waiting and waiting[0][0] * (1 - APART) <= most:
                    idea = heappop(waiting)[1]
                    if idea in bought or (found := self._share(idea)) is None:
                        continue
                    asked = found[0] / self._worths[idea]
                    if asked * (1 - APART) <= most:
                        return False
                    heappush(waiting, (asked, idea))
                if (found := self._share(purchase.idea)) is None:
                    return False
                self._pay(purchase.idea, *found)
            return all(idea in bought or self._share(idea) is None for _asked, idea in waiting)
        except _Unsure:
            return False

    def _fill(self, part: Fraction) -> None:
        self._part = float(part)
        self._money[:] = self._part
        self._errors[:] = self._part * ROUNDING

    def _waiting(self) -> list[tuple[float, int]]:
        """As a heap, by what each idea asks at least."""
        return sorted((self._costs[idea] / (many * self._worths[idea]), idea) for idea, many in self._votes.items())

    def _first(self, waiting: list[tuple[float, int]]) -> tuple[tuple[float, float], int | None]:
        """What is bought next, with its share and the error of that, taken off the heap. Others wait by what they ask now."""
        least = np.inf
        asked: dict[int, tuple[float, tuple[float, float]]] = {}
        while waiting and waiting[0][0] * (1 - APART) <= least:
            idea = heappop(waiting)[1]
            if (found := self._share(idea)) is None:
                continue  # Nor ever: nobody earns.
            asked[idea] = found[0] / self._worths[idea], found
            least = min(least, asked[idea][0])
        close = [idea for idea, (asks, _found) in asked.items() if asks <= least * (1 + APART)]
        if len(close) > 1:
            raise _Unsure
        for idea, (asks, _found) in asked.items():
            if idea not in close:
                heappush(waiting, (asks, idea))
        return (asked[close[0]][1], close[0]) if close else ((0.0, 0.0), None)

    def _share(self, idea: int) -> tuple[float, float] | None:
        """The least that lets the supporters pay when nobody gives more than it, with its error; None where they can't."""
        at, everybody = self._supporters[idea], self._people[idea]
        money, people, errors = self._money[at], everybody, self._errors[at] * everybody
        cost = due = float(self._costs[idea])
        rich, there = self._votes[idea], float((money * people).sum())
        error = float(errors.sum()) + ROUNDING * (there + cost)
        if there < cost - error:
            return None
        if there <= cost + error:
            raise _Unsure  # Just enough, or just not.
        while (poor := money < due / rich).any():
            due -= float((money[poor] * people[poor]).sum())
            money, people = money[~poor], people[~poor]
            rich = float(people.sum())
            if rich <= 0 or due <= 0:
                raise _Unsure
        share = due / rich
        # Whoever has more than the share gives more where the others have less than they seem to.
        gives_all = self._money[at] <= share * (1 + SURE)
        give_more = float(everybody[~gives_all].sum())
        error = float(errors[gives_all].sum()) + ROUNDING * cost
        if not give_more or error > give_more * share * SURE:
            raise _Unsure
        return share, error / give_more

    def _pay(self, idea: int, share: float, error: float) -> None:
        at = self._supporters[idea]
        left, errors = self._money[at] - share, self._errors[at] + (error + self._part * ROUNDING)
        self._money[at] = np.maximum(left, 0.0)
        self._errors[at] = np.where(left < -errors, 0.0, errors)
