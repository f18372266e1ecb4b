"""Heat stays a finite number, whatever lies between two votes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.clock import now
from campaign.ideas.trending import cooled, warmed, weight_at, weight_of

moments = st.timedeltas(timedelta(0), timedelta(days=365 * 40)).map(lambda ago: now() - ago)


@pytest.mark.parametrize("years", [0, 1, 9, 40])
def test_an_idea_of_any_age_is_warmed_by_a_vote_and_cooled_again(years):
    born, voted = now() - timedelta(days=365 * years), now()
    cold = weight_at(born)
    hot = warmed(cold, weight_at(voted))
    assert hot == pytest.approx(max(cold, weight_at(voted)), abs=0.7)
    assert cooled(hot, weight_at(voted), cold) == pytest.approx(cold, abs=0.1)


def test_an_old_vote_taken_back_leaves_a_hot_idea_hot():
    born, voted = now() - timedelta(days=365 * 10), now() - timedelta(days=365 * 9)
    hot = weight_at(now())
    assert cooled(hot, weight_at(voted), weight_at(born)) == pytest.approx(hot)


@given(moments, st.lists(moments, min_size=1, max_size=20))
def test_votes_warm_alike_one_by_one_and_together(born, votes):
    one_by_one = weight_at(born)
    for voted in votes:
        one_by_one = warmed(one_by_one, weight_at(voted))
    assert warmed(weight_at(born), weight_of(votes)) == pytest.approx(one_by_one)
    assert weight_of([born, *votes]) == pytest.approx(one_by_one)


@given(moments, st.lists(moments, min_size=1, max_size=5), moments)
def test_no_idea_is_colder_than_when_it_was_born(born, votes, taken_back):
    hot = warmed(weight_at(born), weight_of(votes))
    assert cooled(hot, weight_at(taken_back), weight_at(born)) >= weight_at(born)
