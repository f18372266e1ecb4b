"""The order that guarantees exposure: half of the places for the least seen, half by Thompson sampling on votes per view.

The first half makes sure that nobody's idea starves. The second asks of each idea how good it may be, given how often it was seen and
how often that led to a vote: one number is drawn from the Beta distribution of its votes per view, and the highest come first. An idea that was hardly
seen may draw anything; one that was seen often draws near what it has shown (Thompson, "On the likelihood that one unknown probability
exceeds another in view of the evidence of two samples", Biometrika, 1933).

While totals are sealed an order must not follow them. Then the second half is drawn with the same chance for each idea.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

SERVED = 0.25  # What a card weighs that stood on a page without scripts: of a long page, most is never scrolled to.


class Shown(NamedTuple):
    """An idea as far as its turn depends on it."""

    id: int
    views: float
    votes: int  # Cast since views are counted.


def orders(ideas: Sequence[Shown], lanes: int, random: Random, blind: bool = False) -> Iterator[list[int]]:
    """One order of all these ideas for each lane. In each, every pair of places has one of the least seen and one that was drawn.

    Each lane begins with another one of the least seen, as many as there are lanes, and goes round among them before it takes the next.
    `blind`: whatever votes there are.
    """
    by_views = sorted(ideas, key=lambda idea: (idea.views, random.random()))
    for lane in range(lanes):
        least: list[int] = []
        for start in range(0, len(by_views), lanes):
            some = [idea.id for idea in by_views[start : start + lanes]]
            turn = lane % len(some)
            least += some[turn:] + some[:turn]
        chances = {idea.id: random.random() if blind else _draw(idea, random) for idea in ideas}
        drawn = sorted(chances, key=chances.__getitem__, reverse=True)
        yield _zipped(least, drawn, random)


def _draw(idea: Shown, random: Random) -> float:
    return random.betavariate(1 + idea.votes, 1 + max(0.0, idea.views - idea.votes))


def _zipped(least: list[int], drawn: list[int], random: Random) -> list[int]:
    """One of each by turns, each idea once. Which of the two stands first is drawn too: the first place is seen the most."""
    order: list[int] = []
    placed: set[int] = set()
    halves = iter(least), iter(drawn)
    while len(order) < len(least):
        for half in halves if random.random() < 0.5 else halves[::-1]:
            found = next((idea for idea in half if idea not in placed), None)
            if found is not None:
                placed.add(found)
                order.append(found)
    return order
