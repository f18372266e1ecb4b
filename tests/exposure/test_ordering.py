"""The order that guarantees exposure, before a crowd and ideas of planted quality."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.exposure.ordering import Shown, orders
from tests.exposure.simulation import (
    IDEAS,
    PEOPLE,
    READ,
    crowd,
    guaranteed,
    most_votes_first,
    per_view,
    rank_correlation,
)

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("seed", range(3))
def test_good_ideas_are_found_and_none_starves_while_most_votes_first_shows_twelve_to_everybody(seed):
    quality, counts = crowd(guaranteed, seed)
    views, votes = [views for views, _ in counts.values()], [votes for _, votes in counts.values()]
    assert rank_correlation(quality, per_view(counts)) >= 0.9
    assert rank_correlation(quality, votes) >= 0.9
    # Half of what everybody reads is shared out evenly.
    assert min(views) >= 0.95 * PEOPLE * READ / 2 / IDEAS

    quality, counts = crowd(most_votes_first, seed)
    assert rank_correlation(quality, per_view(counts)) < 0.5
    assert sum(views == 0 for views, _ in counts.values()) == IDEAS - READ


def test_more_votes_come_to_the_good_than_by_chance_alone():
    _quality, counts = crowd(guaranteed, 1)
    by_chance = sum(votes / views for views, votes in counts.values()) / IDEAS
    assert sum(votes for _, votes in counts.values()) / sum(views for views, _ in counts.values()) > 1.2 * by_chance


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=40), st.integers(1, 9), st.integers(0, 99))
def test_every_lane_has_every_idea_once_and_the_least_seen_in_one_of_each_two_places(given_ideas, lanes, seed):
    ideas = [Shown(number, views, votes) for number, (views, votes) in enumerate(given_ideas)]
    drawn = list(orders(ideas, lanes, Random(seed)))
    assert len(drawn) == lanes
    views = {idea.id: idea.views for idea in ideas}
    for lane, order in enumerate(drawn):
        assert sorted(order) == [idea.id for idea in ideas]
        for least in sorted(views.values())[lane : lane + 1]:  # That this lane begins with.
            assert min(views[idea] for idea in order[:2]) <= least


def test_a_blind_order_is_the_same_whatever_votes_there_are():
    seen, voted = ([Shown(number, number % 3, votes) for number in range(60)] for votes in (0, 3))
    assert list(orders(seen, 4, Random(1), blind=True)) == list(orders(voted, 4, Random(1), blind=True))


def test_lanes_begin_with_different_ones_of_the_least_seen():
    ideas = [Shown(number, 0 if number < 16 else 1000, 0 if number < 16 else 900) for number in range(60)]
    firsts = [set(order[:2]) & set(range(16)) for order in orders(ideas, 16, Random(1))]
    assert set.union(*firsts) == set(range(16))
