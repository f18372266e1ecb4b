"""The console by its keys alone: Enter never approves, a key decides once, everything has one, and the others see who looks at what."""

import pytest
from playwright.sync_api import expect

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea
from campaign.moderation.deciding import appeal, hide
from campaign.moderation.models import Case
from campaign.moderation.rules import Rules, choose_rules

pytestmark = pytest.mark.one_database


@pytest.fixture
def waits(server, stage):
    """ana and drew moderate; three ideas of carl's wait."""
    with server.app.app_context():
        campaign = db.session.get_one(Campaign, stage.campaign)
        db.session.add(Membership(brand=campaign.brand, person_id=stage.people["drew"], role="moderator"))
        choose_rules(campaign, db.session.get_one(Person, stage.people["ana"]), Rules(True, False, 3))
        carl = db.session.get_one(Person, stage.people["carl"])
        for verb in ("folds", "sings", "dances"):
            submit_idea(campaign, carl, f"A can that {verb}", "Along two lines.", language="en")
        db.session.commit()


@pytest.fixture
def verdicts(server, stage):
    def read():
        with server.app.app_context():
            found = db.select(Case.verdict).where(Case.campaign_id == stage.campaign).order_by(Case.id)
            return db.session.scalars(found).all()

    return read


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_reason_takes_down_and_never_approves(stage, waits, verdicts, open_as, scripts):
    page = open_as("ana", f"{stage.url}/console/first", java_script_enabled=scripts)
    page.locator("#why").focus()
    page.keyboard.type("Spam")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Taken down. Its author will read why.")).to_be_visible()
    assert verdicts() == ["hidden", None, None]


def test_enter_on_what_was_chosen_takes_down_and_never_approves(stage, waits, verdicts, open_as):
    page = open_as("ana", f"{stage.url}/console/first")
    page.keyboard.press("c")
    page.locator(".console__row [type=checkbox]").first.focus()
    page.keyboard.press("Enter")  # Without a reason it asks for one.
    expect(page.locator("#bulk-why")).to_be_focused()
    page.keyboard.type("Spam")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 taken down. Their authors will read why.")).to_be_visible()
    assert verdicts() == ["hidden"] * 3


def test_enter_leaves_down_what_is_appealed_against_and_puts_nothing_back(server, stage, verdicts, open_as, waits):
    with server.app.app_context():
        idea, other = (db.session.get_one(Idea, number) for number in stage.ideas[:2])
        drew = db.session.get_one(Person, stage.people["drew"])
        hide(idea, drew, "It shows a trade mark.")
        hide(other, drew, "It shows a trade mark.")
        appeal(idea, db.session.get_one(Person, stage.people["bea"]), "The mark is mine.")
        db.session.commit()
    page = open_as("ana", f"{stage.url}/console/hidden")
    expect(page.get_by_role("heading", name="A can for two")).to_be_visible()
    page.keyboard.press("w")
    page.keyboard.type("Hm")
    page.keyboard.press("Enter")
    assert verdicts()[3:] == ["hidden", "hidden"]
    page.goto(f"{stage.url}/console/appeals")
    page.keyboard.press("r")
    expect(page.locator("#why")).to_be_focused()
    page.keyboard.type("It is not")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It stays down.")).to_be_visible()
    assert verdicts()[3:] == ["hidden", "hidden"]
    page.goto(f"{stage.url}/console/hidden")
    page.keyboard.press("w")
    page.keyboard.type("It is free")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_text("It stands there again.")).to_be_visible()


def test_a_key_that_is_hit_twice_or_held_decides_once(stage, waits, verdicts, open_as):
    page = open_as("ana", f"{stage.url}/console/first")
    expect(page.get_by_role("heading", name="A can that folds")).to_be_visible()
    page.evaluate(
        """() => {
            for (const repeat of [false, true, false]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", repeat, bubbles: true }))
        }"""
    )
    expect(page.get_by_text("Approved.")).to_be_visible()
    expect(page.get_by_role("heading", name="A can that sings")).to_be_visible()
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", repeat: true, bubbles: true }))"""
    )
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back: it waits again.")).to_be_visible()
    assert verdicts() == [None] * 3


def test_all_are_chosen_and_decided_and_somebody_is_blocked_by_keys(stage, waits, verdicts, open_as, sound):
    page = open_as("ana", f"{stage.url}/console/first")
    page.keyboard.press("c")
    page.keyboard.press("Shift+A")
    expect(page.get_by_text("3 approved.")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back: 3 wait again.")).to_be_visible()
    page.keyboard.press("w")
    page.keyboard.type("Spam")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.get_by_text("3 taken down. Their authors will read why.")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("link", name="A can that sings")).to_be_visible()
    assert verdicts() == [None] * 3
    sound(page)


def test_the_others_see_who_looks_at_the_item_that_opens_by_itself(stage, waits, open_as, sound):
    ana = open_as("ana", f"{stage.url}/console/first")
    expect(ana.locator("[data-holder=me]")).to_be_attached()
    drew = open_as("drew", f"{stage.url}/console/first")
    looker = drew.locator(".console__case .console__looker")
    expect(looker).to_have_text("Ana looks at it")
    sound(drew)
    ana.keyboard.press("j")
    expect(looker).to_be_hidden()
    expect(drew.locator(".console__case [data-holder=me]")).to_be_attached()
    expect(ana.locator(".console__list").get_by_text("Drew looks at it")).to_be_visible()
