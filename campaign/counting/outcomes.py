"""What a count answers: who is where, who won, and every figure that led there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from campaign.counting.ties import Lots, Tie

# What is counted is exact. Only what is estimated (`duels`) comes as a float.
Number = int | Fraction | float
Figures = Mapping[str, Mapping[int, Number]]  # By what they say, then by idea.


@dataclass(frozen=True)
class Round:
    """One step of a count that goes in steps: what the ideas held, and what was decided on it.

    `decided` says what became of `ideas`: "elected", "eliminated", "bought" or "filled" (taken because places were left).
    `numbers` are figures of the step itself, such as the quota or the price for each person.
    """

    decided: str
    ideas: tuple[int, ...]
    held: Mapping[int, Number]
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where an idea may truly stand: "1st to 4th"."""

    best: int
    worst: int


@dataclass(frozen=True)
class Outcome:
    """The result of one rule.

    `ranking` has equals together, before any lot was drawn; `winners` are in the order in which they won, equals in the order of
    their lots. `figures` hold numbers for each idea, `pairs` numbers for one idea against another.
    """

    rule: str
    ranking: tuple[tuple[int, ...], ...]
    winners: tuple[int, ...]
    figures: Figures
    rounds: tuple[Round, ...] = ()
    ties: tuple[Tie, ...] = ()
    pairs: Mapping[str, Mapping[tuple[int, int], int]] = field(default_factory=dict)
    places: Mapping[int, Place] = field(default_factory=dict)


def ranked(numbers: Mapping[int, Number]) -> tuple[tuple[int, ...], ...]:
    """The ideas from the largest number to the smallest, equals together."""
    equal: dict[Number, list[int]] = defaultdict(list)
    for idea, number in numbers.items():
        equal[number].append(idea)
    return tuple(tuple(sorted(equal[number])) for number in sorted(equal, reverse=True))


def first_of(ranking: tuple[tuple[int, ...], ...], seats: int, lots: Lots) -> tuple[int, ...]:
    """The first `seats` ideas of a ranking. Lots are drawn where the last seat has several claims."""
    winners: list[int] = []
    for equal in ranking:
        if (left := seats - len(winners)) <= 0:
            break
        winners += lots.first(equal, "winning", many=left)
    return tuple(winners)
