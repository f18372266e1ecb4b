"""The text of an idea begins as its campaign says, and is refused where nobody has added anything to that."""

import pytest

from campaign.campaigns.models import CampaignText
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.beginning import check_own_words
from campaign.ideas.models import Idea
from tests.ideas.asking import typed
from tests.refusals import sentence_at

NEW = "/campaigns/soda/ideas/new"
BEGINNING = "## What would change?\n\n## Who would use it, and where?"


@pytest.fixture
def begun(app, soda_campaign):
    with app.app_context():
        for code, template in (("en", BEGINNING), ("fr", "## Qu’est-ce qui changerait ?")):
            db.session.get_one(CampaignText, (soda_campaign, code)).template = template
        db.session.commit()


def test_the_form_begins_with_it_and_a_draft_keeps_what_became_of_it(begun, carl):
    assert BEGINNING in carl.get(NEW).text
    carl.post("/campaigns/soda/draft", **typed(text=""))
    assert BEGINNING not in carl.get(NEW).text


@pytest.mark.parametrize(
    "text", [BEGINNING, BEGINNING.upper(), BEGINNING.replace("\n", " "), f"{BEGINNING}\n\nA cap", "what would change"]
)
def test_left_as_it_is_it_is_refused_beside_the_field(app, begun, carl, text):
    page = carl.post(NEW, **typed(text=text))
    assert page.status_code == 422
    assert "words of your own" in sentence_at(page.text, "text")
    assert "A can you can reseal" in page.text
    with app.app_context():
        assert db.session.scalars(db.select(Idea)).all() == []


@pytest.mark.parametrize("text", ["", "A cap.", f"{BEGINNING}\n\nA cap that turns, for trains.", "Where? On trains."])
def test_own_words_go_through_with_or_without_it(begun, carl, text):
    assert carl.post(NEW, **typed(text=text)).status_code == 302


def test_an_edit_asks_for_own_words_too(begun, carl):
    idea = carl.post(NEW, **typed()).location
    page = carl.post(f"{idea}/edit", **typed(text=BEGINNING, version="1"))
    assert "words of your own" in sentence_at(page.text, "text")


def test_no_language_of_it_is_an_idea(begun, people, campaign):
    db.session.expire_all()
    with pytest.raises(Refused):
        check_own_words(campaign, "## Qu’est-ce qui changerait ?")
    check_own_words(campaign, "Un bouchon qui se visse, pour le train.")


def test_the_settings_say_it_in_each_language(ana, begun, soda_campaign):
    page = ana.get("/campaigns/soda/settings").text
    assert 'name="template_en"' in page
    assert "changerait" in page
