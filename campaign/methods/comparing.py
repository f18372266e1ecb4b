"""How many ideas a rule takes that compares them with each other, and which ones where there are more.

What such a rule does grows with the square or the cube of their number. The limit is never a reason not to count a ballot that was handed in:
where more ideas than that stand on the board, those that people chose most often are compared, so that whoever posts one more spoils nothing.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from campaign.counting.ties import lot

IDEAS_MOST = {"ranked": 500, "duels": 300, "budget": 2000}
ANY_MOST = 500_000  # As many as are listed in time.


def most_ideas(method: str) -> int:
    """How many ideas are counted at most in a stage that is voted on like this."""
    return IDEAS_MOST.get(method, ANY_MOST)


def compared(ideas: Collection[int], times: Mapping[int, int], method: str, seed: str) -> Collection[int]:
    """All the ideas; or, of too many, those that were chosen most often. The lot decides among equals."""
    if len(ideas) <= most_ideas(method):
        return ideas
    chosen = sorted((idea for idea in ideas if idea in times), key=lambda idea: (-times[idea], lot(seed, idea)))
    return frozenset(chosen[: most_ideas(method)])


def times_on(ballots: Mapping[tuple[int, ...], int]) -> Counter[int]:
    """How many people have each idea on their ballot."""
    times = Counter[int]()
    for ballot, people in ballots.items():
        for idea in ballot:
            times[idea] += people
    return times


def without_others(ballots: Mapping[tuple[int, ...], int], ideas: Collection[int]) -> Mapping[tuple[int, ...], int]:
    """The ballots with these ideas alone, each in its order."""
    less = Counter[tuple[int, ...]]()
    for ballot, people in ballots.items():
        less[tuple(idea for idea in ballot if idea in ideas)] += people
    return less
