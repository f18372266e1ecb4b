"""What happens to a form between the typing and the server."""

import pytest
from playwright.sync_api import expect

from tests.cast import browser_of

pytestmark = pytest.mark.one_database


def test_what_is_sent_offline_stays_on_its_page(open_as, stage):
    page = open_as("carl", f"/ideas/{stage.ideas[0]}")
    page.get_by_label("Your remark").fill("Will it leak on the train?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("You are offline, so nothing was sent.")).to_be_visible()
    expect(page.get_by_label("Your remark")).to_have_value("Will it leak on the train?")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".comment__text")).to_have_text("Will it leak on the train?")


def test_an_idea_is_written_in_a_column_as_wide_as_a_line_reads_well(open_as, stage):
    page = open_as("carl", f"{stage.url}/ideas/new")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.get_by_label("Tell it in a few lines").bounding_box()["width"] <= 576


def test_what_is_said_above_a_campaign_stands_clear_of_it(open_as, server, stage):
    closing = browser_of(server.app, stage.people["ana"]).post(f"{stage.url}/closing", reason="The line stands still.")
    assert closing.status_code == 302
    page = open_as("carl", stage.url)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        notice, poster = (page.locator(one).bounding_box() for one in ("#stage-closed .notice", ".poster"))
        assert poster["y"] - notice["y"] - notice["height"] >= 24


def test_enter_keeps_the_settings_and_shows_no_preview(open_as, stage):
    page = open_as("ana", f"{stage.url}/settings")
    title = page.get_by_label("Title", exact=True).first
    title.fill("What should the can become?")
    title.press("Enter")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_label("Title", exact=True).first).to_have_value("What should the can become?")


def test_a_file_is_chosen_in_the_language_of_the_page(open_as, stage):
    page = open_as("carl", f"{stage.url}/ideas/new", locale="fr-FR")
    pictures = page.locator("chosen-file", has=page.locator("#pictures"))
    expect(pictures.locator(".chosen-file__face")).to_be_visible()
    named = pictures.locator(".chosen-file__name")
    nothing = named.inner_text()
    files = [{"name": f"can-{number}.png", "mimeType": "image/png", "buffer": b"-"} for number in (1, 2)]
    page.locator("#pictures").set_input_files(files[:1])
    expect(named).to_have_text("can-1.png")
    page.locator("#pictures").set_input_files(files)
    expect(named).to_contain_text("2")
    page.locator("#pictures").set_input_files([])
    expect(named).to_have_text(nothing)


def test_without_scripts_the_browsers_own_control_for_files_is_there(open_as, stage):
    page = open_as("carl", f"{stage.url}/ideas/new", java_script_enabled=False)
    expect(page.locator(".chosen-file__face").first).to_be_hidden()
    assert page.locator("#pictures").evaluate("field => getComputedStyle(field).opacity") == "1"


def test_a_date_is_said_in_words_while_it_is_typed(open_as, stage):
    page = open_as("ana", f"{stage.url}/settings")
    for language, words in (("en", "1 March 2027, 18:00"), ("fr", "1er mars 2027 à 18\u00a0h")):
        page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
        page.reload()
        page.locator("#stages-1-opens_at").fill("2027-03-01T18:00")
        expect(page.locator('moment-words[for="stages-1-opens_at"]')).to_have_text(words)


def test_a_form_stands_in_the_middle_or_has_something_beside_it(open_as, stage):
    page = open_as(None, "/sign-in")
    page.set_viewport_size({"width": 1440, "height": 900})
    form = page.locator("main form.form").bounding_box()
    assert abs(form["x"] + form["width"] / 2 - 720) < 12
    page.goto("/sign-up")
    assert page.locator("main aside").bounding_box()["x"] > 720
