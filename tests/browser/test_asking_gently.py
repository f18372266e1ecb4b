"""What open pages ask of the server by themselves: in its order, and no more often than it takes."""

import pytest
from playwright.sync_api import expect

from tests.browser.time_stopped import asked, count_questions, stop_time

pytestmark = pytest.mark.one_database


def drafts(addresses):
    return [address for address in addresses if address.endswith("/draft")]


def test_a_draft_is_saved_in_the_order_in_which_it_was_typed(open_as, stage):
    bea = open_as("bea", f"{stage.url}/ideas/new")
    stop_time(bea)
    count_questions(bea)
    held = []
    bea.route("**/draft", lambda route: route.continue_() if held else held.append(route))
    title = bea.locator("[name=title]")
    title.fill("A can for the train")
    with bea.expect_request("**/draft") as first:
        bea.clock.run_for(1500)
    assert "A can for the train" in first.value.post_data
    title.fill("A can for the bus")
    bea.clock.run_for(10_000)
    assert len(drafts(bea.evaluate("questions.asked"))) == 1, "the first is still on its way"
    with bea.expect_request("**/draft") as second:
        held[0].continue_()
    assert "A can for the bus" in second.value.post_data
    expect(bea.locator("[data-draft-state]")).not_to_be_empty()
    assert len(drafts(asked(bea))) == 2


def test_a_lively_talk_is_not_asked_for_at_every_remark(open_as, stage):
    bea = open_as("bea", f"/ideas/{stage.ideas[0]}")
    stop_time(bea)
    count_questions(bea)
    heard = """(id) => document.dispatchEvent(new CustomEvent("board:idea", { detail: { id } }))"""
    for _remark in range(20):
        bea.evaluate(heard, stage.ideas[0])
        bea.clock.run_for(200)
        asked(bea)
    pages = [address for address in asked(bea) if address.endswith(f"/ideas/{stage.ideas[0]}")]
    assert 1 <= len(pages) <= 2
