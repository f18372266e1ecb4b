"""What stands around the ideas stands still, whatever is searched, offered or scrolled."""

import pytest
from playwright.sync_api import expect

from campaign.campaigns.models import Campaign, Category, Tag
from campaign.extensions import db
from campaign.ideas.models import Idea

pytestmark = pytest.mark.one_database

WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def sort_out(server, stage):
    """Give the stage's campaign so many categories and tags, each tag to an idea."""

    def sort_out(categories=0, tags=0):
        with server.app.app_context():
            campaign = db.session.get_one(Campaign, stage.campaign)
            campaign.categories = [
                Category(slug=f"kind-{place}", position=place, names={"en": f"Kind {place}"})
                for place in range(categories)
            ]
            given = [Tag(slug=f"word-{place}", name=f"word {place}") for place in range(tags)]
            campaign.tags = given
            db.session.get_one(Idea, stage.ideas[0]).tags = given
            db.session.commit()
            db.session.remove()

    return sort_out


def top(page, selector):
    return page.locator(selector).first.bounding_box()["y"]


def test_a_filter_moves_neither_the_ideas_nor_what_stands_beside_them(open_as, stage, sort_out):
    sort_out(tags=1)
    carl = open_as("carl", viewport=WIDE)
    before = top(carl, ".board .idea"), top(carl, ".board__aside .panel")
    assert before[0] == before[1]
    carl.goto(f"{stage.url}?order=new&tag=word-0")
    expect(carl.locator(".board__found")).to_contain_text("1 idea found")
    assert (top(carl, ".board .idea"), top(carl, ".board__aside .panel")) == before


def test_the_panel_of_tags_goes_with_its_button(open_as, sort_out):
    sort_out(tags=12)
    carl = open_as("carl", viewport={"width": 1440, "height": 500})
    button, panel = carl.get_by_role("button", name="More tags"), carl.locator("#all-tags")
    button.click()
    expect(panel).to_be_visible()
    before = top(carl, "#all-tags") - button.bounding_box()["y"]
    carl.evaluate("scrollTo({ top: 200, behavior: 'instant' })")
    assert carl.evaluate("scrollY") == 200
    assert top(carl, "#all-tags") - button.bounding_box()["y"] == pytest.approx(
        before, abs=5
    )  # While it opens it moves by a few.


def test_in_many_tags_one_is_found_by_its_name(open_as, sort_out):
    sort_out(tags=30)
    carl = open_as("carl", viewport=WIDE)
    carl.get_by_role("button", name="More tags").click()
    panel = carl.locator("#all-tags")
    expect(panel.locator(".tag:visible")).to_have_count(24)
    panel.get_by_label("Find a tag").fill("WORD 29")
    expect(panel.locator(".tag:visible")).to_have_text(["word 29 1"])
    panel.get_by_label("Find a tag").fill("elephant")
    expect(panel.get_by_text("No tag is called so.")).to_be_visible()


def test_what_is_in_sight_already_is_not_offered_again(open_as, sort_out):
    sort_out(categories=5)
    carl = open_as("carl", viewport=WIDE)
    expect(carl.get_by_role("link", name="Kind 4")).to_be_visible()
    expect(carl.locator(".tags__all")).to_be_hidden()
    carl.set_viewport_size({"width": 360, "height": 780})
    expect(carl.get_by_role("button", name="Categories", exact=True)).to_be_visible()


def test_a_title_alone_stands_on_its_card_in_full(open_as, server, stage):
    title = "Nobody who lives here should have to pay more than a tenth of what they earn to travel to work, " * 2
    with server.app.app_context():
        db.session.get_one(Idea, stage.ideas[0]).title = title.strip()
        db.session.commit()
        db.session.remove()
    carl = open_as("carl", viewport=WIDE)
    shown = carl.locator(f"#idea-{stage.ideas[0]}-title")
    assert shown.evaluate("(element) => element.scrollHeight <= element.clientHeight + 1")
