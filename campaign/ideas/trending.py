"""Heat: how much an idea is voted for lately, as one number that needs no clock and no nightly job.

Each vote weighs 2^(t / HALF_LIFE), so that the vote of today weighs twice that of three days ago, for ever. An idea's heat is
the logarithm of the sum of its weights: it grows by votes alone, an index can order by it, and all ideas cool at the same
pace without being touched. (Exponentially weighted counts kept in log space: Cormode, Shkapenyuk, Srivastava and Xu,
"Forward decay", ICDE 2009.)
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

HALF_LIFE = timedelta(days=3)
_START = datetime(2024, 1, 1, tzinfo=UTC)


def weight_at(moment: datetime) -> float:
    """The natural logarithm of one vote's weight at that moment. An idea is born with the weight of one vote."""
    return (moment - _START) / HALF_LIFE * math.log(2)


def weight_of(moments: Iterable[datetime]) -> float:
    """The natural logarithm of the weight of several votes together; minus infinity of none."""
    weights = [weight_at(moment) for moment in moments]
    if not weights:
        return -math.inf
    heaviest = max(weights)
    return heaviest + math.log(sum(math.exp(weight - heaviest) for weight in weights))


def warmed(heat: float, weight: float) -> float:
    """An idea's heat with votes of this weight more: ln(e^heat + e^weight), without overflow."""
    return max(heat, weight) + math.log1p(math.exp(-abs(heat - weight)))


def cooled(heat: float, weight: float, birth: float) -> float:
    """An idea's heat without votes of this weight: ln(e^heat - e^weight), never below that of its birth."""
    if heat - weight <= 1e-9:
        return birth  # Nothing is left, give or take a rounding.
    return max(birth, heat + math.log1p(-math.exp(weight - heat)))
