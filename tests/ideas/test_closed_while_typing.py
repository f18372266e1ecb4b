"""A door that closes while somebody writes keeps no words: the page gives them back, and a draft can still be read."""

from html import unescape

import pytest

from campaign.campaigns.actions import close_campaign
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Draft, Idea
from tests.calendars import until
from tests.campaigns.test_settings import shown
from tests.ideas.test_editing import edit
from tests.ideas.test_submitting import TEXT, ideas, typed

NEW = "/campaigns/soda/ideas/new"
CLOSED = "This campaign doesn’t take ideas now."


@pytest.fixture
def turn(app, soda_campaign):
    """Have the stage turn to one that takes neither ideas nor edits."""

    def turn():
        with app.app_context():
            campaign = db.session.get_one(Campaign, soda_campaign)
            until(campaign, ideas_until=now())
            campaign.stages[1].accepts_edits = False
            db.session.commit()

    return turn


def test_an_idea_that_comes_too_late_comes_back_in_its_form(app, carl, turn):
    turn()
    answer = carl.post(NEW, **typed())
    assert answer.status_code == 422
    assert CLOSED in unescape(answer.text)
    assert TEXT in answer.text
    assert ideas(app) == []


def test_and_one_that_came_in_time_is_still_that_idea(app, carl, turn):
    first = carl.post(NEW, **typed())
    turn()
    assert carl.post(NEW, **typed()).location == first.location


def test_an_edit_that_comes_too_late_comes_back_in_its_form(app, bea, carl, soda_idea, turn):
    turn()
    answer = edit(bea, soda_idea)
    assert answer.status_code == 422
    assert "Ideas of this campaign can’t be changed now." in unescape(answer.text)
    assert "Now with a cap that clicks." in answer.text
    assert bea.get(f"/ideas/{soda_idea}/edit").status_code == 409
    assert edit(carl, soda_idea).status_code == 404
    with app.app_context():
        assert db.session.get_one(Idea, soda_idea).version == 1


def test_an_amendment_that_comes_too_late_comes_back_in_its_form(app, carl, soda_idea, turn):
    page = f"/ideas/{soda_idea}/amendments/new"
    fields = {**shown(carl.get(page).text), "text": "With a cap that turns both ways.", "why": "For left hands."}
    turn()
    answer = carl.post(page, **fields)
    assert answer.status_code == 422
    assert "can’t be changed now" in unescape(answer.text)
    assert "With a cap that turns both ways." in answer.text
    assert carl.get(page).status_code == 409


def test_a_draft_can_be_read_and_discarded_when_no_ideas_are_taken(app, ana, bea, carl, nobody, soda_campaign, cast):
    carl.post("/campaigns/soda/draft", **typed(title="Half a thou"), headers={"Accept": "application/json"})
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        close_campaign(campaign, campaign.publication.by)
        db.session.commit()
    board = carl.get("/campaigns/soda").text
    assert f'href="{NEW}"' in board
    assert "Go on with it" not in board
    page = carl.get(NEW)
    assert page.status_code == 200
    assert "Half a thou" in page.text
    assert TEXT in page.text
    assert CLOSED in unescape(page.text)
    assert 'action="/campaigns/soda/ideas/new"' not in page.text
    assert "Put it on the board" not in page.text
    assert bea.get(NEW).status_code == 409
    assert nobody.get(NEW).status_code == 302
    carl.post("/campaigns/soda/draft/removal")
    assert carl.get(NEW).status_code == 409
    with app.app_context():
        assert db.session.scalars(db.select(Draft)).all() == []
