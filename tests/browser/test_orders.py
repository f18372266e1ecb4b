"""In every order that people make, a card that has overtaken another is offered, and nothing moves under the reader."""

import pytest
from playwright.sync_api import expect

from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.trending import weight_at
from tests.campaign_cast import suggest

pytestmark = pytest.mark.one_database


@pytest.fixture
def headed(server, stage):
    """The first idea leads in every order, by a little."""
    with server.app.app_context():
        for place, idea in enumerate(stage.ideas):
            db.session.get_one(Idea, idea).heat = weight_at(now()) - place / 100
        db.session.commit()


def changed(page):
    return page.get_by_role("button", name="The order has changed")


def test_a_rising_idea_is_offered(open_as, stage, headed):
    carl = open_as("carl", f"{stage.url}?order=trending")
    expect(carl.locator(".board .idea__title").first).to_have_text("A can you can reseal")
    expect(changed(carl)).to_be_hidden()
    ana = open_as("ana", f"/ideas/{stage.ideas[2]}")
    ana.get_by_role("button", name="Support this idea").click()
    expect(carl.locator(f"#idea-{stage.ideas[2]} .idea__votes")).to_have_text("1")
    expect(carl.locator(".board .idea__title").first).to_have_text("A can you can reseal")
    expect(carl.locator(".board__told")).to_be_empty()
    changed(carl).click()
    expect(carl.locator(".board .idea__title").first).to_have_text("A can that tells its sugar")


def test_an_idea_that_is_talked_about_more_is_offered(open_as, stage):
    carl = open_as("carl", f"{stage.url}?order=discussed")
    first = carl.locator(".board .idea__title").first
    expect(first).to_have_text("A can that tells its sugar")
    ana = open_as("ana", f"/ideas/{stage.ideas[0]}")
    ana.locator("textarea[name=text]").first.fill("It keeps its fizz.")
    ana.get_by_role("button", name="Send it").click()
    changed(carl).click()
    expect(first).to_have_text("A can you can reseal")


def test_an_idea_of_another_page_that_is_talked_about_is_offered(server, open_as, stage):
    for number in range(50):
        suggest(server.app, stage.campaign, stage.people["bea"], f"A can of many, number {number}", comments=0)
    carl = open_as("carl", f"{stage.url}?order=discussed")
    expect(carl.locator("board-presence")).to_be_visible()
    expect(carl.locator(f"#idea-{stage.ideas[0]}")).to_have_count(0)
    ana = open_as("ana", f"/ideas/{stage.ideas[0]}")
    ana.locator("textarea[name=text]").first.fill("It keeps its fizz.")
    ana.get_by_role("button", name="Send it").click()
    expect(changed(carl)).to_be_visible()


def test_what_is_offered_covers_nothing(open_as, stage, headed):
    carl = open_as("carl", f"{stage.url}?order=trending")
    card = carl.locator(".board .idea").first
    before = card.bounding_box()
    ana = open_as("ana", f"/ideas/{stage.ideas[2]}")
    ana.get_by_role("button", name="Support this idea").click()
    expect(changed(carl)).to_be_visible()
    assert card.bounding_box() == before
    pill = changed(carl).bounding_box()
    assert pill["y"] + pill["height"] <= before["y"]
    tools = carl.locator(".toolbar").bounding_box()
    assert tools["y"] + tools["height"] <= pill["y"]


def test_without_scripts_a_vote_leads_back_to_its_card(server, open_as, stage):
    for number in range(20):
        suggest(server.app, stage.campaign, stage.people["bea"], f"A can of many, number {number}")
    carl = open_as("carl", java_script_enabled=False)
    carl.get_by_role("button", name="A can you can reseal").click()
    expect(carl).to_have_url(f"{server.url}{stage.url}?order=new#idea-{stage.ideas[0]}")
    card = carl.locator(f"#idea-{stage.ideas[0]}")
    expect(card).to_be_in_viewport()
    notice = carl.locator(".flashes").get_by_text("Your vote is stored.")
    expect(notice).to_be_in_viewport()
    below = carl.locator(".flashes").bounding_box()
    assert below["y"] + below["height"] <= card.bounding_box()["y"]
