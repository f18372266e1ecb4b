"""Who is set aside and who is not: planted crowds, honest and not."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pytest

from campaign.doubts.signals import THROWAWAY, Cast, Handed, doubtful, doubtful_ballots

pytestmark = pytest.mark.one_database

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Town:
    """Everybody who votes on one day, for thirty ideas of which some are better liked."""

    def __init__(self, seed):
        self.random, self.people, self.votes, self.false = Random(seed), count(1), [], set()

    def person(self, at, ideas, network, email="@example.org", joined=None, false=False, pace=20.0):
        """Somebody who votes for these ideas, one after the other."""
        voter = next(self.people)
        joined = joined or at - timedelta(days=self.random.uniform(1, 300))
        for place, idea in enumerate(ideas):
            moment = at + timedelta(seconds=place * pace * self.random.uniform(0.5, 2))
            only = len(ideas) == 1
            self.votes.append(Cast(idea, voter, moment, joined, f"p{voter}{email}", only, frozenset({network})))
        if false:
            self.false |= {(idea, voter) for idea in ideas}

    def liked(self, number):
        return self.random.sample(range(30), number)

    def town(self, people=600):
        """People at home: some came today, and every fifth for the idea of somebody they know."""
        for number in range(people):
            at = NOON + timedelta(minutes=self.random.uniform(-600, 600))
            came = at - timedelta(minutes=self.random.uniform(1, 50)) if self.random.random() < 0.3 else None
            ideas = self.liked(1 if self.random.random() < 0.2 else self.random.randint(2, 8))
            self.person(at, ideas, f"home {number // 2}", joined=came)

    def office(self, people=60, minutes=40):
        """One address at lunch: most sign up there and then, and every fourth votes for one idea only, often a colleague's."""
        for _ in range(people):
            at = NOON + timedelta(minutes=self.random.uniform(0, minutes))
            new = self.random.random() < 0.7
            ideas = [self.random.choice((3, 3, 3, 17, 21))] if self.random.random() < 0.25 else self.liked(4)
            joined = at - timedelta(minutes=self.random.uniform(1, 8)) if new else None
            self.person(at, ideas, "office", joined=joined)

    def bots(self, people=60, idea=5, minutes=8.0, network="rack", email="@example.org", after=20.0):
        for number in range(people):
            at = NOON + timedelta(minutes=minutes * number / people)
            self.person(
                at,
                [idea],
                network if isinstance(network, str) else network(number),
                email=email,
                joined=at - timedelta(seconds=after),
                false=True,
            )

    def found(self):
        return set(doubtful(self.votes))


@pytest.mark.parametrize("seed", range(5))
def test_a_lunch_hour_of_one_office_is_left_in_peace(seed):
    town = Town(seed)
    town.town()
    town.office()
    assert town.found() == set()


@pytest.mark.parametrize("seed", range(5))
def test_a_burst_of_accounts_for_one_idea_is_set_aside_and_nobody_else(seed):
    town = Town(seed)
    town.town()
    town.office()
    town.bots()
    town.bots(30, idea=9, network=lambda number: f"home {number}", email="@mailinator.com")
    town.bots(30, idea=11, network=lambda number: f"proxy {number}", after=1.0)
    found = town.found()
    right = found & town.false
    precision, recall = len(right) / len(found), len(right) / len(town.false)
    print(f"precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.99
    assert recall >= 0.95


def test_a_burst_from_the_office_itself_is_told_apart_only_where_it_is_most_of_what_comes_from_there():
    town = Town(1)
    town.office(people=20)
    town.bots(60, network="office")
    assert town.found() == town.false
    town = Town(1)
    town.office(people=60)
    town.bots(8, network="office", minutes=5)
    assert town.found() == set()  # In doubt, for the voters.


def test_patient_machines_from_many_places_are_not_found():
    """What this can't do, so that nobody believes it can: slow, spread accounts with ordinary addresses look like people."""
    town = Town(1)
    town.bots(60, network=lambda number: f"proxy {number}", minutes=600)
    assert town.found() == set()


@pytest.mark.parametrize("signal", ["throwaway", "one_vote", "at_once", "address"])
def test_one_signal_alone_sets_nothing_aside(signal):
    joined = {"one_vote": timedelta(minutes=5), "at_once": timedelta(seconds=2)}.get(signal, timedelta(days=9))
    only = signal == "one_vote"
    email = f"a@{min(THROWAWAY)}" if signal == "throwaway" else "a@example.org"
    votes = [
        Cast(1, n, NOON, NOON - joined, email, only, frozenset({"one"} if signal == "address" else ()))
        for n in range(50)
    ]
    assert doubtful(votes) == {}


def test_faster_than_by_hand_needs_more_than_a_phone_that_was_offline():
    def row(number, gap):
        return [
            Cast(idea, 1, NOON + timedelta(seconds=gap * idea), NOON - timedelta(days=9), "a@example.org", False)
            for idea in range(number)
        ]

    assert doubtful(row(20, 0.05)) == {}
    assert doubtful(row(60, 1.0)) == {}
    assert all(reasons == ["too_fast"] for reasons in doubtful(row(40, 0.05)).values())
    assert len(doubtful(row(40, 0.05))) == 40


class Hall(Town):
    """The same people with a ballot for all ideas: everybody hands in one, and some of them say the same."""

    def __init__(self, seed, different=40):
        super().__init__(seed)
        self.ballots, self.different = [], different

    def liked(self, number):
        """What a ballot says: some are more usual than others."""
        return [int(self.different * self.random.random() ** 2)]

    def person(self, at, ideas, network, email="@example.org", joined=None, false=False, pace=20.0):
        voter = next(self.people)
        joined = joined or at - timedelta(days=self.random.uniform(1, 300))
        known = self.random.random() < 0.5 and not false  # Has voted before, or written something.
        networks = frozenset({network})
        self.ballots.append(Handed(1, voter, at, joined, f"p{voter}{email}", not known, networks, ideas[0]))
        if false:
            self.false.add((1, voter))

    def office(self, people=60, minutes=40, says=None):
        """Most sign up there and then, and hand in nothing else."""
        for _ in range(people):
            at = NOON + timedelta(minutes=self.random.uniform(0, minutes))
            joined = at - timedelta(minutes=self.random.uniform(1, 8)) if self.random.random() < 0.9 else None
            self.person(at, [says] if says is not None else self.liked(1), "office", joined=joined)

    def found(self):
        return set(doubtful_ballots(self.ballots))


@pytest.mark.parametrize("different", [1, 2, 40])
@pytest.mark.parametrize("seed", range(5))
def test_an_office_that_fills_in_ballots_at_lunch_is_left_in_peace(seed, different):
    """Also where there is little to choose, so that most ballots say the same."""
    hall = Hall(seed, different)
    hall.town()
    hall.office(minutes=9)
    assert hall.found() == set()


@pytest.mark.parametrize("seed", range(5))
def test_a_burst_of_accounts_with_the_same_ballot_is_set_aside_and_nobody_else(seed):
    hall = Hall(seed)
    hall.town()
    hall.office(minutes=9)
    hall.bots(idea=35)
    hall.bots(30, idea=36, network=lambda number: f"home {number}", email="@mailinator.com")
    hall.bots(30, idea=37, network=lambda number: f"proxy {number}", after=1.0)
    found = hall.found()
    right = found & hall.false
    assert len(right) / len(found) >= 0.99
    assert len(right) / len(hall.false) >= 0.95


def test_a_network_where_everybody_says_the_same_is_no_plot_where_nobody_else_votes():
    """A firm's own campaign: there is nothing to hold them against."""
    hall = Hall(1)
    hall.office(people=20, minutes=9, says=3)
    assert hall.found() == set()


@pytest.mark.parametrize("signal", ["throwaway", "only_ballot", "at_once", "address"])
def test_one_signal_alone_sets_no_ballot_aside(signal):
    joined = {"only_ballot": timedelta(minutes=5), "at_once": timedelta(seconds=2)}.get(signal, timedelta(days=9))
    email = f"a@{min(THROWAWAY)}" if signal == "throwaway" else "a@example.org"
    network = frozenset({"one"} if signal == "address" else ())
    others = [Handed(1, 100 + n, NOON, NOON - timedelta(days=9), "b@example.org", False, says=2) for n in range(50)]
    ballots = [Handed(1, n, NOON, NOON - joined, email, signal == "only_ballot", network, says=1) for n in range(50)]
    assert doubtful_ballots([*others, *ballots]) == {}


def test_answers_faster_than_two_ideas_can_be_read_need_ten_in_a_row():
    def ballot(answers, gap):
        at = tuple(NOON + timedelta(seconds=gap * number) for number in range(answers))
        return {(1, 1): Handed(1, 1, NOON, NOON - timedelta(days=9), "a@example.org", False, answers=at)}

    assert doubtful_ballots(ballot(9, 0.1).values()) == {}
    assert doubtful_ballots(ballot(30, 1.0).values()) == {}
    assert doubtful_ballots(ballot(10, 0.1).values()) == {(1, 1): ["too_fast"]}


def test_where_fewer_are_asked_so_many_fast_answers_are_enough_but_not_fewer_than_five():
    def ballot(answers, asked):
        at = tuple(NOON + timedelta(seconds=0.1 * number) for number in range(answers))
        of = Handed(1, 1, NOON, NOON - timedelta(days=9), "a@example.org", False, answers=at, asked=asked)
        return doubtful_ballots([of])

    assert ballot(6, 6) == ballot(5, 5) == ballot(10, 20) == {(1, 1): ["too_fast"]}
    assert ballot(5, 6) == ballot(4, 4) == ballot(3, 3) == ballot(9, 20) == {}
