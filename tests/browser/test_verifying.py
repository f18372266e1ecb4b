"""A vote that needs a verification leads to it, and comes back with the vote one click away."""

import pytest
from playwright.sync_api import expect

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.verifications.asking import Wish, ask_for

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_vote_leads_to_what_is_asked_and_back(open_as, server, stage, axe, scripts):
    with server.app.app_context():
        campaign, ana = db.session.get_one(Campaign, stage.campaign), db.session.get_one(Person, stage.people["ana"])
        ask_for(campaign, ana, Wish({"vote": ["age"]}, 16, (), "For those who may drink coffee."))
        db.session.commit()
    page = open_as("carl", java_script_enabled=scripts)
    page.locator(f"#idea-{stage.ideas[0]} button.idea__vote").click()
    if scripts:
        page.locator(".toast").get_by_role("link", name="Verify it now").click()
    expect(page.get_by_role("heading", name="Before you vote")).to_be_visible()
    expect(page.get_by_text("For those who may drink coffee.")).to_be_visible()
    if scripts:
        axe(page)
    page.get_by_label("Your date of birth").fill("1980-05-01")
    page.get_by_role("button", name="Verify it").click()
    expect(page).to_have_url(f"{server.url}/ideas/{stage.ideas[0]}?vote=wanted")
    page.locator(".vote-wanted").get_by_role("button").click()
    expect(page.locator(".ballot .idea__votes")).to_have_text("1")
