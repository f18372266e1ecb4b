"""Greedy budget, Method of Equal Shares and proportional shortlists against pabutools and abcvoting."""

import pytest
from abcvoting.abcrules import compute as compute_committees
from abcvoting.preferences import Profile as Committees
from gmpy2 import mpq
from pabutools.election import (
    ApprovalBallot,
    ApprovalProfile,
    Cardinality_Sat,
    Cost_Sat,
    Instance,
    Project,
    parse_pabulib,
)
from pabutools.rules import completion_by_rule_combination, greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

from campaign.counting.ballots import Approvals
from campaign.counting.equal_shares import equal_shares, step_of
from campaign.counting.greedy_budget import greedy_budget
from campaign.counting.proportional import proportional
from campaign.counting.ties import Lots, lot
from tests.oracles.elections import SEED, approvals, elections, real, some_ideas

BY_LOT = TieBreakingRule(lambda instance, profile, project: lot(SEED, int(project.name)))
STEP = 1  # A euro for each person in Toulouse: some ten minutes of pabutools.
WORTHS = {"cost": Cost_Sat, "one": Cardinality_Sat}


def of_pabutools(ideas, ballots, costs, budget):
    """The same election. Ideas without a vote are left out: pabutools would buy them, too, with what is left."""
    projects = {idea: Project(str(idea), costs[idea]) for idea in ideas if any(idea in ballot for ballot in ballots)}
    instance = Instance(projects.values(), budget_limit=budget)
    return instance, ApprovalProfile(
        [ApprovalBallot(projects[idea] for idea in ballot) for ballot in ballots], instance=instance
    )


def budget_election(chance):
    ideas = some_ideas(chance, 2, 10)
    ballots = approvals(chance, ideas, chance.randint(1, 25))
    # Round costs tie, others don't.
    costs = {idea: chance.choice([10, 20, 50, chance.randint(1, 100)]) for idea in ideas}
    return ideas, ballots, costs, chance.randint(10, sum(costs.values()))


def numbers(allocation):
    return {int(project.name) for project in allocation}


def shares_of_pabutools(instance, profile, sat_class, step):
    shares = {"sat_class": sat_class, "voter_budget_increment": step, "tie_breaking": BY_LOT}
    greedy = {"sat_class": Cost_Sat, "tie_breaking": BY_LOT}
    return completion_by_rule_combination(
        instance, profile, [method_of_equal_shares, greedy_utilitarian_welfare], [shares, greedy]
    )


def test_the_greedy_budget_buys_what_pabutools_buys():
    for chance in elections():
        ideas, ballots, costs, budget = budget_election(chance)
        ours = greedy_budget(Approvals.of(ideas, ballots), costs, budget, seed=SEED)
        theirs = greedy_utilitarian_welfare(
            *of_pabutools(ideas, ballots, costs, budget), sat_class=Cost_Sat, tie_breaking=BY_LOT
        )
        assert set(ours.winners) == numbers(theirs)


@pytest.mark.parametrize("worth", WORTHS)
def test_equal_shares_buy_what_pabutools_buys(worth):
    raised = filled = 0
    for chance in elections():
        ideas, ballots, costs, budget = budget_election(chance)
        ours = equal_shares(Approvals.of(ideas, ballots), costs, budget, seed=SEED, worth=worth)
        theirs = shares_of_pabutools(*of_pabutools(ideas, ballots, costs, budget), WORTHS[worth], 1)
        assert set(ours.winners) == numbers(theirs)
        raised += any(round.numbers.get("part", 0) * len(ballots) > budget for round in ours.rounds)
        filled += any(round.decided == "filled" for round in ours.rounds)
    assert raised > 30
    assert filled > 30


@pytest.mark.parametrize("worth", WORTHS)
def test_equal_shares_by_the_step_of_a_stage_buy_what_pabutools_buys_by_it(worth):
    """In cents, the parts are raised by a euro or by a hundredth of them: so small that most steps change nothing."""
    raised = 0
    for chance in elections():
        ideas, ballots, euros, budget = budget_election(chance)
        costs, budget = {idea: cost * 100 for idea, cost in euros.items()}, budget * 100
        step = step_of(budget, len(ballots), 100)
        ours = equal_shares(Approvals.of(ideas, ballots), costs, budget, seed=SEED, worth=worth, step=step)
        theirs = shares_of_pabutools(*of_pabutools(ideas, ballots, costs, budget), WORTHS[worth], mpq(step))
        assert set(ours.winners) == numbers(theirs)
        raised += any(round.numbers.get("part", 0) * len(ballots) > budget for round in ours.rounds)
    assert raised > 30


def test_a_proportional_shortlist_is_that_of_abcvoting():
    for chance in elections():
        ideas = some_ideas(chance, 3, 9)
        ballots = approvals(chance, ideas, chance.randint(1, 25))
        approved = len(set().union(*ballots))
        if not approved:
            continue
        seats = chance.randint(1, approved)
        # It takes the first of equals, so its first is our smallest lot.
        order = Lots(SEED).order(ideas)
        profile = Committees(len(ideas))
        profile.add_voters([[order.index(idea) for idea in ballot] for ballot in ballots])
        [theirs] = compute_committees("equal-shares", profile, seats, algorithm="standard-fractions", resolute=True)
        ours = proportional(Approvals.of(ideas, ballots), seed=SEED, seats=seats)
        assert sorted(order.index(idea) for idea in ours.winners) == sorted(theirs)


@pytest.fixture(scope="module")
def toulouse():
    """The participatory budget of Toulouse in 2022, as pabutools reads it and as we count it."""
    instance, profile = parse_pabulib(str(real("toulouse-2022.pb")))
    costs = {int(project.name): int(project.cost) for project in instance}
    ballots = [{int(project.name) for project in ballot} for ballot in profile]
    assert (len(costs), len(ballots), instance.budget_limit) == (199, 4532, 8_000_000)
    return instance, profile, Approvals.of(costs, ballots), costs


def test_the_votes_of_toulouse_are_those_that_the_file_states(toulouse):
    instance, _, approvals, _ = toulouse
    stated = {int(project.name): int(instance.project_meta[project]["votes"]) for project in instance}
    assert approvals.votes() == stated


def test_the_greedy_outcome_of_toulouse_is_that_of_pabutools(toulouse):
    instance, profile, approvals, costs = toulouse
    ours = greedy_budget(approvals, costs, 8_000_000, seed=SEED)
    theirs = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=BY_LOT)
    assert set(ours.winners) == numbers(theirs)


@pytest.mark.parametrize("worth", WORTHS)
def test_the_equal_shares_of_toulouse_are_those_of_pabutools(toulouse, worth):
    instance, profile, approvals, costs = toulouse
    ours = equal_shares(approvals, costs, 8_000_000, seed=SEED, worth=worth, step=STEP)
    assert set(ours.winners) == numbers(shares_of_pabutools(instance, profile, WORTHS[worth], STEP))
