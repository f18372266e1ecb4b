"""The shuffled order of a large board: dealt in hands, the same for all ideas."""

from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from campaign.ideas.dealing import HAND, LOTS, MOST_HANDS, SLICES, Deal, hands_for


@pytest.mark.parametrize(
    ("ideas", "hands"), [(0, 1), (255, 1), (256, 2), (1000, 4), (150_000, 1024), (10**9, MOST_HANDS)]
)
def test_a_board_is_dealt_in_hands_of_one_to_two_hundred(ideas, hands):
    assert hands_for(ideas) == hands


@pytest.mark.parametrize("seed", [1, 2, 4711, LOTS - 1])
def test_all_hands_together_hold_every_lot_once(seed):
    deal = Deal(seed, 8)
    dealt = [lots for hand in range(8) for lots in deal.lots(hand, 0)[0]]
    assert len(dealt) == 8 * SLICES
    ends = sorted(dealt)
    assert ends[0][0] == 0
    assert ends[-1][1] == LOTS
    assert all(before[1] + 1 == after[0] for before, after in pairwise(ends))


def test_who_reads_on_takes_up_the_next_hand():
    deal = Deal(99, 4)
    some, are_all = deal.lots(0, HAND)
    assert (len(some), are_all) == (2 * SLICES, False)
    rest, are_all = deal.lots(2, HAND)
    assert (len(rest), are_all) == (2 * SLICES, True)
    assert not set(some) & set(rest)


def test_every_lot_is_in_the_first_hand_as_often_as_any_other():
    dice, lot, hands = Random(3), 1_234_567_890, 16
    firsts: Counter[bool] = Counter()
    for _ in range(4000):
        dealt, _ = Deal(dice.randrange(1, LOTS), hands).lots(0, 0)
        firsts[any(low <= lot <= high for low, high in dealt)] += 1
    assert 190 < firsts[True] < 310  # 250 expected; chance alone goes further in one run of ten thousand.
