"""What is asked before an act holds at every door to it, and only for that act."""

from datetime import date

import pytest

from campaign.endorsements.actions import endorse
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.feedback.giving import give_feedback
from campaign.ideas.actions import submit_idea
from campaign.ideas.guests import GuestsUnverified, campaign_inviting_guests
from campaign.ideas.models import Draft, Idea
from campaign.reasons.actions import give_reason
from campaign.verifications.access import VerificationNeeded
from campaign.verifications.actions import prove_age, prove_listed, prove_postcode
from campaign.verifications.asking import empty_list
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot, Receipt
from tests.voting import cast_vote, withdraw_vote

OLD = date(1980, 5, 1)


def test_no_vote_without_it(asks, resealable, people):
    asks(vote=["age"])
    with pytest.raises(VerificationNeeded):
        cast_vote(resealable, people.carl, "carl-votes")
    prove_age(resealable.campaign, people.carl, OLD)
    assert cast_vote(resealable, people.carl, "carl-votes").votes == 1


def test_a_higher_age_is_asked_anew(asks, resealable, people):
    asks(vote=["age"], age=16)
    prove_age(resealable.campaign, people.carl, OLD)
    db.session.commit()
    asks(vote=["age"], age=18)
    with pytest.raises(VerificationNeeded):
        cast_vote(resealable, people.carl, "carl-votes")


def test_a_vote_is_taken_back_without_it(asks, resealable, people):
    cast_vote(resealable, people.carl, "carl-votes")
    db.session.execute(db.text("UPDATE stage SET first_ballot_at = NULL"))
    db.session.commit()
    asks(vote=["age"])
    assert withdraw_vote(resealable, people.carl, "carl-leaves").votes == 0


def test_who_voted_before_it_was_asked_keeps_their_receipt(asks, resealable, people):
    first = cast_vote(resealable, people.carl, "carl-votes")
    db.session.execute(db.text("UPDATE stage SET first_ballot_at = NULL"))
    db.session.commit()
    asks(vote=["age"])
    assert cast_vote(resealable, people.carl, "carl-votes").number == first.number


def test_a_batch_asks_as_often_for_many_as_for_one(app, asks, resealable, people, queries):
    asks(vote=["age"])
    voters = [people.carl.id, people.drew.id, people.ana.id]
    idea = resealable.id

    def asked_for(some):
        with queries() as asked:
            results = count_ballots([Ballot(voter, idea, f"one-of-many-{voter}", "cast") for voter in some])
        assert not any(isinstance(result, Receipt) for result in results)
        db.session.rollback()
        return len(asked)

    asked_for(voters)
    assert asked_for(voters) == asked_for(voters[:1])


def test_fetch_hears_where_to_go(carl, asks, soda_idea):
    asks(vote=["age"])
    answer = carl.post(f"/ideas/{soda_idea}/vote?id=a-vote-of-carl", json={})
    assert answer.status_code == 409
    error = answer.json["error"]
    assert error["code"] == "verification_needed"
    assert error["way_on"]["url"].startswith("/campaigns/soda/before/vote?next=")


def test_the_page_says_it_before_the_button(carl, nobody, asks, soda_idea):
    asks(vote=["age"], comment=["phone"], idea=["postcode"])
    page = carl.get(f"/ideas/{soda_idea}").text
    assert "that you are 16 or older" in page
    assert "your phone number, by a code" in page
    assert "where you live" in carl.get("/campaigns/soda/ideas/new").text
    assert "that you are 16 or older" in nobody.get(f"/ideas/{soda_idea}").text
    carl.post("/campaigns/soda/before/vote", kind="age", born="1980-05-01")
    assert "that you are 16 or older" not in carl.get(f"/ideas/{soda_idea}").text


def test_an_idea_waits_as_a_draft(app, carl, asks):
    asks(idea=["age"])
    fields = {"title": "A can that sings", "text": "In the morning.", "category": "can", "language": "en"}
    answer = carl.post("/campaigns/soda/ideas/new", key="an-idea-of-carl", act="submit", **fields)
    assert answer.status_code == 303
    assert answer.location.startswith("/campaigns/soda/before/idea?next=/campaigns/soda/ideas/new")
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).all() == []
        assert db.session.scalars(db.select(Draft)).one().fields["title"] == "A can that sings"
    back = carl.post("/campaigns/soda/before/idea", kind="age", born="1980-05-01", next="/campaigns/soda/ideas/new")
    assert back.location == "/campaigns/soda/ideas/new"
    assert "A can that sings" in carl.get(back.location).text
    sent = carl.post("/campaigns/soda/ideas/new", key="an-idea-of-carl", act="submit", **fields)
    assert sent.location.startswith("/ideas/")


def test_a_remark_stays_typed_beside_the_way_on(carl, asks, soda_idea):
    asks(comment=["age"])
    answer = carl.post(f"/ideas/{soda_idea}/comments", text="A fine cap.", key="a-remark")
    assert answer.status_code == 422
    assert "A fine cap." in answer.text
    assert "/campaigns/soda/before/comment?next=" in answer.text
    carl.post("/campaigns/soda/before/comment", kind="age", born="1980-05-01")
    assert carl.post(f"/ideas/{soda_idea}/comments", text="A fine cap.", key="a-remark").status_code == 302


def test_feedback_is_a_comment_too(asks, resealable, people):
    asks(comment=["age"])
    resealable.campaign.stage.accepts_feedback = True
    with pytest.raises(VerificationNeeded):
        give_feedback(resealable, people.carl, "The cap.", "", None)
    with pytest.raises(VerificationNeeded):
        post_comment(resealable, people.carl, "A fine cap.")


def test_a_name_and_a_reason_are_comments_too(asks, resealable, people):
    cast_vote(resealable, people.carl, "carl-votes")
    db.session.commit()
    asks(comment=["age"])
    with pytest.raises(VerificationNeeded):
        endorse(resealable, people.carl, "I drop every second can.", public=True)
    with pytest.raises(VerificationNeeded):
        give_reason(resealable, people.carl, "My bag is full of soda.")
    prove_age(resealable.campaign, people.carl, OLD)
    assert endorse(resealable, people.carl, "I drop every second can.", public=True)
    assert give_reason(resealable, people.carl, "My bag is full of soda.")


def test_who_lives_outside_the_new_areas_is_asked_anew(asks, resealable, people):
    asks(vote=["postcode"])
    prove_postcode(resealable.campaign, people.carl, "75011")
    prove_postcode(resealable.campaign, people.drew, "69001")
    db.session.commit()
    asks(vote=["postcode"], areas=("75",))
    assert cast_vote(resealable, people.carl, "carl-votes").votes == 1
    with pytest.raises(VerificationNeeded):
        cast_vote(resealable, people.drew, "drew-votes")


def test_a_number_that_came_on_the_list_again_stands_for_one_account(asks, resealable, people):
    asks(vote=["list"])
    prove_listed(resealable.campaign, people.drew, "A-17")
    db.session.commit()
    asks()
    empty_list(resealable.campaign, people.ana)
    db.session.commit()
    asks(vote=["list"])
    prove_listed(resealable.campaign, people.carl, "A-17")
    assert cast_vote(resealable, people.carl, "carl-votes").votes == 1
    with pytest.raises(VerificationNeeded):
        cast_vote(resealable, people.drew, "drew-votes")


def test_what_is_asked_of_voters_is_asked_of_nobody_else(asks, resealable, people):
    asks(vote=["age"])
    can = next(iter(resealable.campaign.categories))
    assert submit_idea(resealable.campaign, people.carl, "A can that sings", language="en", category=can)
    assert post_comment(resealable, people.carl, "A fine cap.")


def test_guests_are_told_to_make_an_account(nobody, asks, campaign):
    campaign.takes_guests = True
    db.session.commit()
    asks(idea=["age"])
    db.session.expire_all()
    from flask_login import AnonymousUserMixin

    with pytest.raises(GuestsUnverified):
        campaign_inviting_guests(AnonymousUserMixin(), "soda")
    page = nobody.get("/campaigns/soda/ideas/guest")
    assert page.status_code == 409
    assert "needs an account" in page.text
