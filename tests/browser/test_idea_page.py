"""An idea's page that stays open: the answer comes to it, an edit is offered, and nobody supports words they haven't read."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.one_database


@pytest.fixture
def answer(open_as, stage) -> Callable[[str], None]:
    def answer(text):
        ana = open_as("ana", f"/ideas/{stage.ideas[0]}/answer")
        ana.locator("textarea").fill(text)
        ana.get_by_role("button", name="Send the answer").or_(ana.get_by_role("button", name="Keep the change")).click()
        ana.wait_for_url("**/ideas/*#answer")
        ana.close()

    return answer


@pytest.fixture
def edit(open_as, stage) -> Callable[[str, str], None]:
    def edit(title, text="Turn it to the left."):
        bea = open_as("bea", f"/ideas/{stage.ideas[0]}/edit")
        bea.locator("[name=title]").fill(title)
        bea.locator("[name=text]").fill(text)
        bea.get_by_role("button", name="Save this version").click()
        bea.wait_for_url(re.compile(r"/ideas/\d+$"))
        bea.close()

    return edit


@pytest.fixture
def withdraw(open_as, stage) -> Callable[[str], None]:
    def withdraw(reason):
        bea = open_as("bea", f"/ideas/{stage.ideas[0]}/withdrawal")
        bea.locator("[name=reason]").fill(reason)
        with bea.expect_navigation():  # The page first asks whether somebody will answer.
            bea.get_by_role("button", name="Withdraw it").click()
        bea.close()

    return withdraw


def test_an_answer_comes_to_the_open_page_with_its_mark_and_its_date(open_as, stage, answer):
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    expect(carl.locator(".letter")).to_have_count(0)
    answer("We will **try** it in the spring.")
    expect(carl.locator(".letter")).to_contain_text("We will try it in the spring.")
    expect(carl.get_by_role("link", name="The brand answered")).to_be_visible()
    expect(carl.locator(".life [aria-current=step]")).to_contain_text("Answered by the brand")
    expect(carl.locator("toast-rack")).to_contain_text("has just answered this idea.")


def test_an_answer_that_is_being_copied_changes_afterwards(open_as, stage, answer):
    answer("We will try it in the spring.")
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    carl.evaluate("() => getSelection().selectAllChildren(document.querySelector('.letter__text'))")
    answer("We tried it in the spring.")
    expect(carl.locator("toast-rack")).to_contain_text("has just changed its answer.")
    expect(carl.locator(".letter__text")).to_have_text("We will try it in the spring.")
    carl.evaluate("() => getSelection().removeAllRanges()")
    expect(carl.locator(".letter__text")).to_have_text("We tried it in the spring.")


def test_an_edit_is_offered_and_nothing_moves_before(open_as, stage, edit):
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    edit("A can that closes again")
    offer = carl.get_by_role("button", name="Edited: show what it says now")
    expect(offer).to_be_visible()
    expect(carl.get_by_role("heading", level=1)).to_have_text("A can you can reseal")
    expect(carl.locator(".life")).to_contain_text("Edited, version 2")
    offer.click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("A can that closes again")
    expect(carl.get_by_role("heading", level=1)).to_be_focused()
    expect(carl.locator(".prose--large")).to_have_text("Turn it to the left.")
    expect(offer).to_be_hidden()
    assert carl.title().startswith("A can that closes again")


def test_a_vote_for_words_that_are_gone_shows_the_new_ones_first(open_as, stage, edit):
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    edit("A can that closes again")
    expect(carl.get_by_role("button", name="Edited: show what it says now")).to_be_visible()
    vote = carl.locator(".ballot .idea__vote")
    vote.click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("A can that closes again")
    expect(carl.locator("toast-rack")).to_contain_text("This idea was edited since you opened it.")
    expect(vote).to_have_attribute("aria-pressed", "false")
    vote.click()
    expect(carl.locator("toast-rack")).to_contain_text("Your vote is stored.")
    expect(carl.locator(".ballot__total")).to_have_text("1 person supports it")


def test_a_vote_waits_for_new_words_that_are_only_announced(open_as, stage, edit):
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    carl.evaluate("() => { Math.random = () => 60 }")  # The page isn't asked for in this hour.
    edit("A can that closes again")
    expect(carl.get_by_role("button", name="Edited: show what it says now")).to_be_visible()
    vote = carl.locator(".ballot .idea__vote")
    vote.click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("A can that closes again")
    expect(vote).to_have_attribute("aria-pressed", "false")


def test_a_card_edited_under_the_pointer_shows_its_words_before_it_takes_a_vote(open_as, stage, edit):
    carl = open_as("carl")
    card = carl.locator(f"#idea-{stage.ideas[0]}")
    vote = card.locator("button.idea__vote")
    vote.hover()
    edit("A can that closes again")
    expect(carl.locator(".pulse__lately")).to_contain_text("A can that closes again")
    expect(card.locator(".idea__title")).to_have_text("A can you can reseal")
    vote.click()
    expect(card.locator(".idea__title")).to_have_text("A can that closes again")
    expect(carl.locator("toast-rack")).to_contain_text("This idea was edited since you opened it.")
    expect(vote).to_have_attribute("aria-pressed", "false")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")


def test_an_idea_taken_back_takes_no_vote_on_its_open_page(open_as, stage, withdraw):
    carl = open_as("carl", f"/ideas/{stage.ideas[0]}")
    expect(carl.locator(".ballot__total")).to_have_text("Nobody supports it yet", use_inner_text=True)
    withdraw("Somebody said it better.")
    expect(carl.get_by_text("Somebody said it better.")).to_be_visible()
    expect(carl.locator(".ballot .idea__vote")).to_have_count(0)


def test_what_happened_last_follows_beside_an_open_board(open_as, stage, answer, edit):
    carl = open_as("carl")
    lately = carl.locator(".pulse__lately li")
    expect(lately).to_have_count(3)
    answer("We will try it in the spring.")
    expect(lately.first).to_have_text("Soda answers “A can you can reseal”")
    edit("A can that closes again")
    expect(lately.first).to_have_text("Soda answers “A can that closes again”")
