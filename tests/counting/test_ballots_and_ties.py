"""What everybody relies on: ballots that hold together, and lots that anybody can draw again."""

import hashlib

import pytest

from campaign.counting.approval import approval
from campaign.counting.ballots import Approvals, BadBallot, Duels, Marks, Rankings
from campaign.counting.dots import dots
from campaign.counting.instant_runoff import instant_runoff
from campaign.counting.score import score
from campaign.counting.ties import Lots, Tie, lot


def test_equal_ballots_are_kept_once_with_how_many_cast_them():
    profile = Approvals.of([1, 2, 3], [[1, 2], [2, 1], [3], []])
    assert profile.ballots == {(1, 2): 2, (3,): 1, (): 1}
    assert profile.people == 4


@pytest.mark.parametrize(
    ("kind", "ballot", "why"),
    [
        (Approvals, [9], "not standing: \\[9\\]"),
        (Marks, {9: 1}, "not standing"),
        (Marks, {1: 0.5}, "not a whole number"),
        (Rankings, [1, 9], "not standing"),
        (Rankings, [1, 2, 1], "ranked twice"),
        (Duels, (1, 9), "not standing"),
        (Duels, (1, 1), "preferred to itself"),
    ],
)
def test_a_ballot_that_cannot_be_counted_is_named(kind, ballot, why):
    with pytest.raises(BadBallot, match=why):
        kind.of([1, 2], [ballot])


def test_limits_of_a_method_are_kept():
    with pytest.raises(BadBallot, match="more than 1"):
        approval(Approvals.of([1, 2], [[1, 2]]), seed="s", cap=1)
    with pytest.raises(BadBallot, match="more than 5 points"):
        dots(Marks.of([1, 2], [{1: 3, 2: 3}]), seed="s", points=5)
    with pytest.raises(BadBallot, match="not between 0 and 5"):
        score(Marks.of([1], [{1: -1}]), seed="s", highest=5)


def test_a_lot_is_the_digest_of_seed_and_idea():
    assert lot("soda vote", 7) == hashlib.sha256(b"soda vote:7").hexdigest()


def test_lots_favour_neither_early_nor_late_ideas():
    places = dict.fromkeys(range(1, 5), 0)
    for vote in range(2000):
        places[Lots(f"vote {vote}").order(range(1, 5))[0]] += 1
    assert all(400 < firsts < 600 for firsts in places.values())


def test_an_outcome_says_where_a_lot_decided():
    tied = approval(Approvals.of([1, 2, 3], [[1, 2], [1, 2], [3]]), seed="soda vote")
    first = min([1, 2], key=lambda idea: lot("soda vote", idea))
    assert tied.ranking == ((1, 2), (3,))
    assert tied.winners == (first,)
    assert tied.ties == (Tie("winning", (1, 2), (first,)),)


def test_equals_who_all_win_need_no_lot():
    both = approval(Approvals.of([1, 2, 3], [[1, 2], [1, 2], [3]]), seed="soda vote", seats=2)
    assert set(both.winners) == {1, 2}
    assert both.ties == ()


def test_where_one_must_leave_it_is_the_largest_lot():
    tied = instant_runoff(Rankings.of([1, 2, 3], [[1], [2], [3]]), seed="soda vote")
    assert tied.winners == tuple(sorted([1, 2, 3], key=lambda idea: lot("soda vote", idea))[:1])
    assert [(tie.over, tie.in_round, len(tie.equal)) for tie in tied.ties] == [("leaving", 1, 3), ("leaving", 2, 2)]
