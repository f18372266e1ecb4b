"""An idea that leaves the board gives its votes back, and says so to each voter."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.actions import SupportedIdea, withdraw_idea
from campaign.ideas.models import Idea
from campaign.ideas.totals import count_votes
from campaign.ledger.appending import append_to_logs
from campaign.ledger.models import BallotLog
from campaign.ledger.verifying import verify
from campaign.votes import actions
from campaign.votes.actions import hand_back
from campaign.votes.models import Vote
from tests.campaign_cast import suggest
from tests.makers import make_person
from tests.voting import cast_vote

VOTES = "/profile/votes"


@pytest.fixture
def sealed(app, soda_campaign):
    show(app, soda_campaign, "ended")


def show(app, campaign_id, shows_counts="always"):
    with app.app_context():
        for stage in db.session.get_one(Campaign, campaign_id).stages:
            stage.shows_counts = shows_counts
        db.session.commit()


@pytest.fixture
def withdrawn(sealed, bea, carl, drew, soda_idea):
    """bea takes her idea back after carl and drew had voted for it."""
    for number, voter in enumerate((carl, drew)):
        voter.post(f"/ideas/{soda_idea}/vote", id=f"0123456789abcde{number}")
    assert bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Said twice.").status_code == 302
    return soda_idea


def test_each_voter_is_told_on_the_page_of_their_votes_until_they_have_read_it(app, withdrawn, ana, carl, drew):
    for voter in (carl, drew):
        page = voter.get(VOTES).text
        assert "Your vote on “A can you can reseal” came back to you." in page
        assert "Said twice." in page
    assert "came back" not in ana.get(VOTES).text
    for _again in range(2):
        assert carl.post(f"{VOTES}/returned", idea=str(withdrawn)).location == VOTES
        assert "came back" not in carl.get(VOTES).text
    assert "came back" in drew.get(VOTES).text


def log_size(app, campaign):
    with app.app_context():
        append_to_logs()
        return db.session.get_one(BallotLog, campaign).size


def test_the_log_does_not_tell_how_many_came_back(app, sealed, bea, carl, drew, soda_campaign, soda_idea):
    for number, voter in enumerate((carl, drew)):
        voter.post(f"/ideas/{soda_idea}/vote", id=f"0123456789abcde{number}")
    before = log_size(app, soda_campaign)
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Said twice.")
    assert bea.post(f"/ideas/{soda_idea}/withdrawal/undo").status_code == 409
    assert log_size(app, soda_campaign) == before


def test_the_vote_counts_nowhere_and_the_log_agrees(app, withdrawn, soda_campaign):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        assert count_votes(campaign) == 0
        append_to_logs()
        assert verify(campaign).problems == []


def test_back_on_the_board_it_begins_without_votes_and_can_be_voted_for_anew(app, withdrawn, bea, carl, soda_campaign):
    show(app, soda_campaign)
    assert bea.post(f"/ideas/{withdrawn}/withdrawal/undo").status_code == 302
    with app.app_context():
        idea = db.session.get_one(Idea, withdrawn)
        assert (idea.votes, db.session.scalars(db.select(Vote)).all()) == (0, [])
        append_to_logs()
        assert verify(idea.campaign).problems == []
    assert "The idea is on the board again" in carl.get(VOTES).text
    assert carl.post(f"/ideas/{withdrawn}/vote", id="0123456789abcdef77").status_code == 302
    with app.app_context():
        assert db.session.get_one(Idea, withdrawn).votes == 1


def test_votes_are_handed_back_a_batch_at_a_time_and_nothing_is_left_to_confirm(people, resealable, monkeypatch):
    for number in range(5):
        cast_vote(resealable, make_person(f"voter{number}"), "a-key-of-theirs")
    resealable.version, resealable.worded = 2, 2
    resealable.unconfirmed = 5
    db.session.commit()
    assert resealable.unconfirmed == 5
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    hand_back(resealable)
    assert (resealable.votes, resealable.unconfirmed) == (0, 0)
    assert db.session.scalars(db.select(Vote)).all() == []
    db.session.commit()
    append_to_logs()
    assert verify(resealable.campaign).problems == []


def test_where_counts_are_shown_a_supported_idea_stays(app, people, resealable):
    resealable.votes = 1
    with pytest.raises(SupportedIdea):
        withdraw_idea(resealable, people.bea, "Said twice.")


def test_the_notice_is_for_who_is_signed_in(nobody, withdrawn):
    assert nobody.get(VOTES).location.startswith("/sign-in")
    assert nobody.post(f"{VOTES}/returned", idea=str(withdrawn)).location.startswith("/sign-in")


def test_nonsense_in_a_notice_changes_nothing(carl, withdrawn):
    assert carl.post(f"{VOTES}/returned", idea="²").status_code == 302
    assert "came back" in carl.get(VOTES).text


def test_under_a_cap_it_can_be_given_to_another_idea(app, sealed, bea, carl, cast, soda_campaign, soda_idea):
    other = suggest(app, soda_campaign, cast["bea"], "A can that sings")
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).stages[0].method_settings = {"cap": 1}
        db.session.commit()
    assert carl.post(f"/ideas/{soda_idea}/vote", id="0123456789abcdef01").status_code == 302
    assert carl.post(f"/ideas/{other}/vote", id="0123456789abcdef02").status_code == 409
    bea.post(f"/ideas/{soda_idea}/withdrawal", reason="Said twice.")
    assert carl.post(f"/ideas/{other}/vote", id="0123456789abcdef03").status_code == 302
