"""A crowd before a board of ideas whose quality is planted: how likely it is that who sees one votes for it."""

from collections.abc import Callable
from random import Random

from campaign.exposure.ordering import Shown, orders

IDEAS, PEOPLE, READ = 100, 3000, 12  # Everybody reads the first twelve of a hundred.
ROUND = 30  # People who come between two drawings.

Counts = dict[int, list[int]]  # Idea: views and votes.
Order = Callable[[Counts, Random], list[list[int]]]


def guaranteed(counts: Counts, random: Random) -> list[list[int]]:
    ideas = [Shown(idea, views, votes) for idea, (views, votes) in counts.items()]
    return list(orders(ideas, 16, random))


def most_votes_first(counts: Counts, random: Random) -> list[list[int]]:
    return [sorted(counts, key=lambda idea: (-counts[idea][1], idea))]


def crowd(order: Order, seed: int, people: int = PEOPLE) -> tuple[list[float], Counts]:
    """The planted qualities, and what came of them."""
    random = Random(seed)
    quality = [random.uniform(0.02, 0.4) for _idea in range(IDEAS)]
    counts = {idea: [0, 0] for idea in range(IDEAS)}
    for person in range(people):
        if person % ROUND == 0:
            lanes = order(counts, random)
        for idea in random.choice(lanes)[:READ]:
            counts[idea][0] += 1
            counts[idea][1] += random.random() < quality[idea]
    return quality, counts


def per_view(counts: Counts) -> list[float]:
    return [(1 + votes) / (2 + views) for views, votes in counts.values()]


def rank_correlation(ones: list[float], others: list[float]) -> float:
    """Spearman's, with equal values sharing their ranks."""
    one, other = _ranks(ones), _ranks(others)
    middle = (len(ones) - 1) / 2
    both = sum((a - middle) * (b - middle) for a, b in zip(one, other, strict=True))
    return both / (sum((a - middle) ** 2 for a in one) * sum((b - middle) ** 2 for b in other)) ** 0.5


def _ranks(values: list[float]) -> list[float]:
    below = {value: sum(each < value for each in values) for value in set(values)}
    equal = {value: values.count(value) for value in set(values)}
    return [below[value] + (equal[value] - 1) / 2 for value in values]
