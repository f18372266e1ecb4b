"""Schulze: every idea meets every other on the ballots; who wins all duels wins, and where duels run in a circle, the strongest chains decide.

Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method", Social Choice and
Welfare, 2011. The strength of a duel is its winning votes, the measure that Schulze proposes for ballots that leave ideas out.
"""

from collections import Counter
from itertools import chain, combinations

from campaign.counting.ballots import Rankings
from campaign.counting.outcomes import Outcome, first_of
from campaign.counting.ties import Lots


def schulze(profile: Rankings, *, seed: str, seats: int = 1) -> Outcome:
    """Rank ideas by the strongest chains of won duels between each two of them."""
    lots = Lots(seed)
    preferred = duels_on(profile)
    strength = _strongest_chains(profile.ideas, preferred)
    ranking = _layers(profile.ideas, strength)
    wins = {a: sum(preferred[a, b] > preferred[b, a] for b in profile.ideas if a != b) for a in profile.ideas}
    pairs = {"preferred": preferred, "strength": strength}
    winners = first_of(ranking, seats, lots)
    return Outcome("schulze", ranking, winners, {"duels won": wins}, ties=lots.ties, pairs=pairs)


def duels_on(profile: Rankings) -> dict[tuple[int, int], int]:
    """How many people put the first idea of each pair above the second."""
    ranked = dict.fromkeys(profile.ideas, 0)
    alike: dict[int, list[tuple[int, ...]]] = {}
    for ballot, people in profile.ballots.items():
        alike.setdefault(people, []).append(ballot)
        for idea in ballot:
            ranked[idea] += people

    # Only pairs of which both are ranked are gone through: a ballot names few of many ideas.
    above: Counter[tuple[int, int]] = Counter()
    for people, ballots in alike.items():
        seen = Counter(chain.from_iterable(combinations(ballot, 2) for ballot in ballots))
        for pair, times in seen.items():
            above[pair] += times * people

    # Who ranks a puts it above b unless b stands above it.
    return {(a, b): ranked[a] - above[b, a] for a in profile.ideas for b in profile.ideas if a != b}


def _strongest_chains(ideas: tuple[int, ...], preferred: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """For each two ideas, the strongest chain of won duels between them; a chain is as strong as its weakest duel."""
    strength = {
        a: [preferred[a, b] if a != b and preferred[a, b] > preferred[b, a] else 0 for b in ideas] for a in ideas
    }
    for through, middle in enumerate(ideas):
        onwards = strength[middle]
        for a in ideas:
            if here := strength[a][through]:
                strength[a] = [
                    direct if direct >= here or direct >= next else min(here, next)
                    for direct, next in zip(strength[a], onwards, strict=True)
                ]
    return {(a, b): strength[a][at] for a in ideas for at, b in enumerate(ideas) if a != b}


def _layers(ideas: tuple[int, ...], strength: dict[tuple[int, int], int]) -> tuple[tuple[int, ...], ...]:
    """Those whom nobody beats, then those whom nobody of the rest beats, and so on: the beating is transitive, so there are always some."""
    layers = []
    left = list(ideas)
    while left:
        unbeaten = tuple(a for a in left if all(strength[a, b] >= strength[b, a] for b in left if a != b))
        layers.append(unbeaten)
        left = [idea for idea in left if idea not in unbeaten]
    return tuple(layers)
