"""Approval, up and down, dots, score and statements against pref_voting, abcvoting and pandas."""

import pandas as pd
import pytest
from abcvoting.abcrules import compute as compute_committees
from abcvoting.preferences import Profile as Committees
from pref_voting.grade_methods import approval as reference_approval
from pref_voting.grade_methods import cumulative_voting, dis_and_approval, score_voting
from pref_voting.grade_profiles import GradeProfile

from campaign.counting.approval import approval
from campaign.counting.ballots import Approvals, Marks
from campaign.counting.dots import dots
from campaign.counting.score import score
from campaign.counting.statements import statements
from campaign.counting.up_and_down import up_and_down
from tests.oracles.elections import SEED, approvals, conversation, elections, real, some_ideas


def test_approval_has_the_winners_of_pref_voting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = approvals(chance, ideas, chance.randint(1, 20))
        graded = GradeProfile([dict.fromkeys(ballot, 1) for ballot in ballots], [0, 1], candidates=ideas)
        ours = approval(Approvals.of(ideas, ballots), seed=SEED)
        assert list(ours.ranking[0]) == reference_approval(graded)


def test_the_first_of_an_approval_vote_are_a_committee_of_abcvoting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = approvals(chance, ideas, chance.randint(1, 20))
        seats = chance.randint(1, len(ideas))
        profile = Committees(len(ideas))
        profile.add_voters([[ideas.index(idea) for idea in ballot] for ballot in ballots])
        ours = approval(Approvals.of(ideas, ballots), seed=SEED, seats=seats)
        committees = compute_committees("av", profile, seats, resolute=False)
        assert {ideas.index(idea) for idea in ours.winners} in [set(committee) for committee in committees]
        assert len(ours.winners) == seats
        assert bool(ours.ties) == (len(committees) > 1)


def test_up_and_down_has_the_winners_of_pref_voting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = [
            {idea: chance.choice([1, 1, -1]) for idea in ideas if chance.random() < 0.5}
            for _ in range(chance.randint(1, 20))
        ]
        ours = up_and_down(Marks.of(ideas, ballots), seed=SEED)
        assert list(ours.ranking[0]) == dis_and_approval(GradeProfile(ballots, [-1, 0, 1], candidates=ideas))


def test_dots_have_the_winners_of_pref_voting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = []
        for _ in range(chance.randint(1, 20)):
            ballot = dict.fromkeys(ideas, 0)
            for idea in chance.choices(ideas, k=5):
                ballot[idea] += 1
            ballots.append(ballot)
        ours = dots(Marks.of(ideas, ballots), seed=SEED, points=5)
        graded = GradeProfile(ballots, list(range(6)), candidates=ideas)
        assert list(ours.ranking[0]) == cumulative_voting(graded, max_total_grades=5)


def test_score_has_the_winners_of_pref_voting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = [
            {idea: chance.randint(0, 5) for idea in ideas if chance.random() < 0.6}
            for _ in range(chance.randint(1, 20))
        ]
        ours = score(Marks.of(ideas, ballots), seed=SEED, highest=5)
        graded = GradeProfile(ballots, list(range(6)), candidates=ideas)
        assert list(ours.ranking[0]) == score_voting(graded, ungraded_score=0)


def test_statements_are_tallied_as_by_pandas():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = [
            {idea: chance.choice([1, 0, -1]) for idea in ideas if chance.random() < 0.5}
            for _ in range(chance.randint(1, 20))
        ]
        compare_tally(ideas, ballots)


@pytest.mark.parametrize("name", ["polis-brexit-consensus", "polis-15-per-hour-seattle"])
def test_a_real_conversation_is_tallied_as_by_pandas(name):
    compare_tally(*conversation(real(name)))


def compare_tally(ideas, ballots):
    ours = statements(Marks.of(ideas, ballots), seed=SEED).figures
    table = pd.DataFrame(ballots, columns=ideas)
    for idea in ideas:
        agree, disagree, passed = ((table[idea] == mark).sum() for mark in (1, -1, 0))
        assert (ours["agree"][idea], ours["disagree"][idea], ours["pass"][idea]) == (agree, disagree, passed)
        assert float(ours["agreement"][idea]) == pytest.approx((agree + 1) / (agree + disagree + passed + 2))
