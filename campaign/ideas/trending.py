"""Heat: how much an idea is voted for lately, as one number that needs no clock and no nightly job.

Each vote weighs 2^(t / HALF_LIFE), so that the vote of today weighs twice that of three days ago, for ever. An idea's heat is
the logarithm of the sum of its weights: it grows by votes alone, an index can order by it, and all ideas cool at the same
pace without being touched. (Exponentially weighted counts kept in log space: Cormode, Shkapenyuk, Srivastava and Xu,
"Forward decay", ICDE 2009.)
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, func

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


def warmed(heat: Any, weight: Any) -> Any:
    """SQL for an idea's heat with votes of this weight more: ln(e^heat + e^weight), without overflow."""
    return case((heat > weight, heat), else_=weight) + func.ln(1 + _fading(heat - weight))


def cooled(heat: Any, weight: Any, birth: Any) -> Any:
    """SQL for an idea's heat without votes of this weight: ln(e^heat - e^weight), never below that of its birth."""
    # Both branches are computed everywhere, and a logarithm of nought is an error: so the distance is never quite nought.
    distance = case((heat - weight > 1e-9, heat - weight), else_=1e-9)
    rest = case((heat - weight > 1e-9, heat + func.ln(1 - _fading(distance))), else_=birth)
    return case((rest > birth, rest), else_=birth)


def _fading(distance: Any) -> Any:
    """SQL for e^-|distance|. Beyond 700 it is nought for all we know, and PostgreSQL refuses so small a number."""
    return func.exp(-case((func.abs(distance) < 700, func.abs(distance)), else_=700.0))
