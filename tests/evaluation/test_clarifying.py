"""An idea goes back to its authors with a question, they change it or answer, and the team goes on. Nobody else learns of it."""

from datetime import timedelta

import pytest

from campaign.brands.suspending import suspend_person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.evaluation.clarifying import AskedAlready, DueInPast, OwnQuestion, send_back
from campaign.evaluation.models import Clarification
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.statuses.actions import set_status
from tests.campaigns.test_settings import shown

QUESTION = "How would it close for left hands?"


def question(days=3):
    return {"question": QUESTION, "due": (now() + timedelta(days=days)).isoformat()}


@pytest.fixture
def frozen(app, cast, soda_idea):
    """bea's idea, where no change is taken any more: by its status and by the stage."""
    with app.app_context():
        idea = db.session.get_one(Idea, soda_idea)
        set_status(idea, idea.campaign.publication.by, "planned", "Good.", freely=True)
        idea.campaign.stages[0].accepts_edits = False
        db.session.commit()
    return soda_idea


def edit(browser, idea, text):
    page = browser.get(f"/ideas/{idea}/edit")
    if page.status_code != 200:
        return page
    return browser.post(f"/ideas/{idea}/edit", **{**shown(page.text), "text": text, "category": "can"})


def test_its_author_can_change_it_until_the_team_goes_on(app, ana, bea, mails, frozen):
    assert edit(bea, frozen, "With two caps.").status_code != 302
    assert ana.post(f"/ideas/{frozen}/clarification", **question()).status_code == 302
    assert QUESTION in mails.to("bea@example.org")[-1].get_body(("plain",)).get_content()
    assert QUESTION in bea.get(f"/ideas/{frozen}").text
    assert edit(bea, frozen, "With two caps.").status_code == 302
    assert bea.post(f"/ideas/{frozen}/clarification/reply", reply="").status_code == 302
    assert "The idea was changed: version 2" in ana.get(f"/ideas/{frozen}/clarification").text
    assert mails.to("ana@example.org")[-1]["Subject"] == "An answer about “A can you can reseal”"
    ana.post(f"/ideas/{frozen}/clarification/resumption")
    assert edit(bea, frozen, "With three caps.").status_code != 302
    with app.app_context():
        assert db.session.get_one(Idea, frozen).text == "With two caps."


def test_only_its_authors_change_it_meanwhile(ana, carl, frozen):
    ana.post(f"/ideas/{frozen}/clarification", **question())
    assert edit(carl, frozen, "Mine now.").status_code == 404
    assert carl.get(f"/ideas/{frozen}/amendments/new").status_code == 409


def test_nobody_but_authors_and_the_team_sees_it(ana, bea, carl, drew, nobody, frozen):
    ana.post(f"/ideas/{frozen}/clarification", **question())
    bea.post(f"/ideas/{frozen}/clarification/reply", reply="By a second cap.")
    for browser in (carl, drew, nobody):
        for url in (f"/ideas/{frozen}", "/campaigns/soda", f"/ideas/{frozen}/versions"):
            text = browser.get(url).text
            assert QUESTION not in text
            assert "second cap" not in text
            assert "Back with its authors" not in text
        assert browser.get(f"/ideas/{frozen}/clarification").status_code in (404, 302)
        assert browser.post(f"/ideas/{frozen}/clarification/resumption").status_code in (404, 302)
        assert browser.post(f"/ideas/{frozen}/clarification/reply", reply="x").status_code in (404, 302)
    assert "second cap" in ana.get(f"/ideas/{frozen}/clarification").text


def test_an_author_who_is_suspended_meanwhile_answers_nothing(app, cast, ana, bea, frozen):
    ana.post(f"/ideas/{frozen}/clarification", **question())
    with app.app_context():
        idea = db.session.get_one(Idea, frozen)
        suspend_person(idea.campaign.brand, idea.author, idea.campaign.publication.by, "Spam", 7, "a-key")
        db.session.commit()
    program = {"Accept": "application/json"}  # A person is shown the form again, with the reason above it.
    answer = bea.post(f"/ideas/{frozen}/clarification/reply", reply="By a second cap.", headers=program)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "suspended")
    with app.app_context():
        assert db.session.scalars(db.select(Clarification.replied_at)).all() == [None]


def test_a_reply_says_something_or_the_idea_was_changed(ana, bea, frozen):
    ana.post(f"/ideas/{frozen}/clarification", **question())
    answer = bea.post(f"/ideas/{frozen}/clarification/reply", reply="")
    assert "Change the idea, or answer in words" in answer.text
    assert bea.post(f"/ideas/{frozen}/clarification", **question()).status_code == 404
    assert bea.post(f"/ideas/{frozen}/clarification/resumption").status_code == 404


def test_one_question_at_a_time_for_a_day_to_come_and_never_to_oneself(people, resealable, team):
    due = now() + timedelta(days=2)
    first = send_back(resealable, people.ana, QUESTION, due)
    assert send_back(resealable, people.ana, QUESTION, due) is first
    with pytest.raises(AskedAlready):
        send_back(resealable, people.ana, "Another?", due)
    db.session.rollback()
    with pytest.raises(DueInPast):
        send_back(resealable, people.ana, QUESTION, now())
    with pytest.raises(OwnQuestion):
        send_back(resealable, people.bea, QUESTION, due)
    assert db.session.scalars(db.select(Clarification)).all() == []


def test_the_history_tells_it_to_the_team(ana, bea, frozen):
    ana.post(f"/ideas/{frozen}/clarification", **question())
    bea.post(f"/ideas/{frozen}/clarification/reply", reply="By a second cap.")
    ana.post(f"/ideas/{frozen}/clarification/resumption")
    page = ana.get("/campaigns/soda/history").text
    for sentence in (
        "sent an idea back to its authors with a question",
        "answered what the team asked about an idea",
        "went on with an idea that was with its authors",
    ):
        assert sentence in page
    assert "Asked before" in ana.get(f"/ideas/{frozen}/clarification").text


def test_the_team_finds_what_is_with_authors(app, ana, frozen):
    ana.post(f"/ideas/{frozen}/clarification", **question())
    page = ana.get("/campaigns/soda/evaluation/results").text
    assert "With their authors" in page
    with app.app_context():
        db.session.get_one(Clarification, 1).due = now() - timedelta(days=1)
        db.session.commit()
    assert "no answer by" in ana.get("/campaigns/soda/evaluation/results").text


def test_a_closed_campaign_lets_them_answer_too(app, ana, bea, frozen):
    ana.post("/campaigns/soda/closing", reason="Done.")
    ana.post(f"/ideas/{frozen}/clarification", **question())
    assert edit(bea, frozen, "With two caps.").status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Campaign)).one().is_closed
