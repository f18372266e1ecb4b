"""The whole walk of a merge in a browser without scripts and in one with: proposed, compared, merged, read, stepped out of, undone."""

import os

import pytest
from playwright.sync_api import expect

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_ideas
from tests.cast import browser_of

pytestmark = pytest.mark.one_database

PHONE = {"viewport": {"width": 360, "height": 800}}
WHY = "Both ask for a can that closes again."


@pytest.fixture
def said(server, stage):
    """Found by their words; carl supports the first idea, and drew the first two."""
    with server.app.app_context():
        index_ideas([db.session.get_one(Idea, number) for number in stage.ideas])
        db.session.commit()
    carl, drew = (browser_of(server.app, stage.people[name]) for name in ("carl", "drew"))
    carl.post(f"/ideas/{stage.ideas[0]}/vote", id="0123456789abcdef01")
    for number in stage.ideas[:2]:
        drew.post(f"/ideas/{number}/vote", id=f"0123456789abcdef0{number}")
    drew.post(f"/ideas/{stage.ideas[0]}/comments", text="And for left hands?")
    return [f"/ideas/{number}" for number in stage.ideas]


def test_proposed_compared_and_merged_without_scripts(open_as, stage, said, sound):
    drew = open_as("drew", said[0], java_script_enabled=False, **PHONE)
    drew.get_by_role("link", name="The same as another idea").click()
    drew.get_by_role("searchbox", name="Search the ideas").fill("two")
    drew.keyboard.press("Enter")
    drew.get_by_role("button", name="It is this one").click()
    expect(drew.get_by_text("Somebody of the team will look at the two")).to_be_visible()

    ana = open_as("ana", java_script_enabled=False, **PHONE)
    ana.get_by_role("link", name="Look and decide").click()
    ana.get_by_role("link", name="Compare and merge").click()
    ana.get_by_role("link", name="The other way round").click()
    ana.get_by_label("Why").fill(WHY)
    ana.get_by_role("button", name="Merge them").click()
    expect(ana.get_by_role("heading", name="A can for two")).to_be_visible()

    carl = open_as("carl", "/profile/votes", java_script_enabled=False, **PHONE)
    carl.get_by_role("button", name="Step out of “A can for two”").click()
    expect(carl.get_by_text("You have stepped out")).to_be_visible()

    ana.goto(said[0])
    ana.get_by_role("link", name="Undo the merge").click()
    ana.get_by_role("button", name="Make them two again").click()
    expect(ana.get_by_role("heading", name="A can you can reseal")).to_be_visible()
    expect(ana.locator(".ballot .idea__votes")).to_have_text("1")


def test_open_boards_hear_of_it(server, open_as, stage, said):
    nobody = open_as(None)
    expect(nobody.locator(f"#idea-{stage.ideas[0]}")).to_be_visible()
    ana = browser_of(server.app, stage.people["ana"])
    ana.post(f"{said[0]}/merging?with={stage.ideas[1]}", reason=WHY)
    expect(nobody.locator(f"#idea-{stage.ideas[1]} .idea__votes")).to_have_text("2")
    expect(nobody.locator(f"#idea-{stage.ideas[0]}[data-withdrawn]")).to_be_visible()
    ana.post(f"{said[0]}/merging/undo")
    expect(nobody.locator(f"#idea-{stage.ideas[1]} .idea__votes")).to_have_text("1")
    expect(nobody.locator(f"#idea-{stage.ideas[0]}:not([data-withdrawn]) .idea__votes")).to_have_text("2")


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_its_pages_are_accessible_and_as_wide_as_a_phone(server, open_as, stage, said, sound, locale):
    ana, bea, carl, drew = (browser_of(server.app, stage.people[name]) for name in ("ana", "bea", "carl", "drew"))
    drew.post(f"{said[0]}/same", other=str(stage.ideas[1]))
    options = {"locale": locale, **PHONE}

    def look(name, *paths):
        page = open_as(name, paths[0], **options)
        for path in paths:
            page.goto(path)
            sound(page)
            picture(page, f"{name}{path}-{locale}")
        page.close()

    slug = stage.url
    look("drew", f"{said[0]}/same", f"{said[0]}/same?q=can")
    look("ana", f"{slug}/duplicates", f"{said[0]}/merging?with={stage.ideas[1]}", slug)
    look("ana", f"{said[0]}/same/{stage.ideas[1]}/declining", f"{said[2]}/same?q=can")
    look("bea", f"{said[2]}/retirement?q=can", f"{said[2]}/retirement?for={stage.ideas[1]}")
    ana.post(f"{said[0]}/merging?with={stage.ideas[1]}", reason=WHY)
    look("ana", f"{slug}/duplicates", f"{said[0]}/merging/undo", said[0], said[1], f"{slug}/history")
    look("carl", said[0], said[1], f"{said[0]}/moved", "/profile/votes")
    carl.post(f"{said[2]}/vote", id="0123456789abcdef09")
    bea.post(f"{said[2]}/retirement?for={stage.ideas[1]}", reason="The other one says it better.")
    look("carl", said[2], "/profile/votes", f"{slug}/withdrawn")


def picture(page, name):
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    name = name.replace("/", "_").replace("?", "-")
    for width in (360, 1440):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size(PHONE["viewport"])
    page.emulate_media(color_scheme="null")
