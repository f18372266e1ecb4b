"""A campaign asks more than the idea: ana adds questions, carl answers them, with scripts and without."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 1440, "height": 900}},
        {"java_script_enabled": False, "viewport": {"width": 360, "height": 740}},
    ],
    ids=["scripts", "no scripts"],
)
def test_ana_asks_and_carl_answers(open_as, stage, axe, options):
    look = axe if "java_script_enabled" not in options else lambda page: None
    ana = open_as("ana", f"{stage.url}/settings", **options)
    ana.get_by_text("Questions beside the idea").click()
    ana.get_by_role("button", name="One more question").click()
    question = ana.get_by_role("group", name="Question 1")
    expect(question.get_by_label("Choices, one a line (English)")).to_be_hidden()
    question.get_by_label("Kind").select_option("One choice")
    question.get_by_label("The question (English)").fill("Which size?")
    question.get_by_label("Choices, one a line (English)").fill("Small\nLarge")
    ana.get_by_role("button", name="One more question").click()
    second = ana.get_by_role("group", name="Question 2")
    second.get_by_label("Kind").select_option("A scale")
    second.get_by_label("The question (English)").fill("How much would you use it?")
    second.get_by_label("What 1 means (English)").fill("never")
    look(ana)
    with ana.expect_navigation():
        ana.get_by_role("button", name="Save", exact=True).click()
    expect(ana.get_by_text("2 questions")).to_be_visible()

    carl = open_as("carl", f"{stage.url}/ideas/new", **options)
    carl.get_by_label("Your idea in one sentence").fill("A can that keeps its bubbles")
    carl.get_by_role("group", name="Which size?").get_by_label("Large").check()
    carl.get_by_role("group", name="How much would you use it?").get_by_label("1, never").check()
    look(carl)
    carl.get_by_role("button", name="Put it on the board").click()
    expect(carl.get_by_text("1 of 5 (never)")).to_be_visible()
    expect(carl.get_by_text("Large", exact=True)).to_be_visible()
    look(carl)
