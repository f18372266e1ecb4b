"""What people cast, without who they are: each different ballot once, with how many cast it.

A ballot is plain and hashable, so that a million of them are counted as the few thousand different ones they mostly are.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

B = TypeVar("B", bound=Hashable)


class BadBallot(ValueError):
    """A ballot that its rule can't count. The vote's own door refuses these; here, it is a mistake of the caller."""


@dataclass(frozen=True)
class Profile(Generic[B]):
    """All ballots of one vote: the ideas that stood in it, and each different ballot with the number of people who cast it.

    A person who was there and chose nothing is a ballot too: it counts wherever a rule speaks of shares of all.
    """

    ideas: tuple[int, ...]
    ballots: Mapping[B, int]

    def __post_init__(self) -> None:
        # In one order, whichever they were given in: no outcome may hang on it.
        object.__setattr__(self, "ideas", tuple(sorted(set(self.ideas))))
        known = frozenset(self.ideas)
        for ballot, people in self.ballots.items():
            if people < 1:
                raise BadBallot(f"{ballot} was cast by {people} people")
            self._check(ballot, known)

    @classmethod
    def of(cls, ideas: Iterable[int], ballots: Iterable[Any]) -> Self:
        """Gather ballots as they come, one for each person."""
        return cls(tuple(ideas), Counter(map(cls._tidy, ballots)))

    @property
    def people(self) -> int:
        """How many ballots were cast."""
        return sum(self.ballots.values())

    @staticmethod
    def _tidy(ballot: Any) -> B:
        raise NotImplementedError

    def _check(self, ballot: B, known: frozenset[int]) -> None:
        raise NotImplementedError


class Approvals(Profile[tuple[int, ...]]):
    """Ballots that name the ideas somebody is for, each once, by their numbers."""

    @staticmethod
    def _tidy(ballot: Collection[int]) -> tuple[int, ...]:
        # Not a set: there may be a million different ones, and a set of ten takes five times as much room.
        return tuple(sorted(set(ballot)))

    def _check(self, ballot: tuple[int, ...], known: frozenset[int]) -> None:
        if not known.issuperset(ballot):
            raise BadBallot(f"not standing: {sorted(set(ballot) - known)}")

    def votes(self) -> dict[int, int]:
        """How many people approve each idea."""
        votes = dict.fromkeys(self.ideas, 0)
        for ballot, people in self.ballots.items():
            for idea in ballot:
                votes[idea] += people
        return votes


class Marks(Profile[tuple[tuple[int, int], ...]]):
    """Ballots that give some ideas a whole number: +1 and −1, points, a score."""

    @staticmethod
    def _tidy(ballot: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
        return tuple(sorted(ballot.items()))

    def _check(self, ballot: tuple[tuple[int, int], ...], known: frozenset[int]) -> None:
        marked = [idea for idea, mark in ballot]
        if not known.issuperset(marked):
            raise BadBallot(f"not standing: {sorted(set(marked) - known)}")
        if len(set(marked)) != len(marked):
            raise BadBallot(f"an idea is marked twice: {marked}")
        if not all(isinstance(mark, int) for idea, mark in ballot):
            raise BadBallot(f"not a whole number: {ballot}")

    def sums(self) -> dict[int, int]:
        """All marks of each idea, added up."""
        sums = dict.fromkeys(self.ideas, 0)
        for ballot, people in self.ballots.items():
            for idea, mark in ballot:
                sums[idea] += mark * people
        return sums

    def times(self, mark: int) -> dict[int, int]:
        """How many people gave each idea exactly this mark."""
        times = dict.fromkeys(self.ideas, 0)
        for ballot, people in self.ballots.items():
            for idea, given in ballot:
                if given == mark:
                    times[idea] += people
        return times

    def within(self, lowest: int, highest: int) -> None:
        """Refuse marks outside of these two."""
        for ballot in self.ballots:
            for idea, mark in ballot:
                if not lowest <= mark <= highest:
                    raise BadBallot(f"{mark} for {idea} is not between {lowest} and {highest}")


class Rankings(Profile[tuple[int, ...]]):
    """Ballots that put some ideas in order, best first. Those left out stand below, equal to each other."""

    @staticmethod
    def _tidy(ballot: Sequence[int]) -> tuple[int, ...]:
        return tuple(ballot)

    def _check(self, ballot: tuple[int, ...], known: frozenset[int]) -> None:
        if not known.issuperset(ballot):
            raise BadBallot(f"not standing: {sorted(set(ballot) - known)}")
        if len(set(ballot)) != len(ballot):
            raise BadBallot(f"an idea is ranked twice: {ballot}")


class Duels(Profile[tuple[int, int]]):
    """Answers to "which of these two?": the idea that was preferred, then the other."""

    @staticmethod
    def _tidy(ballot: Sequence[int]) -> tuple[int, int]:
        preferred, other = ballot
        return preferred, other

    def _check(self, ballot: tuple[int, int], known: frozenset[int]) -> None:
        if not known.issuperset(ballot):
            raise BadBallot(f"not standing: {sorted(set(ballot) - known)}")
        if ballot[0] == ballot[1]:
            raise BadBallot(f"{ballot[0]} can't be preferred to itself")
