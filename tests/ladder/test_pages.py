"""The ladder on pages: who may put it up, what people read of it, and where an idea that expired is found."""

import pytest

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ladder.actions import set_ladder
from campaign.ladder.keeping import look
from tests.ladder.conftest import STEPS, vote_on

FORM = {"supporters_1": "100", "days_1": "60", "supporters_2": "1000", "days_2": "180"}
PAGE = "/campaigns/soda/ladder"


def test_it_is_put_up_on_a_page_of_its_own(app, ana, nobody, soda_campaign):
    assert ana.post(PAGE, **FORM).location == PAGE
    said = "100 supporters within 60 days; then 1,000 within 180 days more."
    for url in (PAGE, "/campaigns/soda/brief", "/campaigns/soda/settings"):
        assert said in ana.get(url).text
    assert said in nobody.get("/campaigns/soda/brief").text
    assert "changed the ladder of supporters" in ana.get("/campaigns/soda/history").text
    ana.post(PAGE)
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).ladder is None


def test_the_sentence_is_seen_before_it_is_saved(app, ana, soda_campaign):
    answer = ana.post(PAGE, **FORM, look="1")
    assert "100 supporters within 60 days; then" in answer.text
    assert "Nothing is saved yet." in answer.text
    with app.app_context():
        assert db.session.get_one(Campaign, soda_campaign).ladder is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days_1": ""}, "Give both figures of a step, or neither."),
        ({"supporters_2": "100"}, "Each step asks for more supporters than the one before it."),
        ({"supporters_3": "2000"}, "Give both figures of a step, or neither."),
        ({"supporters_4": "2000", "days_4": "1"}, "Leave no empty step above this one."),
        ({"days_1": "many"}, "This isn’t a whole number."),
    ],
)
def test_what_is_no_ladder_comes_back_with_a_sentence(ana, soda_campaign, wrong, said):
    answer = ana.post(PAGE, **FORM | wrong)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert 'value="60"' in answer.text or "days_1" in wrong


def test_only_who_manages_the_campaign_comes_here(carl, drew, nobody, soda_campaign):
    for stranger in (carl, drew):
        assert stranger.get(PAGE).status_code == stranger.post(PAGE, **FORM).status_code == 404
    assert nobody.get(PAGE).status_code == 302


def test_with_ballots_the_page_says_why_not(app, ana, soda_campaign):
    with app.app_context():
        for stage in db.session.get_one(Campaign, soda_campaign).stages:
            stage.method = "dots"
        db.session.commit()
    page = ana.get(PAGE).text
    assert "In no stage of this campaign do people support single ideas." in page
    assert "supporters_1" not in page


@pytest.fixture
def laddered(app, cast, soda_campaign, soda_idea):
    with app.app_context():
        campaign = db.session.get_one(Campaign, soda_campaign)
        set_ladder(campaign, db.session.get_one(Idea, soda_idea).author, STEPS)
        db.session.commit()
    return soda_idea


@pytest.fixture
def expired(app, laddered, soda_campaign):
    with app.app_context():
        vote_on(soda_campaign, 10, 1)
        look()
    return laddered


def test_card_and_page_say_how_far_it_is(carl, nobody, laddered):
    carl.post(f"/ideas/{laddered}/vote", id="0123456789abcdef01")
    for url in ("/campaigns/soda", f"/ideas/{laddered}"):
        page = nobody.get(url).text
        assert "<climb-votes>1</climb-votes> of 2 supporters" in page
        assert "9 days left" in page
    nobody.set_cookie("language", "fr")
    assert nobody.get("/campaigns/soda").status_code == 200


def test_an_expired_idea_is_read_and_found_and_gets_more_time(ana, bea, carl, drew, nobody, expired):
    assert f'id="idea-{expired}"' not in nobody.get("/campaigns/soda").text
    assert "/campaigns/soda/withdrawn?expired=1" in nobody.get("/campaigns/soda").text
    assert "A can you can reseal" in nobody.get("/campaigns/soda/withdrawn?expired=1").text
    page = nobody.get(f"/ideas/{expired}").text
    assert "with 0 of 2" in page
    assert "Its time ran out" in page
    assert "Give it more time" not in page
    refused = carl.post(f"/ideas/{expired}/vote", id="0123456789abcdef01")
    assert refused.status_code == 409
    assert "ran out of time" in refused.text
    url = f"/ideas/{expired}/expiry"
    assert nobody.get(url).status_code == 302
    for stranger in (bea, carl, drew):
        assert stranger.get(url).status_code == stranger.post(url, days="7", reason="Please").status_code == 404
    assert "Give it more time" in ana.get(f"/ideas/{expired}").text
    assert "Say why" in ana.post(url, days="7", reason="").text
    assert ana.post(url, days="0", reason="Summer.").status_code == 422
    assert ana.post(url, days="7", reason="Summer.").location == f"/ideas/{expired}"
    assert f'id="idea-{expired}"' in nobody.get("/campaigns/soda").text
    assert "gave more time to an idea that had run out of it" in ana.get("/campaigns/soda/history").text


def test_under_seal_the_figures_of_what_expired_are_not_told(app, nobody, expired, soda_campaign):
    with app.app_context():
        db.session.get_one(Campaign, soda_campaign).stages[0].shows_counts = "ended"
        db.session.commit()
    for url in (f"/ideas/{expired}", "/campaigns/soda/withdrawn?expired=1"):
        page = nobody.get(url).text
        assert "Expired on" in page
        assert "with 0 of 2" not in page


def test_a_board_asks_no_more_questions_for_more_ideas_on_a_ladder(app, queries, nobody, cast, soda_campaign, laddered):
    from tests.campaign_cast import suggest

    with queries() as few:
        nobody.get("/campaigns/soda?order=new")
    for number in range(12):
        suggest(app, soda_campaign, cast["carl"], f"A can that sings {number} songs")
    with app.app_context():
        look()
    with queries() as many:
        nobody.get("/campaigns/soda?order=new&q=")
    assert len(many) <= len(few)
