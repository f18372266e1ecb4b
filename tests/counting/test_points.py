"""Approval, up and down, dots, score, statements: who gets more is never worse off."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from campaign.counting.approval import approval
from campaign.counting.ballots import Approvals, Marks
from campaign.counting.dots import dots
from campaign.counting.score import score
from campaign.counting.statements import statements
from campaign.counting.up_and_down import up_and_down
from tests.counting import profiles


def place(outcome, idea):
    return next(at for at, equal in enumerate(outcome.ranking) if idea in equal)


@given(profiles.approvals, st.data())
def test_one_more_approval_never_costs_an_idea_a_place(profile, data):
    idea = data.draw(st.sampled_from(profile.ideas))
    alone = (idea,)
    more = replace(profile, ballots={**profile.ballots, alone: profile.ballots.get(alone, 0) + 1})
    assert place(approval(more, seed="s"), idea) <= place(approval(profile, seed="s"), idea)


@given(profiles.marks(0, 5), st.data())
def test_a_mark_more_never_costs_an_idea_a_place(profile, data):
    idea = data.draw(st.sampled_from(profile.ideas))
    ballots = [dict(ballot) for ballot, people in profile.ballots.items() for _ in range(people)]
    for ballot in ballots[:1]:
        ballot[idea] = min(5, ballot.get(idea, 0) + 1)
    better = Marks.of(profile.ideas, ballots)
    assert place(score(better, seed="s", highest=5), idea) <= place(score(profile, seed="s", highest=5), idea)


def test_shares_are_of_everybody_who_voted():
    outcome = approval(Approvals.of([1, 2], [[1], [1, 2], []]), seed="s")
    assert outcome.figures == {"votes": {1: 2, 2: 1}, "shares": {1: Fraction(2, 3), 2: Fraction(1, 3)}}


def test_votes_against_are_taken_off():
    outcome = up_and_down(Marks.of([1, 2], [{1: 1, 2: -1}, {1: 1}, {1: -1, 2: 1}]), seed="s")
    assert outcome.figures == {"net": {1: 1, 2: 0}, "ups": {1: 2, 2: 1}, "downs": {1: 1, 2: 1}}
    assert outcome.winners == (1,)


def test_dots_may_all_go_to_one_idea():
    outcome = dots(Marks.of([1, 2], [{1: 5}, {2: 2}, {2: 2}]), seed="s", points=5)
    assert outcome.figures == {"points": {1: 5, 2: 4}, "people": {1: 1, 2: 2}}


def test_an_enthusiast_alone_does_not_outrank_what_many_like():
    outcome = score(Marks.of([1, 2], [{1: 5}, {2: 4}, {2: 4}]), seed="s", highest=5)
    assert outcome.winners == (2,)
    assert outcome.figures["means"] == {1: 5, 2: 4}


def test_one_agree_does_not_outrank_ninety_of_a_hundred():
    votes = [{1: 1}] + [{2: 1}] * 90 + [{2: -1}] * 6 + [{2: 0}] * 4
    outcome = statements(Marks.of([1, 2], votes), seed="s")
    assert outcome.winners == (2,)
    assert outcome.figures["agreement"] == {1: Fraction(2, 3), 2: Fraction(91, 102)}
    assert outcome.figures["pass"] == {1: 0, 2: 4}
