"""A filter that learns from a brand's own decisions: naive Bayes, in the open.

A text is the set of its words, folded (words.folded), of two letters or more, and the sign `://` where it has a link. Of the decisions,
h taken down and a approved, H(w) and A(w) have the word w. Words of fewer than two texts are left out. The weight of a word is

    weight(w) = ln( (H(w) + 1) / (h + 2) ) - ln( (A(w) + 1) / (a + 2) )

and the score of a text the sum of the weights of its words, of the twenty that weigh most, to either side: a long text isn't worse
for being long. How often things are taken down at all doesn't count in it. A text is held from the threshold on, which is above zero
and above the scores of 95 of 100 approved texts.

All of this is measured on texts that were not learned from (cross-validation): the decisions are dealt into ten heaps in their order,
each is scored by what the nine others teach, and the threshold and what is told of it come from these scores.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from campaign.filters.words import folded

ENOUGH = 50  # Of each kind. With fewer, it learns what happened to stand there.
MOST = 2000  # Of each kind, the latest.
HEAPS = 10
COUNTED = 20  # Words of one text.
KEPT = 4000  # Words that are kept, those that weigh most.
HELD_AMISS = 0.05  # The share of approved texts that may be held, at most.

Weights = Mapping[str, float]


class Lesson(NamedTuple):
    """What was learned, and how well it does."""

    weights: dict[str, float]
    threshold: float
    approved: int
    hidden: int
    caught: int  # Of the hidden ones, those that it would have held without having seen them.
    wronged: int  # And of the approved ones.


def words_of(text: str) -> set[str]:
    """The words of a text, as they are learned."""
    words = set(re.findall(r"[^\W\d_]{2,30}", folded(text)[:20_000]))
    return words | {"://"} if "://" in text or "www." in text else words


def weigh(hidden: Sequence[set[str]], approved: Sequence[set[str]]) -> dict[str, float]:
    """The weight of each word, from texts that were taken down and texts that were approved."""
    down, fine = Counter(chain.from_iterable(hidden)), Counter(chain.from_iterable(approved))
    there = [word for word in down.keys() | fine.keys() if down[word] + fine[word] > 1]
    h, a = len(hidden) + 2, len(approved) + 2
    return {word: math.log((down[word] + 1) / h) - math.log((fine[word] + 1) / a) for word in there}


def telling(words: Iterable[str], weights: Weights) -> list[tuple[str, float]]:
    """Of a text's words those that count, the heaviest first."""
    weighed = [(word, weights[word]) for word in words if word in weights]
    return sorted(weighed, key=lambda one: (-abs(one[1]), one[0]))[:COUNTED]


def score(words: Iterable[str], weights: Weights) -> float:
    return math.fsum(weight for _word, weight in telling(words, weights))


def learn(hidden_texts: Sequence[str], approved_texts: Sequence[str]) -> Lesson | None:
    """Learn from decisions, oldest first. None: there are too few of one kind."""
    if min(len(hidden_texts), len(approved_texts)) < ENOUGH:
        return None
    hidden, approved = [words_of(text) for text in hidden_texts], [words_of(text) for text in approved_texts]
    down, fine = _unseen_scores(hidden, approved)
    threshold = max(sorted(fine)[math.ceil(len(fine) * (1 - HELD_AMISS)) - 1], 0.0)
    weights = weigh(hidden, approved)
    kept = sorted(weights, key=lambda word: (-abs(weights[word]), word))[:KEPT]
    return Lesson(
        {word: round(weights[word], 3) for word in kept},
        threshold,
        len(approved),
        len(hidden),
        sum(one > threshold for one in down),
        sum(one > threshold for one in fine),
    )


def _unseen_scores(hidden: Sequence[set[str]], approved: Sequence[set[str]]) -> tuple[list[float], list[float]]:
    """The score of each text by what all those teach that are not in its heap."""
    down, fine = [0.0] * len(hidden), [0.0] * len(approved)
    for heap in range(HEAPS):
        weights = weigh(
            [words for place, words in enumerate(hidden) if place % HEAPS != heap],
            [words for place, words in enumerate(approved) if place % HEAPS != heap],
        )
        for texts, scores in ((hidden, down), (approved, fine)):
            for place in range(heap, len(texts), HEAPS):
                scores[place] = score(texts[place], weights)
    return down, fine
