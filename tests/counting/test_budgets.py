"""Budgets and shortlists: nothing is overspent, and who is many enough gets their part."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.counting.ballots import Approvals, BadBallot
from campaign.counting.equal_shares import Purse, buy, equal_shares, step_of
from campaign.counting.greedy_budget import greedy_budget
from campaign.counting.proportional import proportional
from campaign.counting.ties import Lots
from tests.counting import profiles

MUCH = 10**9

costs_of = st.lists(st.integers(0, 40), min_size=61, max_size=61)


def spent(outcome, costs):
    return sum(costs[idea] for idea in outcome.winners)


@settings(max_examples=60)
@given(profiles.approvals, costs_of, st.integers(0, 100), st.sampled_from(["cost", "one"]))
def test_a_budget_is_never_overspent_and_nothing_that_fits_is_left(profile, costs, budget, worth):
    costs = dict(enumerate(costs))
    votes = profile.votes()
    for outcome in (
        greedy_budget(profile, costs, budget, seed="s"),
        equal_shares(profile, costs, budget, seed="s", worth=worth),
    ):
        left = budget - spent(outcome, costs)
        assert left >= 0
        assert all(votes[idea] for idea in outcome.winners)
        assert not [i for i in profile.ideas if votes[i] and i not in outcome.winners and costs[i] <= left]


@settings(max_examples=60)
@given(profiles.approvals, st.lists(st.integers(1, 40), min_size=61, max_size=61), st.integers(1, 100))
def test_nobody_pays_more_than_their_part_by_equal_shares(profile, costs, budget):
    costs = dict(enumerate(costs))
    outcome = equal_shares(profile, costs, budget, seed="s")
    shared = [round for round in outcome.rounds if round.decided == "bought"]
    paid = dict.fromkeys(profile.ballots, Fraction(0))
    for round in shared:
        [idea] = round.ideas
        part, got = round.numbers["part"], 0
        for ballot, people in profile.ballots.items():
            if idea in ballot:
                gives = min(round.numbers["price"], part - paid[ballot])
                paid[ballot] += gives
                got += gives * people
        assert got == costs[idea]


def test_the_largest_group_does_not_take_all_the_money():
    # Sixty people want parks, forty want libraries; each costs a tenth of the budget, and there are ten of each.
    parks, libraries = set(range(1, 11)), set(range(11, 21))
    profile = Approvals.of(parks | libraries, [parks] * 60 + [libraries] * 40)
    costs = dict.fromkeys(profile.ideas, 10)
    assert set(greedy_budget(profile, costs, 100, seed="s").winners) == parks
    shared = set(equal_shares(profile, costs, 100, seed="s").winners)
    assert (len(shared & parks), len(shared & libraries)) == (6, 4)
    shortlist = set(proportional(profile, seed="s", seats=5).winners)
    assert (len(shortlist & parks), len(shortlist & libraries)) == (3, 2)


def test_who_has_less_gives_what_they_have_and_owes_nothing():
    # Each of ten has 10. The first gives 5 of the 25 for idea 1, then all of the other 5 for idea 2, and nothing for idea 3.
    profile = Approvals.of([1, 2, 3], [[1, 2, 3], [1], [1], [1], [1], [2], [2], [2], [3], [3]])
    outcome = equal_shares(profile, {1: 25, 2: 29, 3: 20}, 100, seed="s")
    assert [(round.ideas, round.numbers["price"]) for round in outcome.rounds] == [((1,), 5), ((2,), 8), ((3,), 10)]
    assert outcome.rounds[0].numbers["part"] == 10


def test_parts_are_raised_until_nothing_more_fits():
    # Each has 10: the supporter of 3 can pay for it, the two of 1 can't. With 15 each they can, and all is spent.
    profile = Approvals.of([1, 2, 3], [[1], [1], [2], [3]])
    outcome = equal_shares(profile, {1: 30, 2: 25, 3: 10}, 40, seed="s")
    assert outcome.winners == (1, 3)
    assert [round.decided for round in outcome.rounds] == ["bought", "bought"]
    assert outcome.rounds[0].numbers["part"] == 15


def one_step_after_the_other(profile, costs, budget, step):
    """The part at which the raising ends, by trying every one, and what is bought with it."""
    part, votes = Fraction(budget, profile.people or 1), profile.votes()

    def bought(part):
        return [purchase.idea for purchase in buy(Purse(profile, part), costs, costs, Lots("s"))]

    there = bought(part)
    while [i for i in profile.ideas if votes[i] and i not in there and costs[i] <= budget - sum(map(costs.get, there))]:
        more = bought(part + step)
        if sum(map(costs.get, more)) > budget:
            break
        part, there = part + step, more
    return part, there


@settings(max_examples=60)
@given(
    profiles.approvals,
    st.lists(st.integers(1, 40), min_size=61, max_size=61),
    st.integers(1, 100),
    st.sampled_from([Fraction(1, 50), Fraction(1, 3), 1]),
)
def test_no_part_is_passed_over_at_which_something_else_would_be_bought(profile, costs, budget, step):
    costs = dict(enumerate(costs))
    outcome = equal_shares(profile, costs, budget, seed="s", step=step)
    shared = [round for round in outcome.rounds if round.decided == "bought"]
    part, there = one_step_after_the_other(profile, costs, budget, step)
    assert [idea for round in shared for idea in round.ideas] == there
    assert all(round.numbers["part"] == part for round in shared)


def test_a_step_is_one_unit_of_money_or_a_hundredth_of_a_small_part():
    assert step_of(80_000_000, 4_000, 100) == 100
    assert step_of(5_000_000, 1_000_000, 100) == Fraction(5, 100)


def test_parts_are_raised_as_far_as_that_takes_however_much_money_there_is():
    # From 30,000 million each to 40,000 million by one: that is what the two of idea 1 need. No computer could try each.
    outcome = equal_shares(
        Approvals.of([1, 2, 3], [[1], [1], [2]]), {1: 80 * MUCH, 2: 10 * MUCH, 3: 1}, 90 * MUCH, seed="s"
    )
    assert outcome.winners == (1, 2)
    assert outcome.rounds[0].numbers["part"] == 40 * MUCH


def test_what_raised_parts_would_overspend_is_spent_by_votes():
    # Nobody can pay with 21 each, nor with 29; with 30, both pay, and 60 are too much.
    outcome = equal_shares(Approvals.of([1, 2], [[1], [2]]), {1: 30, 2: 30}, 42, seed="s")
    assert [round.decided for round in outcome.rounds] == ["filled"]
    assert outcome.ties[0].equal == (1, 2)


def test_free_ideas_that_somebody_wants_are_taken_and_a_missing_cost_is_named():
    profile = Approvals.of([1, 2, 3], [[1], [3]])
    assert set(equal_shares(profile, {1: 0, 2: 0, 3: 5}, 5, seed="s").winners) == {1, 3}
    with pytest.raises(BadBallot, match=r"without a cost: \[3\]"):
        greedy_budget(profile, {1: 0, 2: 0}, 5, seed="s")


def test_an_idea_that_can_still_be_paid_draws_no_lot_with_one_that_cannot():
    profile = Approvals.of([1, 2, 3], [[1, 2], [1, 2], [3]])
    assert greedy_budget(profile, {1: 10, 2: 20, 3: 1}, 15, seed="s").ties == ()
    assert greedy_budget(profile, {1: 10, 2: 10, 3: 1}, 15, seed="s").ties[0].equal == (1, 2)


@settings(max_examples=60)
@given(profiles.approvals, st.integers(1, 5))
def test_a_shortlist_represents_every_group_that_is_large_enough(profile, seats):
    # Extended justified representation: of people who all approve the same n ideas and are n parts of all people,
    # at least one finds n ideas that they approve. Tried for every set of ideas that some ballot names.
    chosen = set(proportional(profile, seed="s", seats=seats).winners)
    for shared in profile.ballots:
        group = {ballot: people for ballot, people in profile.ballots.items() if set(shared) <= set(ballot)}
        deserve = min(len(shared), sum(group.values()) * seats // profile.people)
        assert max((len(chosen.intersection(ballot)) for ballot in group), default=0) >= deserve


def test_places_left_are_filled_from_what_people_have_left():
    # Each of five has 2/5. Idea 1 costs its three 1/3 each. Then the two of idea 2 lack 1/5, the three of idea 4 lack 4/5.
    outcome = proportional(Approvals.of([1, 2, 4], [[1, 4]] * 3 + [[2]] * 2), seed="s2", seats=2)
    assert [round.decided for round in outcome.rounds] == ["elected", "filled"]
    assert set(outcome.rounds[1].ideas) == {2}


@given(profiles.approvals, st.integers(1, 5))
def test_a_shortlist_has_as_many_ideas_as_asked_for_if_so_many_are_approved(profile, seats):
    approved = sum(1 for count in profile.votes().values() if count)
    assert len(proportional(profile, seed="s", seats=seats).winners) == min(seats, approved)
