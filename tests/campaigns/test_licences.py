"""Whose idea it is: said before anybody writes, and kept with each idea whatever the campaign says later."""

from html import unescape

import pytest

from campaign.campaigns.licences import LICENCES
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.actions import LicenceChanged, submit_idea
from campaign.ideas.models import Idea
from tests.campaigns.test_settings import SETTINGS, shown

NEW = "/campaigns/soda/ideas/new"


@pytest.fixture
def licence(ana, soda_campaign):
    """Choose another licence for the open campaign."""

    def choose(key):
        return ana.post(SETTINGS, **{**shown(ana.get(SETTINGS).text), "licence": key})

    return choose


@pytest.mark.parametrize("key", LICENCES)
def test_the_brief_and_the_form_say_it_before_anybody_writes(nobody, carl, licence, key):
    licence(key)
    for page in (nobody.get("/campaigns/soda/brief"), carl.get(NEW)):
        assert str(LICENCES[key].sentence) % {"brand": "Soda"} in unescape(page.text)
        assert ('rel="license"' in page.text) == (LICENCES[key].url is not None)


def test_each_idea_keeps_the_licence_that_it_came_under(app, ana, carl, licence, soda_idea):
    licence("by")
    fields = {**shown(carl.get(NEW).text), "title": "A can for two people", "category": "can", "act": "submit"}
    assert carl.post(NEW, **fields).status_code == 302
    licence("zero")
    with app.app_context():
        assert [idea.licence for idea in db.session.scalars(db.select(Idea).order_by(Idea.id))] == ["own", "by"]
    assert "CC BY 4.0" in carl.get(f"/ideas/{soda_idea + 1}").text
    assert "All rights stay with the author" in carl.get(f"/ideas/{soda_idea}").text


def test_who_was_told_another_licence_is_asked_again_with_their_words_kept(app, carl, licence):
    fields = {**shown(carl.get(NEW).text), "title": "A can for two people", "category": "can", "act": "submit"}
    licence("zero")
    answer = carl.post(NEW, **fields)
    assert answer.status_code == 422
    assert "The campaign has changed its licence meanwhile." in answer.text
    assert "A can for two people" in answer.text
    again = {**shown(answer.text), "category": "can", "act": "submit"}
    assert again["licence"] == "zero"
    assert carl.post(NEW, **again).status_code == 302


def test_an_idea_under_a_licence_that_is_no_longer_offered_is_refused(people, campaign):
    with pytest.raises(LicenceChanged):
        submit_idea(
            campaign, people.carl, "A can for two people", language="en", category=campaign.categories[0], licence="by"
        )


def test_the_history_says_from_which_to_which(ana, licence):
    licence("by-sa")
    told = "the licence of ideas to come: from All rights stay with the author to CC BY-SA 4.0"
    assert told in unescape(ana.get("/campaigns/soda/history").text)


@pytest.mark.parametrize("key", ["", "mit", "x" * 500])
def test_a_licence_that_does_not_exist_is_refused(app, licence, key):
    assert licence(key).status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(Campaign)).one().licence == "own"
