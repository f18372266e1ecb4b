"""Merges, votes and undos in the same moment: one comes after the other, and the log agrees with what is there."""

import pytest

from campaign.accounts.models import Person
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.merging.actions import merge_ideas, step_out, undo_merge
from campaign.merging.models import DuplicateProposal, Merge
from campaign.merging.proposing import propose_duplicate
from campaign.votes.models import Vote
from tests.merging.test_merging import WHY, check, ids, supporters
from tests.voting import cast_vote, withdraw_vote


@pytest.fixture
def numbers(people, supported, voters):
    one, other = supported
    return one.id, other.id, people.ana.id, [voter.id for voter in voters]


def rows(one, other, person):
    return db.session.get_one(Idea, one), db.session.get_one(Idea, other), db.session.get_one(Person, person)


def act(do, *args):
    """In a thread of its own, with rows of its own; a refusal is an answer like another."""

    def run():
        *ideas, person = rows(*args)
        yield
        try:
            do(*ideas, person)
        except Refused:
            db.session.rollback()

    return run


def of_both(one, other):
    db.session.expire_all()
    return supporters(one) | supporters(other)


def test_merged_both_ways_at_once_one_of_them_stays(numbers, supported, voters, at_once):
    one, other, ana, _voters = numbers

    def there(first, second, by):
        merge_ideas(first, second, by, WHY)

    at_once(act(there, one, other, ana), act(there, other, one, ana))
    db.session.expire_all()
    assert len(db.session.scalars(db.select(Merge)).all()) == 1
    assert [idea.withdrawn for idea in supported].count(True) == 1
    assert of_both(*supported) == ids(voters)
    assert sorted(idea.votes for idea in supported) == [0, 6]
    check(supported[0].campaign)


def test_two_moderators_merge_and_undo_at_once(numbers, supported, at_once):
    one, other, ana, _voters = numbers

    def there(first, second, by):
        merge_ideas(first, second, by, WHY)

    def back(first, _second, by):
        undo_merge(first, by)

    at_once(act(there, one, other, ana), act(there, one, other, ana))
    assert len(db.session.scalars(db.select(Merge)).all()) == 1
    check(supported[0].campaign)
    at_once(act(back, one, other, ana), act(back, one, other, ana))
    db.session.expire_all()
    assert [idea.votes for idea in supported] == [4, 3]
    check(supported[0].campaign)


def test_votes_that_come_during_a_merge_are_before_it_or_after(numbers, supported, people, at_once, elsewhere):
    one, other, ana, voters = numbers

    def there(first, second, by):
        merge_ideas(first, second, by, WHY)

    def cast(first, second, voter):
        cast_vote(first, voter, "during-the-merge")

    def take(first, second, voter):
        withdraw_vote(second, voter, "during-the-merge")

    at_once(
        act(there, one, other, ana),
        act(cast, one, other, people.drew.id),
        act(cast, one, other, voters[5]),
        act(take, one, other, voters[4]),
    )
    db.session.expire_all()
    assert supporters(supported[0]) == set()
    assert voters[4] not in supporters(supported[1])
    assert supported[1].votes == len(supporters(supported[1]))
    check(supported[0].campaign)


def test_stepping_out_during_an_undo_leaves_no_vote_behind(numbers, supported, elsewhere, at_once):
    one, other, ana, voters = numbers
    elsewhere(lambda: merge_ideas(*rows(one, other, ana), WHY))

    def back(first, _second, by):
        undo_merge(first, by)

    def out(first, _second, voter):
        step_out(first, voter)

    at_once(act(back, one, other, ana), act(out, one, other, voters[0]))
    db.session.expire_all()
    assert voters[0] not in supporters(supported[1])
    assert db.session.scalar(db.select(db.func.count()).select_from(Vote)) in (6, 7)
    check(supported[0].campaign)


def test_proposed_at_once_both_ways_it_is_one_pair(numbers, people, at_once):
    one, other, ana, _voters = numbers
    drew = people.drew.id

    def say(first, second, by):
        propose_duplicate(first, second, by)

    at_once(act(say, one, other, drew), act(say, other, one, drew), act(say, one, other, ana))
    assert len(db.session.scalars(db.select(DuplicateProposal)).all()) == 2
