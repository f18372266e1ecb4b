"""Only time in which people can vote for an idea counts: not while its votes are frozen, nor while it is off the board."""

import pytest

from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import restore_idea, withdraw_idea
from campaign.ideas.models import Idea
from campaign.ladder.actions import set_ladder
from campaign.ladder.keeping import look, settle
from campaign.ladder.models import RESTING, Climb
from campaign.ladder.resting import time_left
from campaign.ladder.showing import progress_of
from campaign.ladder.timing import DAY, clock_at
from campaign.merging.actions import merge_ideas, undo_merge
from campaign.statuses.actions import set_status
from campaign.statuses.arranging import WantedStatus, change_status
from campaign.statuses.freezing import VotesFrozen
from campaign.statuses.lists import statuses_of
from tests.ladder.conftest import days_pass, support, vote_on
from tests.makers import make_idea
from tests.voting import cast_vote


@pytest.fixture
def stands(people, climbing):
    def place(key):
        set_status(climbing, people.ana, key, "Because.", freely=True)
        db.session.commit()
        look()
        db.session.expire_all()

    return place


@pytest.fixture
def other(people, campaign, climbing):
    made = make_idea(campaign, people.carl, category=campaign.categories[0])
    db.session.commit()
    return made


def left(idea):
    """Days, rounded: some moments pass by themselves."""
    db.session.expire_all()
    return round(time_left(idea.climb.due, clock_at(idea.campaign, now())) / DAY, 2)


def test_an_idea_whose_votes_are_frozen_never_expires_and_goes_on_with_what_it_had(people, climbing, other, stands):
    days_pass(climbing, 4)
    stands("done")
    days_pass(climbing, 5)
    assert left(climbing) == 6
    assert progress_of(climbing).rests == "the time rests while its votes stay as they are"
    assert progress_of(climbing).left in ("5 days left", "6 days left")
    days_pass(climbing, 30)
    assert (climbing.withdrawn, other.withdrawn) == (False, True)  # For the other one, people could vote.
    for _time in range(2):
        stands("under-review")
        assert left(climbing) == 6
    assert progress_of(climbing).rests == ""
    cast_vote(climbing, people.carl, "in-time-00")
    db.session.commit()
    days_pass(climbing, 7)
    assert climbing.expiry.step == 1


def test_what_was_not_written_down_yet_neither_expires_nor_is_overdue(people, climbing, stands):
    vote_on(climbing.campaign_id, 11)
    set_status(climbing, people.ana, "done", "Because.", freely=True)
    db.session.commit()
    with pytest.raises(VotesFrozen):
        cast_vote(climbing, people.carl, "frozen-000")
    look()
    db.session.expire_all()
    assert not climbing.withdrawn


def test_one_that_was_frozen_since_somebody_looked_does_not_expire(people, climbing):
    vote_on(climbing.campaign_id, 11)
    set_status(climbing, people.ana, "done", "Because.", freely=True)
    db.session.commit()
    settle(climbing.campaign_id, [climbing.id])
    db.session.expire_all()
    assert not climbing.withdrawn


def test_from_one_frozen_status_to_another_it_rests_on(climbing, stands):
    stands("done")
    days_pass(climbing, 20)
    stands("declined")
    days_pass(climbing, 20)
    stands("under-review")
    assert left(climbing) == 10


def test_a_status_that_freezes_votes_from_now_on(people, campaign, climbing, stands):
    stands("planned")
    days_pass(climbing, 3)
    planned = next(status for status in statuses_of(campaign) if status.key == "planned")
    wanted = WantedStatus({"en": "Planned"}, planned.kind, planned.colour, frozenset(), frozenset({"freezes_votes"}))
    change_status(campaign, people.ana, "planned", wanted)
    db.session.commit()
    look()
    days_pass(climbing, 20)
    assert not climbing.withdrawn
    assert left(climbing) == 7


def test_a_step_that_is_found_while_it_rests_takes_no_time_away(climbing, stands):
    """As when a seal ends over an idea that is done."""
    support(climbing, 1)
    days_pass(climbing, 8)
    stands("done")
    db.session.get_one(Idea, climbing.id).votes = 2
    db.session.commit()
    days_pass(climbing, 20)
    assert progress_of(climbing).step == 1
    stands("under-review")
    assert left(climbing) == 5


def test_an_idea_that_its_author_puts_back_has_what_it_had(people, climbing):
    days_pass(climbing, 6)
    withdraw_idea(climbing, people.bea, "Later.")
    db.session.commit()
    look()
    days_pass(climbing, 30)
    restore_idea(climbing, people.bea)
    db.session.commit()
    cast_vote(climbing, people.carl, "at-once-00")  # Before anybody has looked.
    db.session.commit()
    look()
    assert left(climbing) == 4
    days_pass(climbing, 5)
    assert climbing.expiry.step == 1


def test_an_idea_that_was_merged_has_what_it_had_when_it_is_one_again(people, climbing, other):
    days_pass(climbing, 6)
    merge_ideas(climbing, other, people.ana, "The same.")
    db.session.commit()
    look()
    days_pass(climbing, 30)
    assert other.withdrawal.kind == "expired"
    undo_merge(climbing, people.ana)
    db.session.commit()
    look()
    db.session.expire_all()
    assert not climbing.withdrawn
    assert left(climbing) == 4


def test_an_idea_that_expired_rests_not(climbing):
    days_pass(climbing, 11)
    look()
    assert db.session.get_one(Climb, climbing.id).due is None


def test_another_ladder_gives_an_idea_that_rests_its_whole_time(people, campaign, climbing):
    withdraw_idea(climbing, people.bea, "Later.")
    db.session.commit()
    look()
    days_pass(climbing, 30)
    set_ladder(campaign, people.ana, [[2, 20]])
    db.session.commit()
    db.session.expire_all()
    assert climbing.climb.due == RESTING + 20 * DAY
