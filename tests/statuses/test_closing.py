"""Where a status closes an idea, whoever supports it has their vote again for another."""

import pytest

from campaign.extensions import db
from campaign.ledger.appending import append_to_logs
from campaign.ledger.verifying import verify
from campaign.statuses.arranging import WantedStatus, change_status, remove_status
from campaign.statuses.lists import own_list
from campaign.votes.allowance import NoVoteLeft, votes_left
from campaign.votes.models import Vote
from campaign.votes.returning import returned_to
from tests.makers import make_idea
from tests.voting import cast_vote


@pytest.fixture
def capped(campaign):
    """Each person has one vote."""
    campaign.stages[0].method_settings = {"cap": 1}
    db.session.commit()
    return campaign


@pytest.fixture
def other(campaign, people):
    made = make_idea(campaign, people.bea, category=campaign.categories[0])
    db.session.commit()
    return made


@pytest.fixture
def supported(people, capped, resealable):
    """carl has given his one vote to bea's idea."""
    cast_vote(resealable, people.carl, "first-vote")
    db.session.commit()
    return resealable


def told(person):
    return [vote.idea_id for vote in returned_to(person)]


@pytest.mark.parametrize("key", ["declined", "done"])
def test_votes_come_back_when_a_status_closes_the_idea(people, campaign, supported, other, stands, key):
    with pytest.raises(NoVoteLeft):
        cast_vote(other, people.carl, "second-vote")
    stands(key)
    assert votes_left(campaign, people.carl.id) == 1
    assert told(people.carl) == [supported.id]
    assert told(people.drew) == []
    assert cast_vote(other, people.carl, "second-vote").left == 0
    db.session.commit()
    assert (supported.votes, other.votes) == (1, 1)
    append_to_logs()
    assert verify(campaign).problems == []


def test_a_status_that_freezes_votes_for_a_while_gives_none_back(people, campaign, supported, stands):
    own_list(campaign)[1].freezes_votes = True
    db.session.commit()
    stands("under-review")
    assert votes_left(campaign, people.carl.id) == 0
    assert told(people.carl) == []


def test_opened_again_its_votes_are_bound_again(people, campaign, supported, other, stands):
    stands("declined")
    stands("under-review")
    assert votes_left(campaign, people.carl.id) == 0
    assert told(people.carl) == []
    assert supported.votes == 1


def test_who_gave_it_to_another_idea_meanwhile_keeps_it_there(people, campaign, supported, other, stands):
    stands("declined")
    cast_vote(other, people.carl, "second-vote")
    db.session.commit()
    stands("under-review")
    assert (supported.votes, other.votes) == (0, 1)
    assert [vote.idea_id for vote in db.session.scalars(db.select(Vote))] == [other.id]
    assert told(people.carl) == [supported.id]
    append_to_logs()
    assert verify(campaign).problems == []


def test_when_the_status_itself_comes_to_close_and_when_it_goes(people, campaign, supported, other, stands):
    stands("planned")
    assert votes_left(campaign, people.carl.id) == 0
    closing = WantedStatus({"en": "Gone"}, "done", "green", frozenset(), frozenset({"freezes_votes"}))
    change_status(campaign, people.ana, "planned", closing)
    db.session.commit()
    assert votes_left(campaign, people.carl.id) == 1
    assert told(people.carl) == [supported.id]
    cast_vote(other, people.carl, "second-vote")
    db.session.commit()
    remove_status(campaign, people.ana, "planned", "under-review", "We have fewer.")
    db.session.commit()
    assert (supported.votes, other.votes) == (0, 1)


def test_the_page_of_their_votes_says_so(app, ana, carl, soda_idea):
    carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01")
    ana.post(f"/ideas/{soda_idea}/status", status="declined", reason="No.", read="0")
    page = carl.get("/profile/votes").text
    assert "Your vote on “A can you can reseal” came back to you." in page
    assert "The idea stands at “Declined”, so you can give your vote to another." in page
