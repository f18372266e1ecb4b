"""Stages turn while the page is open: it follows, and leaves alone what somebody is doing."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from tests.calendars import until

pytestmark = pytest.mark.one_database


@pytest.fixture
def passes(server, stage):
    """Let dates of the stage's campaign pass within a second."""

    def passes(*names):
        with server.app.app_context():
            campaign = db.session.get_one(Campaign, stage.campaign)
            until(campaign, **dict.fromkeys(names, now() + timedelta(seconds=0.3)))
            db.session.commit()

    return passes


def test_an_open_board_follows_its_stages_and_leaves_typing_alone(open_as, passes):
    carl = open_as("carl")
    search = carl.get_by_role("searchbox")
    search.press_sequentially("rese")
    passes("ideas_until")
    expect(carl.locator(".rail [aria-current=step]")).to_contain_text("The vote")
    expect(carl.get_by_role("link", name="Suggest an idea")).to_have_count(0)
    expect(carl.get_by_text("The vote is open. Ideas no longer come in.")).to_be_visible()
    expect(search).to_be_focused()
    expect(search).to_have_value("rese")

    vote = carl.get_by_role("button", name="A can for two")
    vote.focus()
    passes("ideas_until", "votes_until")
    expect(carl.locator(".rail [aria-current=step]")).to_contain_text("The outcome")
    expect(vote).to_be_focused()
    expect(vote).to_have_attribute("aria-disabled", "true")
    vote.press("Enter")
    expect(carl.get_by_text("Voting on this campaign is not open.")).to_be_visible()
    expect(vote).to_have_attribute("aria-pressed", "false")


def test_the_button_under_somebodys_finger_goes_when_they_have_left(open_as, passes):
    carl = open_as("carl")
    suggest = carl.get_by_role("link", name="Suggest an idea")
    suggest.focus()
    passes("ideas_until")
    expect(carl.locator(".rail [aria-current=step]")).to_contain_text("The vote")
    expect(suggest).to_be_focused()
    carl.get_by_role("searchbox").focus()
    expect(suggest).to_have_count(0)


def test_a_closing_is_seen_and_said_on_every_open_page(open_as, stage):
    carl, bea = open_as("carl"), open_as("bea", f"/ideas/{stage.ideas[0]}")
    ana = open_as("ana", f"{stage.url}/closing")
    ana.get_by_label("Why").fill("The line stands still.")
    ana.get_by_role("button", name="Close it").click()
    expect(carl.locator("#stage-closed")).to_contain_text("The line stands still.")
    for page in (carl, bea):
        expect(page.get_by_text("The campaign was closed just now.")).to_be_visible()
