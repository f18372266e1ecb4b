"""Short sentences that come and go."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.one_database

SAY = "([text, refused]) => document.dispatchEvent(new CustomEvent('toast', { detail: { text, refused } }))"


def test_news_sweeps_away_news_and_not_what_was_refused(open_as, stage):
    carl = open_as("carl")
    toasts = carl.locator("toast-rack .toast")
    for said in (["Your vote is stored.", False], ["Your vote is kept.", False]):
        carl.evaluate(SAY, said)
    expect(toasts).to_have_text("Your vote is kept.")
    carl.evaluate(SAY, ["Voting is not open.", True])
    expect(toasts).to_have_text("Voting is not open.")
    carl.evaluate(SAY, ["The vote has ended.", False])
    expect(toasts).to_have_text(["Voting is not open.", "The vote has ended."])
