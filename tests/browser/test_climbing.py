"""An idea's way on the ladder, and what its author makes of it, at a phone: without scripts where none is needed."""

import pytest
from playwright.sync_api import expect

from campaign.ideas.models import Idea
from campaign.ladder.keeping import look
from campaign.promotion.links import code_of
from tests.cast import browser_of
from tests.ladder.conftest import vote_on

pytestmark = pytest.mark.one_database

PHONE = {"viewport": {"width": 360, "height": 800}}


def test_a_ladder_is_put_up_climbed_missed_and_time_is_given(server, open_as, stage, sound):
    ana = open_as("ana", f"{stage.url}/ladder", java_script_enabled=False, **PHONE)
    ana.get_by_label("Supporters").first.fill("2")
    ana.get_by_label("Days from publication").fill("10")
    ana.get_by_role("button", name="See the sentence").click()
    expect(ana.get_by_text("2 supporters within 10 days.")).to_be_visible()
    ana.get_by_role("button", name="Save").click()
    expect(ana.get_by_text("Saved.")).to_be_visible()

    nobody = open_as(None, **PHONE)
    card = nobody.locator(f"#idea-{stage.ideas[0]}")
    expect(card.get_by_text("0 of 2 supporters")).to_be_visible()
    browser_of(server.app, stage.people["carl"]).post(f"/ideas/{stage.ideas[0]}/vote", id="0123456789abcdef01")
    expect(card.get_by_text("1 of 2 supporters")).to_be_visible()

    with server.app.app_context():
        vote_on(stage.campaign, 10, 1)
        look()
    expect(nobody.locator(f"#idea-{stage.ideas[0]}[data-withdrawn]")).to_be_visible()
    nobody.goto(f"{stage.url}/withdrawn?expired=1")
    nobody.get_by_role("link", name="A can you can reseal").click()
    expect(nobody.get_by_text("with 1 of 2.")).to_be_visible()
    sound(nobody)

    ana.goto(f"/ideas/{stage.ideas[0]}")
    ana.get_by_role("link", name="Give it more time").click()
    ana.get_by_label("Why").fill("It rained all summer.")
    ana.get_by_role("button", name="Put it back on the board").click()
    expect(ana.get_by_text("The idea is back on the board.")).to_be_visible()


def test_an_author_takes_the_link_along(server, open_as, stage, sound):
    bea = open_as("bea", f"/ideas/{stage.ideas[0]}", **PHONE)
    bea.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bea.get_by_role("link", name="Promote your idea").click()
    expect(bea.get_by_text("Unlocks with 25 supporters, or 14 days after you suggested it.")).to_be_visible()
    sound(bea)
    bea.get_by_role("button", name="Copy the link").click()
    expect(bea.get_by_text("The link is copied.")).to_be_visible()
    copied = bea.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/i/{code_of(Idea(id=stage.ideas[0]))}")
    nobody = open_as(None, copied, **PHONE)
    expect(nobody.get_by_role("heading", name="A can you can reseal")).to_be_visible()
