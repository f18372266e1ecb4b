"""Equal Shares by rounded numbers finds the same outcome sooner, or says that it isn't sure."""

import random
from fractions import Fraction

import pytest

from campaign.counting.ballots import Approvals
from campaign.counting.equal_shares import equal_shares, step_of
from campaign.methods.rounded_shares import RoundedShares


class Watched(RoundedShares):
    """One that remembers how often it was sure."""

    sure = 0
    unsure = 0

    def buy(self, part, limit=None):
        found = super().buy(part, limit)
        if found is None:
            self.unsure += 1
        else:
            self.sure += 1
        return found


def votes(chance, ideas, people):
    """People like some ideas more than others, in groups."""
    tastes = [[chance.random() ** 3 for _idea in ideas] for _group in range(3)]
    for _person in range(people):
        weights = chance.choice(tastes)
        yield set(chance.choices(ideas, weights, k=chance.randint(1, 6)))


@pytest.mark.one_database
@pytest.mark.parametrize("number", range(40))
def test_the_outcome_is_that_of_exact_numbers(number):
    chance = random.Random(number)
    ideas = list(range(1, chance.randint(6, 25)))
    # Costs of many kinds: alike, round, odd.
    costs = {idea: chance.choice([100, 1000 * chance.randint(1, 9), chance.randint(1, 9000)]) for idea in ideas}
    profile = Approvals.of(ideas, votes(chance, ideas, chance.choice([1, 5, 40, 300])))
    budget = chance.randint(1, sum(costs.values()))
    step = step_of(budget, profile.people, 100)
    kept = []

    def quick(worths):
        kept.append(Watched(profile, costs, worths))
        return kept[0]

    exact = equal_shares(profile, costs, budget, seed="s", step=step)
    assert equal_shares(profile, costs, budget, seed="s", step=step, quick=quick) == exact


@pytest.mark.one_database
def test_of_many_people_it_is_mostly_sure():
    chance = random.Random(1)
    ideas = list(range(1, 21))
    costs = {idea: chance.randint(1000, 9000) for idea in ideas}
    profile = Approvals.of(ideas, votes(chance, ideas, 3000))
    rounded = Watched(profile, costs, costs)
    for percent in range(100, 200):
        rounded.buy(Fraction(40_000 * percent, 100 * 3000))
    assert rounded.sure > 10 * rounded.unsure


@pytest.mark.one_database
def test_where_it_is_a_tie_it_is_not_sure():
    profile = Approvals.of([1, 2], [[1], [2]])
    assert RoundedShares(profile, {1: 5, 2: 5}, {1: 5, 2: 5}).buy(Fraction(6)) is None
    enough_to_a_cent = Approvals.of([1], [[1], [1]])
    assert RoundedShares(enough_to_a_cent, {1: 10}, {1: 10}).buy(Fraction(5)) is None
    assert [bought.idea for bought in RoundedShares(enough_to_a_cent, {1: 9}, {1: 9}).buy(Fraction(5))] == [1]


@pytest.mark.one_database
def test_it_tells_how_much_of_the_money_is_spent():
    chance = random.Random(2)
    ideas = list(range(1, 15))
    costs = {idea: 1000 * chance.randint(1, 9) for idea in ideas}
    profile = Approvals.of(ideas, votes(chance, ideas, 200))
    heard = []
    equal_shares(
        profile,
        costs,
        40_000,
        seed="s",
        step=step_of(40_000, 200, 100),
        tell=lambda spent, budget: heard.append((spent, budget)),
    )
    assert heard == sorted(heard)
    assert heard[0][0] < heard[-1][0] <= 40_000
    assert {budget for _spent, budget in heard} == {40_000}
