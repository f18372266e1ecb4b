"""Votes by name, their reasons, and names that are no votes: with scripts on a phone, and without."""

import pytest
from playwright.sync_api import expect

from tests.cast import browser_of

pytestmark = pytest.mark.one_database

PHONE = {"viewport": {"width": 360, "height": 800}}
SAID = "My bag is full of soda."


@pytest.fixture
def named(server, stage):
    browser_of(server.app, stage.people["ana"]).post(f"{stage.url}/naming", naming="named")
    return f"/ideas/{stage.ideas[0]}"


def test_a_vote_by_name_with_its_reason(open_as, stage, named, sound):
    carl = open_as("carl", named, **PHONE)
    expect(carl.get_by_text("your name will stand under this idea for everybody to read")).to_be_visible()
    ask = carl.get_by_label("Why do you support it?")
    expect(ask).to_be_hidden()
    carl.get_by_role("button", name="Support this idea").click()
    expect(carl.get_by_text("Your vote is stored.")).to_be_visible()
    expect(ask).to_be_visible()
    ask.fill(SAID)
    carl.get_by_role("button", name="Say why").click()
    expect(carl.get_by_text("Your reason is stored.")).to_be_visible()
    sound(carl)

    drew = open_as("drew", named)
    expect(drew.get_by_role("region", name="Who supports it").get_by_text("Carl")).to_be_visible()
    expect(drew.get_by_role("region", name="Why people vote so").get_by_text(SAID)).to_be_visible()
    sound(drew)


def test_the_whole_without_scripts(open_as, stage, named):
    carl = open_as("carl", named, java_script_enabled=False, **PHONE)
    carl.get_by_role("button", name="Support this idea").click()
    carl.get_by_label("Why do you support it?").fill(SAID)
    carl.get_by_role("button", name="Say why").click()
    carl.get_by_role("link", name="Put my name to this idea").click()
    carl.get_by_label("A sentence beside it").fill("I drop every second can.")
    carl.get_by_label("I know that everybody can read my name here").check()
    carl.get_by_role("button", name="Put my name to this idea").click()
    expect(carl.get_by_role("list", name="The names").get_by_text("I drop every second can.")).to_be_visible()

    drew = open_as("drew", named, java_script_enabled=False)
    for words in (SAID, "I drop every second can."):
        expect(drew.get_by_text(words)).to_be_visible()
