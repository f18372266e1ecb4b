"""What must hold whatever the rule: nobody's name counts, no idea's number counts, and a lot is drawn only where it must be."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.counting.approval import approval
from campaign.counting.ballots import Duels
from campaign.counting.dots import dots
from campaign.counting.duels import duels
from campaign.counting.equal_shares import equal_shares
from campaign.counting.greedy_budget import greedy_budget
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.proportional import proportional
from campaign.counting.schulze import schulze
from campaign.counting.score import score
from campaign.counting.statements import statements
from campaign.counting.transferable import transferable
from campaign.counting.up_and_down import up_and_down
from tests.counting import profiles

COSTS = {idea: 10 + idea % 7 * 5 for idea in range(200)}


def greedy(profile, *, seed):
    return greedy_budget(profile, COSTS, 60, seed=seed)


def shares(profile, *, seed):
    return equal_shares(profile, COSTS, 60, seed=seed)


RULES = {
    "approval": (profiles.approvals, lambda profile, seed: approval(profile, seed=seed, seats=2)),
    "up_and_down": (profiles.marks(-1, 1), lambda profile, seed: up_and_down(profile, seed=seed, seats=2)),
    "dots": (profiles.marks(0, 3), lambda profile, seed: dots(profile, seed=seed, points=20)),
    "score": (profiles.marks(0, 5), lambda profile, seed: score(profile, seed=seed, highest=5)),
    "statements": (profiles.marks(-1, 1), lambda profile, seed: statements(profile, seed=seed)),
    "schulze": (profiles.rankings, lambda profile, seed: schulze(profile, seed=seed)),
    "instant_runoff": (profiles.rankings, lambda profile, seed: instant_runoff(profile, seed=seed)),
    "transferable": (profiles.rankings, lambda profile, seed: transferable(profile, seed=seed, seats=2)),
    "greedy_budget": (profiles.approvals, lambda profile, seed: greedy(profile, seed=seed)),
    "equal_shares": (profiles.approvals, lambda profile, seed: shares(profile, seed=seed)),
    "proportional": (profiles.approvals, lambda profile, seed: proportional(profile, seed=seed, seats=3)),
}
every_rule = pytest.mark.parametrize("rule", RULES)
few = settings(max_examples=25)


@every_rule
@few
@given(data=st.data())
def test_the_order_of_ballots_changes_nothing(rule, data):
    drawn, count = RULES[rule]
    profile = data.draw(drawn)
    shuffled = replace(profile, ballots=dict(data.draw(st.permutations(list(profile.ballots.items())))))
    assert count(profile, "seed") == count(shuffled, "seed")


# Not those that speak of whole people: a quota, one more seen, one unit for each.
@pytest.mark.parametrize("rule", sorted(RULES.keys() - {"transferable", "statements", "equal_shares"}))
@few
@given(data=st.data())
def test_ten_times_as_many_of_each_change_no_winner(rule, data):
    drawn, count = RULES[rule]
    profile = data.draw(drawn)
    many = replace(profile, ballots={ballot: 10 * people for ballot, people in profile.ballots.items()})
    assert count(profile, "seed").winners == count(many, "seed").winners


@every_rule
@few
@given(data=st.data())
def test_without_ties_the_seed_changes_nothing(rule, data):
    drawn, count = RULES[rule]
    profile = data.draw(drawn)
    outcome = count(profile, "seed")
    if not outcome.ties:
        again = count(profile, "another seed")
        assert set(again.winners) == set(outcome.winners)
        assert again.ranking == outcome.ranking or rule in ("equal_shares", "proportional", "greedy_budget")


@every_rule
@few
@given(data=st.data())
def test_every_idea_has_one_place_and_winners_are_among_them(rule, data):
    drawn, count = RULES[rule]
    profile = data.draw(drawn)
    outcome = count(profile, "seed")
    assert sorted(idea for equal in outcome.ranking for idea in equal) == list(profile.ideas)
    assert len(set(outcome.winners)) == len(outcome.winners)
    assert set(outcome.winners) <= set(profile.ideas)
    for tie in outcome.ties:
        assert set(tie.taken) < set(tie.equal)


@few
@given(st.lists(st.permutations([1, 2, 3, 4, 5]).map(lambda ideas: tuple(ideas[:2])), max_size=25), st.randoms())
def test_duels_give_the_same_numbers_in_any_order(answers, chance):
    outcome = duels(Duels.of(range(1, 6), answers), seed="seed")
    chance.shuffle(answers)
    assert duels(Duels.of(range(1, 6), answers), seed="seed") == outcome
