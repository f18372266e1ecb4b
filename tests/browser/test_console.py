"""Two moderators at their consoles: what is held arrives by itself, keys decide, nothing is overwritten, and what was done can be taken back."""

import re

import pytest
from playwright.sync_api import expect

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea
from campaign.merging.proposing import propose_duplicate
from campaign.moderation.reporting import report
from campaign.moderation.rules import Rules, choose_rules

pytestmark = pytest.mark.one_database


@pytest.fixture
def console(server, stage):
    """ana and drew moderate; `console("A can that folds")` is an idea of carl's that waits."""
    with server.app.app_context():
        campaign = db.session.get_one(Campaign, stage.campaign)
        db.session.add(Membership(brand=campaign.brand, person_id=stage.people["drew"], role="moderator"))
        choose_rules(campaign, db.session.get_one(Person, stage.people["ana"]), Rules(True, False, 3))
        db.session.commit()

    def send(title):
        with server.app.app_context():
            campaign = db.session.get_one(Campaign, stage.campaign)
            carl = db.session.get_one(Person, stage.people["carl"])
            submit_idea(campaign, carl, title, "Along two lines.", language="en")
            db.session.commit()

    return send


def test_two_moderators_share_a_queue(stage, console, open_as, sound):
    console("A can that folds")
    ana, drew = (open_as(name, f"{stage.url}/console") for name in ("ana", "drew"))
    for page in (ana, drew):
        expect(page.get_by_role("heading", name="A can that folds")).to_be_visible()
        sound(page)
    console("A can that sings")
    for page in (ana, drew):
        expect(page.get_by_role("link", name="A can that sings")).to_be_visible()
    ana.keyboard.press("j")
    expect(ana.get_by_role("heading", name="A can that sings")).to_be_visible()
    expect(drew.locator(".console__list").get_by_text("Ana looks at it")).to_be_visible()

    ana.keyboard.press("a")
    expect(ana.get_by_text("Approved.")).to_be_visible()
    expect(drew.get_by_role("link", name="A can that sings")).to_have_count(0)
    ana.keyboard.press("u")
    for page in (ana, drew):
        expect(page.get_by_role("link", name="A can that sings")).to_be_visible()

    drew.keyboard.press("r")  # Without a reason nothing happens, and the field has the focus.
    expect(drew.get_by_label("Why").last).to_be_focused()
    drew.keyboard.type("It was there before.")
    drew.keyboard.press("Escape")
    drew.keyboard.press("r")
    expect(drew.get_by_text("Taken down. Its author will read why.")).to_be_visible()


def test_a_phone_shows_one_pane_at_a_time(server, stage, console, open_as, sound):
    console("A can that folds")
    with server.app.app_context():
        idea = db.session.get_one(Idea, stage.ideas[0])
        report(idea, db.session.get_one(Person, stage.people["carl"]), "spam", "An advertisement.")
        db.session.commit()
    page = open_as("ana", f"{stage.url}/console/reports", viewport={"width": 360, "height": 740})
    expect(page.get_by_role("heading", name="A can you can reseal")).to_be_hidden()
    sound(page)
    page.get_by_role("link", name="A can you can reseal").click()
    expect(page.get_by_role("heading", name="A can you can reseal")).to_be_visible()
    expect(page.get_by_text("An advertisement.")).to_be_visible()
    expect(page.get_by_role("heading", name="Reported")).to_be_hidden()
    sound(page)
    page.get_by_role("button", name="It may stand").click()
    expect(page.get_by_role("heading", name="Reported")).to_be_visible()
    expect(page.get_by_text("Nothing is reported.")).to_be_visible()


def test_it_works_without_scripts(stage, console, open_as):
    console("A can that folds")
    page = open_as("ana", f"{stage.url}/console", java_script_enabled=False)
    page.locator(".console__case").get_by_role("button", name=re.compile(r"^Approve( a)?$")).click()
    expect(page.get_by_text("Approved.")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back: it waits again.")).to_be_visible()


def test_counts_move_searches_stay_and_keys_lead_on_and_back(server, stage, console, open_as, sound):
    for title in ("A can that folds", "A can that sings", "A can that sings aloud"):
        console(title)
    page = open_as("ana", f"{stage.url}/console/first")
    doubts = page.get_by_role("navigation", name="What needs you").get_by_role("link", name="Ideas that are the same")
    expect(doubts).to_have_text("Ideas that are the same0")
    with server.app.app_context():
        first, second = (db.session.get_one(Idea, number) for number in stage.ideas[:2])
        propose_duplicate(first, second, db.session.get_one(Person, stage.people["carl"]))
        db.session.commit()
    expect(doubts).to_have_text("Ideas that are the same1")

    page.keyboard.press("/")
    expect(page.get_by_label("Words")).to_be_focused()
    page.keyboard.type("sings")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="A can that folds")).to_have_count(0)
    sound(page)
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="A can that sings aloud")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", name="A can that sings", exact=True)).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="A can that sings aloud")).to_be_visible()
    expect(page.get_by_role("link", name="A can that folds")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.get_by_role("link", name="A can that sings", exact=False)).to_have_count(2)
    expect(page.get_by_role("link", name="A can that folds")).to_have_count(0)

    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    sound(page)
    page.keyboard.press("a")  # Behind the dialog nothing is decided.
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="A can that sings", exact=False)).to_have_count(2)
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="Who answers it")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/console/first\?q=sings"))
    expect(page.get_by_role("link", name="A can that sings", exact=False)).to_have_count(1)


def test_a_flood_is_told_once_and_put_away(server, stage, console, open_as, sound):
    page = open_as("ana", f"{stage.url}/console/first", viewport={"width": 360, "height": 740})
    alert = page.get_by_role("status").filter(has_text="ideas in five minutes")
    expect(alert).to_have_count(0)
    for number in range(10):
        console(f"A can of kind {number}")
    expect(alert).to_be_visible()
    sound(page)
    page.get_by_role("button", name="I have seen it").click()
    expect(alert).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="A can of kind 9")).to_be_visible()
    expect(alert).to_have_count(0)
