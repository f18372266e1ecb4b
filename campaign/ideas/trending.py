"""Heat: how much an idea is voted for lately, as one number that needs no clock and no nightly job.

Each vote weighs 2^(t / HALF_LIFE), so that the vote of today weighs twice that of three days ago, for ever. An idea's heat is
the logarithm of the sum of its weights: it grows by votes alone, an index can order by it, and all ideas cool at the same
pace without being touched. (Exponentially weighted counts kept in log space: Cormode, Shkapenyuk, Srivastava and Xu,
"Forward decay", ICDE 2009.)
"""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, func

HALF_LIFE = timedelta(days=3)
_START = datetime(2024, 1, 1, tzinfo=UTC)


def weight_at(moment: datetime) -> float:
    """The natural logarithm of one vote's weight at that moment. An idea is born with the weight of one vote."""
    return (moment - _START) / HALF_LIFE * math.log(2)


def warmed(heat: Any, cast_at: datetime) -> Any:
    """SQL for an idea's heat with one more vote: ln(e^heat + e^weight), without overflow."""
    weight = weight_at(cast_at)
    return case((heat > weight, heat), else_=weight) + func.ln(1 + _fading(heat - weight))


def cooled(heat: Any, cast_at: datetime, born_at: datetime) -> Any:
    """SQL for an idea's heat without a vote that was cast then: ln(e^heat - e^weight), never below its birth's."""
    weight, birth = weight_at(cast_at), weight_at(born_at)
    rest = case((heat - weight > 1e-9, heat + func.ln(1 - _fading(heat - weight))), else_=birth)
    return case((rest > birth, rest), else_=birth)


def _fading(distance: Any) -> Any:
    """SQL for e^-|distance|. Beyond 700 it is nought for all we know, and PostgreSQL refuses so small a number."""
    return func.exp(-case((func.abs(distance) < 700, func.abs(distance)), else_=700.0))
