"""Places with their uncertainty: "1st to 4th", where one more evening of votes could change the order.

Those who voted are taken as a sample of those who might have. For each idea there is an interval that its true share of support lies in,
so wide that all of them hold together with the stated confidence (Bonferroni). An idea is surely below another only where their intervals
do not meet; counting those above and below gives its places: Klein, Wright & Wieczorek, "A joint confidence region for an overall ranking of
populations", Journal of the Royal Statistical Society C, 2020.

The intervals are Chernoff's, in the form of Hoeffding, "Probability inequalities for sums of bounded random variables", JASA, 1963: a
share p is ruled out when people × KL(seen, p) > ln(2 × intervals / (1 − confidence)). They hold for any number of people and for any marks between
nothing and a highest one, not only for yes and no, and are a little wider than they would have to be. Ranks are never claimed
too exactly. The numbers here are estimates and rounded; no winner hangs on them.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from campaign.counting.outcomes import Place

Interval = tuple[float, float]


def places_of_sums(
    sums: Mapping[int, int], people: int, highest: int = 1, *, confidence: float = 0.95
) -> dict[int, Place]:
    """The places of ideas by approvals, points or scores: `sums` of marks from 0 to `highest`, given by `people`."""
    error = (1 - confidence) / (2 * len(sums) or 1)
    # Of many ideas most have few votes, and so the same.
    intervals = {total: share_interval(total, people * highest, people, error) for total in set(sums.values())}
    return places({idea: intervals[total] for idea, total in sums.items()})


def places_of_ups_and_downs(
    ups: Mapping[int, int], downs: Mapping[int, int], people: int, *, confidence: float = 0.95
) -> dict[int, Place]:
    """The places of ideas by votes for minus votes against. Most people vote on few ideas, so each side has its own interval."""
    error = (1 - confidence) / (4 * len(ups) or 1)
    intervals = {}
    for idea in ups:
        up = share_interval(ups[idea], people, people, error)
        down = share_interval(downs[idea], people, people, error)
        intervals[idea] = (up[0] - down[1], up[1] - down[0])
    return places(intervals)


def places_of_agreement(
    agree: Mapping[int, int], seen: Mapping[int, int], *, confidence: float = 0.95
) -> dict[int, Place]:
    """The places of ideas by the share of those who agree among those who saw each: an idea that few saw has a wide interval.

    Ranks go by a share that is held a little towards the middle, (agree + 1) / (seen + 2). It lies within the interval: it is as far from the share
    that was seen as less than one person makes, and the interval as far as ln(2 × ideas / (1 − confidence)), which is more than three.
    """
    error = (1 - confidence) / (2 * len(seen) or 1)
    intervals = {
        shown: share_interval(*shown, shown[1], error) for shown in {(agree[idea], seen[idea]) for idea in seen}
    }
    return places({idea: intervals[agree[idea], seen[idea]] for idea in seen})


def places(intervals: Mapping[int, Interval]) -> dict[int, Place]:
    """What joint intervals leave open: one below those whose interval is all higher, one above those whose is all lower."""
    lows = sorted(low for low, high in intervals.values())
    highs = sorted(high for low, high in intervals.values())
    return {
        idea: Place(1 + len(lows) - bisect_right(lows, high), len(highs) - bisect_left(highs, low))
        for idea, (low, high) in intervals.items()
    }


def share_interval(total: int, whole: int, people: int, error: float) -> Interval:
    """The shares that `total` of `whole`, given by `people`, does not rule out, each side with probability `error`."""
    if not people:
        return 0.0, 1.0
    share, enough = total / whole, -math.log(error) / people
    return _edge(share, 0.0, enough), _edge(share, 1.0, enough)


def _edge(share: float, end: float, enough: float) -> float:
    """Between `share` and `end`, the point that is just far enough from the share."""
    if _distance(share, end) <= enough:
        return end
    near, far = share, end
    for _ in range(60):
        middle = (near + far) / 2
        if _distance(share, middle) < enough:
            near = middle
        else:
            far = middle
    return far


def _distance(seen: float, share: float) -> float:
    """The Kullback–Leibler divergence between what was seen and a true share."""
    apart = 0.0
    for observed, expected in ((seen, share), (1 - seen, 1 - share)):
        if observed:
            if not expected:
                return math.inf
            apart += observed * math.log(observed / expected)
    return apart
