"""A reviewer marks an idea on a phone, and reads what the others gave once theirs is submitted; its author reads what is for them."""

import pytest
from playwright.sync_api import expect

from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.evaluation.criteria import WantedCriterion, set_criteria
from campaign.extensions import db
from tests.cast import browser_of

pytestmark = pytest.mark.one_database

PHONE = {"viewport": {"width": 360, "height": 800}}


def test_a_reviewer_marks_by_keyboard_and_the_author_reads_it(server, stage, open_as, sound):
    idea = f"/ideas/{stage.ideas[0]}"
    with server.app.app_context():
        campaign = db.session.get_one(Campaign, stage.campaign)
        by = campaign.publication.by
        set_criteria(campaign, by, [WantedCriterion({"en": name, "fr": name}, 50) for name in ("Effect", "Effort")])
        db.session.add(Membership(brand_id=campaign.brand_id, person_id=stage.people["carl"], role="evaluator"))
        db.session.commit()
    ana = browser_of(server.app, stage.people["ana"])
    ana.post(f"{idea}/evaluation/reviewers", **{"more-reviewers": str(stage.people["carl"])})

    page = open_as("carl", f"{stage.url}/evaluation", **PHONE)
    expect(page.get_by_text("0 / 1")).to_be_visible()
    page.get_by_role("link", name="A can you can reseal", exact=True).click()
    effect = page.get_by_role("group", name="Effect")
    effect.get_by_label("5", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("group", name="Effort").get_by_label("3", exact=True).check()
    page.get_by_label("To its authors, in private").fill("Think of left hands.")
    sound(page)
    page.get_by_role("button", name="Submit it for good").click()
    expect(page.get_by_text("weighted mean, of 5")).to_be_visible()
    expect(page.get_by_text("4.00", exact=True).first).to_be_visible()
    sound(page)

    bea = open_as("bea", idea, **PHONE)
    expect(bea.get_by_role("heading", name="For you alone")).to_be_visible()
    expect(bea.get_by_text("Think of left hands.")).to_be_visible()
    sound(bea)
