"""While somebody writes an idea, those that say nearly the same come up below their words, and nothing of theirs moves."""

import pytest
from playwright.sync_api import expect

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_idea

pytestmark = pytest.mark.one_database


@pytest.fixture
def writing(server, stage, open_as):
    """carl's page of the form, on a board whose ideas are found by their words."""
    with server.app.app_context():
        for idea in stage.ideas:
            index_idea(db.session.get_one(Idea, idea))
        db.session.commit()
    return open_as("carl", f"{stage.url}/ideas/new")


def test_a_similar_idea_comes_up_while_one_types_and_takes_neither_focus_nor_place(writing, stage):
    title, found = writing.get_by_label("Your idea in one sentence"), writing.locator(".similar__idea")
    before = title.bounding_box()
    title.press_sequentially("A can that one can reseal")
    expect(found.first).to_contain_text("A can you can reseal")
    expect(writing.locator("similar-ideas").get_by_role("status")).to_contain_text("say nearly the same")
    expect(title).to_be_focused()
    assert title.bounding_box() == before
    title.press_sequentially("!")
    found.first.get_by_role("link", name="Vote for this one instead").click()
    expect(writing.get_by_role("heading", level=1)).to_have_text("A can you can reseal")
    writing.go_back()
    expect(writing.get_by_text("“A can that one can reseal!”")).to_be_visible()  # Kept as a draft on the way.


def test_nothing_comes_up_above_what_one_fills_in_meanwhile(writing):
    title, tags = writing.get_by_label("Your idea in one sentence"), writing.get_by_label("Tags")
    found = writing.locator(".similar__idea")
    with writing.expect_response("**/ideas/similar"):
        title.press_sequentially("A can that one can reseal")
        tags.focus()
    before = tags.bounding_box()
    writing.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(found).to_have_count(0)
    assert tags.bounding_box() == before
    title.focus()
    expect(found.first).to_be_visible()


def test_who_has_seen_what_is_close_puts_theirs_up_at_once(writing):
    title = writing.get_by_label("Your idea in one sentence")
    title.press_sequentially("A can that you can reseal")
    expect(writing.locator(".similar__idea").first).to_be_visible()
    writing.get_by_role("button", name="Put it on the board").click()
    expect(writing.get_by_role("heading", level=1)).to_have_text("A can that you can reseal")
