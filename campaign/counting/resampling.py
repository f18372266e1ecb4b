"""Places with their uncertainty, where no figure of an idea says alone how it stands: rankings, budgets, shortlists.

The ballots are drawn again, each time as many as were cast, any of them as often as chance has it, and counted by the same rule. Where an idea
stands in 95 of 100 such votes are its places, and where it truly stood is always among them. This is the percentile bootstrap: Efron & Tibshirani,
"An Introduction to the Bootstrap", 1993, chapter 13; for places, Goldstein & Spiegelhalter, "League tables and their limitations", Journal of the
Royal Statistical Society A, 1996, and Hall & Miller, "Using the bootstrap to quantify the authority of an empirical ranking", Annals of Statistics, 2009.

Of very many ballots fewer are drawn than were cast, the m out of n bootstrap that Hall & Miller discuss: the places are then those of a smaller
vote, wider than they would have to be and never too exact. They hold for each idea by itself. Draws come from the seed of the vote, by
Python's `random.Random(text).random()`, so whoever has the ballots and the seed finds the same places. No winner hangs on them.
"""

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any, TypeVar

from campaign.counting.ballots import Profile
from campaign.counting.outcomes import Outcome, Place
from campaign.counting.telling import Heard, nobody

TIMES = 200  # Draws.
PEOPLE_MOST = 1000  # Ballots of one draw.

P = TypeVar("P", bound=Profile[Any])


def places_by_drawing(
    profile: P,
    rules: Mapping[str, Callable[[P], Outcome]],
    *,
    seed: str,
    people_most: int = PEOPLE_MOST,
    times: int = TIMES,
    confidence: float = 0.95,
    tell: Heard = nobody,
) -> dict[str, dict[int, Place]]:
    """The places of each idea by each of these rules. Every draw is counted by all of them, and told."""
    if not profile.people:
        everywhere = dict.fromkeys(profile.ideas, Place(1, len(profile.ideas)))
        return dict.fromkeys(rules, everywhere)
    # In one order, whichever they came in: what is drawn hangs on it.
    ballots = sorted(profile.ballots)
    until = list(accumulate(profile.ballots[ballot] for ballot in ballots))
    chance = random.Random(f"{seed} places")  # noqa: S311  To be drawn again by anybody.
    stood = {
        rule: {idea: ([place.best], [place.worst]) for idea, place in _stand(count(profile)).items()}
        for rule, count in rules.items()
    }
    cast = profile.people
    for done in range(times):
        tell(done, times)
        drawn = Counter(
            ballots[bisect_right(until, int(chance.random() * cast))] for _ballot in range(min(cast, people_most))
        )
        other = type(profile)(profile.ideas, drawn)
        for rule, count in rules.items():
            for idea, place in _stand(count(other)).items():
                best, worst = stood[rule][idea]
                best.append(place.best)
                worst.append(place.worst)
    left_out = int(times * (1 - confidence) / 2)
    return {rule: {idea: _within(*each, left_out) for idea, each in ideas.items()} for rule, ideas in stood.items()}


def _stand(outcome: Outcome) -> dict[int, Place]:
    """Where each idea stands; equals share their places."""
    found: dict[int, Place] = {}
    for equal in outcome.ranking:
        found |= dict.fromkeys(equal, Place(len(found) + 1, len(found) + len(equal)))
    return found


def _within(best: list[int], worst: list[int], left_out: int) -> Place:
    """Without so many draws at each end, and with the first of both, which is the vote itself."""
    low, high = sorted(best[1:]), sorted(worst[1:], reverse=True)
    return Place(min(best[0], low[left_out]), max(worst[0], high[left_out]))
