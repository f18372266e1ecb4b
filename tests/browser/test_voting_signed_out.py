"""Who votes before signing in comes back to the idea, and gives the vote there with one click."""

import pytest
from playwright.sync_api import expect

from campaign.accounts.models import Person
from campaign.extensions import db
from tests.cast import PASSWORD

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_vote_wanted_before_signing_in_is_one_click_away_afterwards(open_as, server, stage, axe, scripts):
    page = open_as(None, java_script_enabled=scripts)
    page.locator(f"#idea-{stage.ideas[0]} button.idea__vote").click()
    expect(page.get_by_text("Your vote is then one click away.")).to_be_visible()
    with server.app.app_context():
        page.get_by_label("E-mail").fill(db.session.get_one(Person, stage.people["carl"]).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{server.url}/ideas/{stage.ideas[0]}?vote=wanted")
    offer = page.locator(".vote-wanted")
    expect(offer).to_contain_text("You wanted to support “A can you can reseal”.")
    if scripts:
        axe(page)
    offer.get_by_role("button").click()
    expect(page.locator(".ballot .idea__votes")).to_have_text("1")
    if scripts:
        expect(offer.get_by_role("button")).to_have_attribute("aria-pressed", "true")
        page.reload()
    expect(offer).to_have_count(0)
