"""Estimates: right on simulated data, where the truth is known."""

import math
import random
from itertools import combinations

import pytest

from campaign.counting.ballots import Approvals, Duels
from campaign.counting.duels import duels
from campaign.counting.outcomes import Place, ranked
from campaign.counting.places import places, places_of_sums, places_of_ups_and_downs, share_interval

IDEAS = list(range(1, 13))
TRIALS = 100


def answers(chance, strengths, many):
    for _ in range(many):
        a, b = chance.sample(IDEAS, 2)
        a_wins = chance.random() < 1 / (1 + math.exp(strengths[b] - strengths[a]))
        yield (a, b) if a_wins else (b, a)


def true_place(values, idea):
    """Where an idea truly stands: after all that are better, before all that are worse."""
    return Place(
        1 + sum(value > values[idea] for value in values.values()),
        sum(value >= values[idea] for value in values.values()),
    )


def covers(given, values):
    truths = {idea: true_place(values, idea) for idea in values}
    return all(given[idea].best <= truths[idea].best <= truths[idea].worst <= given[idea].worst for idea in values)


def test_places_from_duels_hold_together_in_nineteen_of_twenty():
    chance, held = random.Random(1), 0
    for _ in range(TRIALS):
        strengths = {idea: chance.gauss(0, 1) for idea in IDEAS}
        outcome = duels(Duels.of(IDEAS, answers(chance, strengths, 600)), seed="s")
        held += covers(outcome.places, strengths)
    assert held >= 0.95 * TRIALS


def test_strengths_from_duels_hold_together_in_nineteen_of_twenty():
    chance, held = random.Random(2), 0
    for _ in range(TRIALS):
        strengths = {idea: chance.gauss(0, 1) for idea in IDEAS}
        figures = duels(Duels.of(IDEAS, answers(chance, strengths, 600)), seed="s").figures
        centre = sum(strengths.values()) / len(IDEAS)
        held += all(figures["lowest"][i] <= strengths[i] - centre <= figures["highest"][i] for i in IDEAS)
    assert held >= 0.93 * TRIALS  # Of a hundred trials at 95 %, less than 95 often hold by chance.


def test_many_duels_find_the_order():
    strengths = {idea: idea / 2 for idea in IDEAS}
    outcome = duels(Duels.of(IDEAS, answers(random.Random(3), strengths, 20_000)), seed="s")
    assert [idea for [idea] in outcome.ranking] == IDEAS[::-1]
    assert outcome.places[12] == Place(1, 1)


def test_two_records_that_mirror_each_other_are_equal():
    outcome = duels(Duels.of([1, 2, 3], [(1, 2), (2, 1), (1, 3), (2, 3)]), seed="s")
    assert outcome.ranking == ((1, 2), (3,))
    assert outcome.ties[0].equal == (1, 2)


def test_who_won_as_often_against_everybody_is_equal():
    chance = random.Random(6)
    for _ in range(20):
        everybody = [chance.sample(pair, 2) for pair in combinations(IDEAS, 2)]
        outcome = duels(Duels.of(IDEAS, everybody), seed="s")
        assert outcome.ranking == ranked(outcome.figures["won"])


def test_one_duel_says_little_and_none_says_nothing():
    one = duels(Duels.of([1, 2, 3], [(1, 2)]), seed="s")
    assert one.winners == (1,)
    assert set(one.places.values()) == {Place(1, 3)}
    assert set(duels(Duels.of([1, 2], []), seed="s").places.values()) == {Place(1, 2)}


def test_places_from_approvals_hold_together_in_nineteen_of_twenty():
    chance, held = random.Random(4), 0
    for _ in range(TRIALS):
        shares = {idea: chance.choice([0.05, 0.1, 0.3, chance.random()]) for idea in IDEAS}
        people = chance.choice([20, 100, 400])
        ballots = [[idea for idea in IDEAS if chance.random() < shares[idea]] for _ in range(people)]
        held += covers(places_of_sums(Approvals.of(IDEAS, ballots).votes(), people), shares)
    assert held >= 0.95 * TRIALS


def test_places_from_scores_and_from_ups_and_downs_hold_together():
    chance, held = random.Random(5), 0
    for _ in range(TRIALS):
        likes = {idea: chance.random() for idea in IDEAS}
        marks = {idea: sum(chance.random() < likes[idea] for _ in range(5 * 80)) for idea in IDEAS}
        ups = {idea: sum(chance.random() < likes[idea] / 2 for _ in range(300)) for idea in IDEAS}
        downs = {idea: sum(chance.random() < 0.2 for _ in range(300)) for idea in IDEAS}
        held += covers(places_of_sums(marks, 80, 5), likes)
        held += covers(places_of_ups_and_downs(ups, downs, 300), likes)
    assert held >= 0.95 * 2 * TRIALS


def test_what_is_clear_is_said_and_more_people_make_more_clear():
    few = places_of_sums({1: 6, 2: 5, 3: 1}, 10)
    many = places_of_sums({1: 6000, 2: 5000, 3: 1000}, 10_000)
    assert few == {1: Place(1, 3), 2: Place(1, 3), 3: Place(1, 3)}
    assert many == {1: Place(1, 1), 2: Place(2, 2), 3: Place(3, 3)}
    assert places_of_sums({1: 0, 2: 0}, 0) == {1: Place(1, 2), 2: Place(1, 2)}


def test_places_count_only_intervals_that_do_not_meet():
    assert places({1: (5, 6), 2: (3, 5), 3: (1, 2)}) == {1: Place(1, 2), 2: Place(1, 2), 3: Place(3, 3)}


def test_an_interval_holds_the_share_and_narrows():
    for total in (0, 1, 50, 99, 100):
        low, high = share_interval(total, 100, 100, 0.025)
        assert 0 <= low <= total / 100 <= high <= 1
    assert share_interval(50, 100, 100, 0.025) == pytest.approx((0.366, 0.634), abs=0.001)
    assert share_interval(0, 100, 100, 0.025) == pytest.approx((0, 0.0362), abs=0.001)
