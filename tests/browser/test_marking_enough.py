"""Where a ballot asks for so many ideas, the page counts along, and keeps it until they are marked."""

import pytest
from playwright.sync_api import expect

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.votes.models import StageBallot
from tests.methods.test_scales import SCALES

pytestmark = pytest.mark.one_database


def test_too_few_ideas_stay_on_the_page(server, open_as, stage):
    with server.app.app_context():
        voted_in = db.session.get_one(Campaign, stage.campaign).stage
        voted_in.method = "scales"
        voted_in.method_settings = {"seats": 1, "scales": SCALES, "least": 2, "most": 3}
        db.session.commit()
    page = open_as("carl", f"{stage.url}/ballot")
    expect(page.get_by_text("Mark 2 to 3 ideas.")).to_be_visible()
    expect(page.get_by_text("0 marked")).to_be_visible()
    likings = page.locator('[aria-label^="Liking: "]')
    likings.nth(0).get_by_role("radio", name="A lot").check()
    expect(page.get_by_text("1 more to mark")).to_be_visible()
    page.evaluate("window.here = true")
    page.get_by_role("button", name="Hand in my ballot").click()
    expect(page.locator(".paper__how-many")).to_be_focused()
    assert page.evaluate("window.here")
    likings.nth(1).get_by_role("radio", name="No", exact=True).check()
    expect(page.get_by_text("2 marked")).to_be_visible()
    page.get_by_role("button", name="Hand in my ballot").click()
    expect(page.get_by_text("Your ballot is stored.")).to_be_visible()
    with server.app.app_context():
        voted_in = db.session.get_one(Campaign, stage.campaign).stage
        assert db.session.scalar(db.select(db.func.count()).where(StageBallot.stage_id == voted_in.id)) == 1
