"""Schulze, instant run-off and the single transferable vote against pref_voting and votekit."""

from fractions import Fraction

from pref_voting.iterative_methods import instant_runoff_put, instant_runoff_tb
from pref_voting.margin_based_methods import beat_path
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.proportional_methods import stv_wig
from votekit.ballot import RankBallot
from votekit.elections import STV
from votekit.elections import Schulze as VotekitSchulze
from votekit.pref_profile import RankProfile

from campaign.counting.ballots import Rankings
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.schulze import schulze
from campaign.counting.ties import Lots
from campaign.counting.transferable import transferable
from tests.oracles.elections import SEED, elections, rankings, some_ideas


def with_ties(ideas, ballots):
    profile = ProfileWithTies(
        [{idea: place for place, idea in enumerate(ballot, 1)} for ballot in ballots], candidates=sorted(ideas)
    )
    profile.use_extended_strict_preference()
    return profile


def of_votekit(ideas, ballots):
    return RankProfile(
        ballots=tuple(RankBallot(ranking=tuple(frozenset([str(idea)]) for idea in ballot)) for ballot in ballots),
        candidates=tuple(str(idea) for idea in ideas),
    )


def test_schulze_has_the_winners_of_pref_voting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = rankings(chance, ideas, chance.randint(1, 20))
        profile = with_ties(ideas, ballots)
        ours = schulze(Rankings.of(ideas, ballots), seed=SEED)
        assert {pair: profile.support(*pair) for pair in ours.pairs["preferred"]} == ours.pairs["preferred"]
        assert list(ours.ranking[0]) == beat_path(profile, strength_function=profile.support)


def test_schulze_ranks_whole_ballots_as_votekit_does():
    decided = 0
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = rankings(chance, ideas, chance.randint(1, 20), whole=True)
        ours = schulze(Rankings.of(ideas, ballots), seed=SEED)
        theirs = VotekitSchulze(of_votekit(ideas, ballots), n_seats=len(ideas)).election_states[1]
        order = [int(idea) for [idea] in theirs.elected]
        # votekit puts into one tier whoever isn't beaten by all above: those are equal there, and need not be here.
        tiers = [{int(idea) for idea in tier} for tier in theirs.tiebreaks]
        above = [
            (a, b) for at, a in enumerate(order) for b in order[at + 1 :] if not any({a, b} <= tier for tier in tiers)
        ]
        strength = ours.pairs["strength"]
        assert all(strength[a, b] > strength[b, a] for a, b in above)
        assert set(ours.ranking[0]) <= next((tier for tier in tiers if order[0] in tier), {order[0]})
        decided += len(above)
    assert decided > 1000


def test_instant_runoff_has_the_winner_of_pref_voting():
    for chance in elections():
        ideas = some_ideas(chance)
        ballots = rankings(chance, ideas, chance.randint(1, 20))
        profile = with_ties(ideas, ballots)
        ours = instant_runoff(Rankings.of(ideas, ballots), seed=SEED)
        assert ours.winners[0] in instant_runoff_put(profile)
        # Told our lots, it breaks every tie as we do.
        leaving_first = Lots(SEED).order(ideas)[::-1]
        assert list(ours.winners) == instant_runoff_tb(profile, tie_breaker=leaving_first)


def test_the_transferable_vote_elects_whom_pref_voting_elects():
    tied = 0
    for chance in elections():
        ideas = some_ideas(chance, 3, 9)
        ballots = rankings(chance, ideas, chance.randint(3, 60))
        seats = chance.randint(1, len(ideas) - 1)
        order = Lots(SEED).order(ideas)
        ours = transferable(Rankings.of(ideas, ballots), seed=SEED, seats=seats)
        theirs = stv_wig(with_ties(ideas, ballots), num_seats=seats, quota_rule="droop", tie_break_key=order.index)
        assert sorted(ours.winners) == theirs
        tied += bool(ours.ties)
    assert tied > 10


def test_the_transferable_vote_elects_whom_votekit_elects_in_the_same_rounds():
    compared = 0
    for chance in elections(more=3):
        ideas = some_ideas(chance, 3, 9)
        ballots = rankings(chance, ideas, chance.randint(30, 90))
        seats = chance.randint(1, len(ideas) - 1)
        ours = transferable(Rankings.of(ideas, ballots), seed=SEED, seats=seats)
        if ours.ties or len({idea for ballot in ballots for idea in ballot}) < len(ideas):
            continue  # votekit breaks ties by its own ways.
        theirs = STV(of_votekit(ideas, ballots), n_seats=seats, exact=True, tiebreak="borda")
        assert [{int(idea) for idea in tier} for tier in theirs.get_elected()] == [set(t) for t in elected_in(ours)]
        first = theirs.election_states[1].scores if len(theirs.election_states) > 1 else {}
        assert all(isinstance(votes, Fraction | int) for votes in first.values())
        compared += 1
    assert compared >= 300


def elected_in(outcome):
    return [tier for tier in outcome.ranking if set(tier) <= set(outcome.winners)]
