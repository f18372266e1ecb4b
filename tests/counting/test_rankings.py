"""Schulze, instant run-off, the single transferable vote: known elections, and what each promises."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.counting.ballots import Rankings
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.schulze import duels_on, schulze
from campaign.counting.transferable import transferable
from tests.counting import profiles

A, B, C, D, E = 1, 2, 3, 4, 5


def test_the_example_of_schulze():
    # Schulze 2011, section 3.1: 45 people, five candidates, E > A > C > B > D.
    profile = Rankings(
        (A, B, C, D, E),
        {
            (A, C, B, E, D): 5,
            (A, D, E, C, B): 5,
            (B, E, D, A, C): 8,
            (C, A, B, E, D): 3,
            (C, A, E, B, D): 7,
            (C, B, A, D, E): 2,
            (D, C, E, B, A): 7,
            (E, B, A, D, C): 8,
        },
    )
    outcome = schulze(profile, seed="s")
    assert outcome.ranking == ((E,), (A,), (C,), (B,), (D,))
    assert outcome.pairs["preferred"][A, B] == 20
    assert outcome.pairs["strength"][A, B] == 28


@given(profiles.rankings)
def test_who_wins_every_duel_wins_by_schulze(profile):
    preferred = duels_on(profile)
    unbeaten = [a for a in profile.ideas if all(preferred[a, b] > preferred[b, a] for b in profile.ideas if a != b)]
    if unbeaten:
        assert schulze(profile, seed="s").ranking[0] == tuple(unbeaten)


@given(profiles.rankings, st.data())
def test_to_be_raised_on_a_ballot_never_makes_a_winner_lose_by_schulze(profile, data):
    winners = schulze(profile, seed="s").ranking[0]
    winner = data.draw(st.sampled_from(winners))
    ballots = dict(profile.ballots)
    if ballots:
        ballot = data.draw(st.sampled_from(sorted(ballots)))
        raised = (winner, *(idea for idea in ballot if idea != winner))
        people = ballots.pop(ballot)
        ballots[raised] = ballots.get(raised, 0) + people
    assert winner in schulze(replace(profile, ballots=ballots), seed="s").ranking[0]


@given(profiles.rankings)
def test_duels_count_who_is_ranked_above_who_is_left_out(profile):
    def above(ballot, a, b):
        return a in ballot and (b not in ballot or ballot.index(a) < ballot.index(b))

    assert duels_on(profile) == {
        (a, b): sum(people for ballot, people in profile.ballots.items() if above(ballot, a, b))
        for a in profile.ideas
        for b in profile.ideas
        if a != b
    }


@settings(max_examples=50)
@given(profiles.rankings)
def test_a_chain_leads_over_won_duels_and_is_as_strong_as_its_weakest(profile):
    preferred, strength = (schulze(profile, seed="s").pairs[name] for name in ("preferred", "strength"))
    for a, b in permutations(profile.ideas, 2):
        between = set(profile.ideas) - {a, b}
        chains = [list(pairwise((a, *via, b))) for many in range(5) for via in permutations(between, many)]
        won = [chain for chain in chains if all(preferred[x, y] > preferred[y, x] for x, y in chain)]
        assert strength[a, b] == max((min(preferred[link] for link in chain) for chain in won), default=0)


def test_tennessee_by_instant_runoff():
    memphis, nashville, chattanooga, knoxville = range(1, 5)
    profile = Rankings(
        (memphis, nashville, chattanooga, knoxville),
        {
            (memphis, nashville, chattanooga, knoxville): 42,
            (nashville, chattanooga, knoxville, memphis): 26,
            (chattanooga, knoxville, nashville, memphis): 15,
            (knoxville, chattanooga, nashville, memphis): 17,
        },
    )
    outcome = instant_runoff(profile, seed="s")
    assert outcome.ranking == ((knoxville,), (memphis,), (nashville,), (chattanooga,))
    assert outcome.rounds[-2].held == {memphis: 42, knoxville: 58}
    assert schulze(profile, seed="s").winners == (nashville,)


@given(profiles.rankings, st.data())
def test_a_majority_of_first_places_wins_by_instant_runoff(profile, data):
    first = data.draw(st.sampled_from(profile.ideas))
    majority = Rankings(profile.ideas, {**profile.ballots, (first,): profile.people + 1})
    assert instant_runoff(majority, seed="s").winners == (first,)


@given(profiles.rankings)
def test_no_vote_is_lost_or_made_in_a_runoff(profile):
    for round in instant_runoff(profile, seed="s").rounds:
        assert sum(round.held.values()) + round.numbers["exhausted"] == profile.people


def test_a_surplus_passes_on_at_a_fraction():
    # Quota 100 // 3 + 1 = 34. A has 60: 26 go on from all 60 ballots, 26/60 of a vote each.
    profile = Rankings((A, B, C), {(A, B): 40, (A, C): 20, (B,): 16, (C,): 24})
    outcome = transferable(profile, seed="s", seats=2)
    assert outcome.rounds[0].decided == "elected"
    assert outcome.rounds[0].numbers["quota"] == 34
    assert outcome.rounds[1].held == {B: 16 + Fraction(40 * 26, 60), C: 24 + Fraction(20 * 26, 60)}
    assert outcome.winners == (A, B) if outcome.rounds[1].held[B] > outcome.rounds[1].held[C] else (A, C)


@given(profiles.rankings, st.integers(1, 4))
def test_every_place_is_filled_and_no_vote_is_made(profile, seats):
    outcome = transferable(profile, seed="s", seats=seats)
    assert len(outcome.winners) == min(seats, len(profile.ideas))
    voting = sum(people for ballot, people in profile.ballots.items() if ballot)
    kept = 0
    for round in outcome.rounds:
        quota = round.numbers["quota"]
        assert sum(round.held.values()) + round.numbers["lost"] + kept == voting
        kept += quota * len(round.ideas) if round.decided == "elected" else 0


@settings(max_examples=40)
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_a_group_of_some_quotas_gets_as_many_places(seats, group, data):
    # Proportionality for solid coalitions: who ranks the same ideas first, in any order among them.
    theirs, others = list(range(1, 1 + group)), list(range(10, 15))
    people = data.draw(st.integers(1, 12))
    ballots = [(*data.draw(st.permutations(theirs)), *data.draw(st.permutations(others))) for _ in range(people)] + [
        tuple(data.draw(st.permutations(others))) for _ in range(data.draw(st.integers(0, 12)))
    ]
    outcome = transferable(Rankings.of([*theirs, *others], ballots), seed="s", seats=seats)
    quota = len(ballots) // (seats + 1) + 1
    assert len(set(outcome.winners) & set(theirs)) >= min(people // quota, group)
