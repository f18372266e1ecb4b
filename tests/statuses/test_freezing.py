"""What a status freezes is frozen at every door, in the same transaction, and says so."""

import pytest

from campaign.amendments.actions import propose_amendment
from campaign.campaigns.models import Stage
from campaign.extensions import db
from campaign.feedback.actions import edit_comment, post_comment
from campaign.feedback.giving import give_feedback, take_feedback_back
from campaign.feedback.summary import feedback_on
from campaign.ideas.actions import EditsClosed, edit_idea
from campaign.ideas.models import Idea
from campaign.statuses.actions import BallotRunning, set_status
from campaign.statuses.arranging import remove_status
from campaign.statuses.freezing import FeedbackFrozen, RemarksFrozen, VotesFrozen
from campaign.statuses.lists import own_list
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot
from campaign.votes.models import Vote
from tests.feedback.test_giving import ask_for_feedback
from tests.voting import cast_vote, withdraw_vote

VOTE = {"id": "0123456789abcdef01"}
SENTENCE = "This idea stands at “Declined”: its votes stay as they are."


def test_votes_are_neither_taken_nor_taken_back(people, resealable, stands):
    cast_vote(resealable, people.carl, "first-vote")
    stands("declined")
    with pytest.raises(VotesFrozen) as refused:
        withdraw_vote(resealable, people.carl, "second-thought")
    assert str(refused.value.message) == SENTENCE
    with pytest.raises(VotesFrozen):
        cast_vote(resealable, people.drew, "another-vote")
    assert resealable.votes == 1


def test_in_a_batch_only_the_frozen_is_refused(people, campaign, resealable, stands):
    from tests.makers import make_idea

    other = make_idea(campaign, people.bea, category=campaign.categories[0])
    stands("declined")
    told = count_ballots([Ballot(people.carl.id, idea.id, "a-vote-0", "cast") for idea in (resealable, other)])
    assert [getattr(result, "code", "stored") for result in told] == ["votes_frozen", "stored"]


def test_over_http_and_by_a_programme(app, carl, ana, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="declined", reason="No.", read="0")
    assert SENTENCE in carl.post(f"/ideas/{soda_idea}/vote", **VOTE).text
    answer = carl.post(f"/ideas/{soda_idea}/vote", **VOTE, headers={"Accept": "application/json"})
    assert answer.json["error"] == {"code": "votes_frozen", "message": SENTENCE}
    with app.app_context():
        assert db.session.scalars(db.select(Vote)).all() == []


def test_pages_say_why_instead_of_a_button(carl, ana, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="declined", reason="No.", read="0")
    page, board = carl.get(f"/ideas/{soda_idea}").text, carl.get("/campaigns/soda").text
    assert SENTENCE in page
    assert "While it stands here, this is frozen: votes, changes to the idea." in page
    for text in (page, board):
        assert f'formaction="/ideas/{soda_idea}/vote"' not in text


def test_remarks(people, resealable, stands):
    remark = post_comment(resealable, people.carl, "Yes, please.")
    db.session.commit()
    stands("planned")
    resealable.status.freezes_comments = True
    db.session.commit()
    with pytest.raises(RemarksFrozen):
        post_comment(resealable, people.carl, "And more.")
    with pytest.raises(RemarksFrozen):
        edit_comment(remark, "No, thanks.")


def test_feedback_is_given_where_remarks_are(people, resealable, stands):
    ask_for_feedback(resealable.campaign)
    give_feedback(resealable, people.carl, "The cap", "", 4)
    db.session.commit()
    stands("planned")
    resealable.status.freezes_comments = True
    db.session.commit()
    with pytest.raises(FeedbackFrozen):
        give_feedback(resealable, people.carl, "The cap", "A straw", 4)
    take_feedback_back(resealable, people.carl)
    assert feedback_on(resealable, counts_shown=True).feedback == []


def test_a_page_without_feedback_says_why(app, ana, carl, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="planned", reason="", read="0")
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        ask_for_feedback(idea.campaign)
        idea.status.freezes_comments = True
        db.session.commit()
    page = carl.get(f"/ideas/{soda_idea}/feedback").text
    assert "This idea stands at “Planned” and takes no feedback now. What was given stays." in page
    assert f'action="/ideas/{soda_idea}/feedback"' not in page
    assert "Give feedback" not in carl.get(f"/ideas/{soda_idea}").text
    refused = carl.post(f"/ideas/{soda_idea}/feedback", likes="The cap", misses="", mark="4")
    assert refused.status_code == 422
    assert "takes no feedback now" in refused.text


def test_a_page_without_remarks_says_why(app, ana, carl, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="planned", reason="", read="0")
    with app.app_context():
        db.session.scalars(db.select(Idea)).one().status.freezes_comments = True
        db.session.commit()
    page = carl.get(f"/ideas/{soda_idea}").text
    assert "This idea stands at “Planned” and takes no remarks now. What was said stays." in page
    assert f'action="/ideas/{soda_idea}/comments"' not in page


def test_changes_and_amendments(people, resealable, stands):
    stands("planned")
    words = {"language": "en", "category": None, "tags": [], "pictures": [], "documents": []}
    with pytest.raises(EditsClosed) as refused:
        edit_idea(resealable, people.bea, "A can that reseals itself", "", **words)
    assert str(refused.value.message) == "The idea stands at “Planned”, so it stays as it is."
    with pytest.raises(EditsClosed):
        propose_amendment(resealable, people.carl, "Another title", "", why="", read=1, key="an-amendment")


def test_what_freezes_nothing_leaves_all_open(people, resealable, stands):
    stands("under-review")
    cast_vote(resealable, people.carl, "first-vote")
    post_comment(resealable, people.carl, "Yes, please.")
    assert (resealable.votes, resealable.comments) == (1, 1)


@pytest.fixture
def by_ballot(campaign, resealable):
    campaign.stages[0].method, campaign.stages[0].method_settings = "dots", {"points": 10}
    db.session.commit()
    return campaign


def test_nothing_is_frozen_while_people_fill_in_ballots(people, resealable, by_ballot):
    with pytest.raises(BallotRunning):
        set_status(resealable, people.ana, "declined", "No.")
    set_status(resealable, people.ana, "planned")
    assert resealable.status.key == "planned"


def test_nor_is_anything_freed_for_whose_ballots_it_would_come_too_late(people, resealable, stands, campaign):
    stands("declined")
    campaign.stages[0].method, campaign.stages[0].method_settings = "dots", {"points": 10}
    db.session.commit()
    with pytest.raises(BallotRunning) as refusal:
        set_status(resealable, people.ana, "under-review")
    assert "could not choose it" in str(refusal.value.message)
    db.session.rollback()
    set_status(resealable, people.ana, "done", "It is there.", freely=True)
    db.session.commit()
    with pytest.raises(BallotRunning):
        remove_status(campaign, people.ana, "done", "planned", "We have fewer.")
    db.session.rollback()
    assert resealable.status.key == "done"


def test_what_is_frozen_before_stands_on_no_ballot(app, ana, carl, cast, soda_campaign, soda_idea):
    ana.post(f"/ideas/{soda_idea}/status", status="declined", reason="No.", read="0")
    with app.app_context():
        stage = db.session.scalars(db.select(Stage).order_by(Stage.opens_at)).first()
        stage.method, stage.method_settings = "dots", {"points": 10}
        db.session.commit()
    page = carl.get("/campaigns/soda/ballot").text
    assert "It stands at “Declined”, so it can’t be chosen." in page
    assert f'name="idea-{soda_idea}"' not in page


def test_who_turns_the_switch_waits_for_votes_that_are_counted(people, campaign, resealable, stands):
    stands("planned")
    own_list(campaign)[2].freezes_votes = True
    db.session.commit()
    with pytest.raises(VotesFrozen):
        cast_vote(resealable, people.carl, "first-vote")
