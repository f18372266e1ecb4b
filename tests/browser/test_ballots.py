"""A ballot at a phone: what is left is told as it is, what is looked at is counted, and results are read whole."""

import pytest
from playwright.sync_api import expect

from campaign.campaigns.models import Campaign
from campaign.extensions import db

pytestmark = pytest.mark.one_database

PHONE = {"viewport": {"width": 360, "height": 800}}
CUT = "[...document.querySelectorAll('.table-wrap')].filter((wrap) => wrap.scrollWidth > wrap.clientWidth).length"


@pytest.fixture
def voted_by(server, stage):
    """Let people vote in another way from now on."""

    def choose(method: str, **settings: int) -> None:
        with server.app.app_context():
            present = db.session.get_one(Campaign, stage.campaign).stage
            present.method, present.method_settings = method, settings
            db.session.commit()

    return choose


def test_points_are_spread_handed_in_and_read_as_a_result(open_as, stage, voted_by, sound):
    voted_by("dots", points=2)
    carl = open_as("carl", f"{stage.url}/ballot", **PHONE)
    left = carl.locator(".paper__left")
    expect(left).to_have_text("2 points left")
    first, second = (carl.get_by_label(f"Points for “{title}”") for title in ("A can you can reseal", "A can for two"))
    first.fill("1")
    expect(left).to_have_text("1 point left")
    second.fill("2")
    expect(left).to_have_text("1 point too many")
    second.fill("1")
    carl.get_by_role("button", name="Hand in my ballot").click()
    expect(carl.get_by_text("Your ballot is stored.")).to_be_visible()
    expect(carl.get_by_text("You have handed this ballot in.")).to_have_count(0)
    sound(carl)
    carl.goto(f"{stage.url}/results")
    row = carl.get_by_role("row", name="A can for two")
    expect(row.get_by_role("cell")).to_have_count(3)
    assert carl.evaluate(CUT) == 0, "a column is out of sight"
    expect(carl.get_by_role("columnheader", name="Points")).to_have_count(1)
    sound(carl)


def test_a_mark_that_is_none_is_neutral_and_the_board_tells_no_support(open_as, stage, voted_by, sound):
    voted_by("score", highest=3)
    carl = open_as("carl", f"{stage.url}/ballot", **PHONE)
    row = carl.locator(f"#paper-{stage.ideas[0]}")
    none, given = row.locator(".paper__choice--none"), row.locator(".paper__choice", has_text="2")
    colour = "(choice) => getComputedStyle(choice).backgroundColor"
    empty = none.evaluate(colour)
    assert empty == given.evaluate(colour), "before anything is chosen"
    given.click()
    expect(given.locator("input")).to_be_checked()
    assert given.evaluate(colour) != empty
    carl.goto(stage.url)
    expect(carl.locator(".idea__foot").first).to_be_visible()
    expect(carl.locator(".idea__votes")).to_have_count(0)
    sound(carl)


def test_what_was_on_the_screen_of_a_ballot_is_counted(open_as, stage, voted_by):
    voted_by("duels", duels=5)
    carl = open_as("carl", f"{stage.url}/ballot")
    expect(carl.get_by_text("Pair 1 of 3 at most")).to_be_visible()
    with carl.expect_response(lambda answer: answer.url.endswith("/seen"), timeout=30_000) as told:
        pass
    assert told.value.status == 204
