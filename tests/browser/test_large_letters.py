"""Letters twice as large, on a phone: whoever needs them reads every page by scrolling one way only."""

import pytest

from tests.browsers import launch
from tests.cast import browser_of

pytestmark = pytest.mark.one_database

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def large(browser):
    large = launch(browser.browser_type, "--blink-settings=defaultFontSize=32")
    yield large
    large.close()


@pytest.fixture
def ana(large, server, stage):
    context = large.new_context(base_url=server.url, locale="fr-FR", viewport=PHONE, is_mobile=True, has_touch=True)
    cookie = browser_of(server.app, stage.people["ana"]).get_cookie("session")
    context.add_cookies([{"name": "session", "value": cookie.value, "url": server.url}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "page",
    ["board", "brief", "ideas/new", "settings", "tags", "history", "idea", "answer", "members", "brand", "profile"],
)
def test_no_page_is_wider_than_the_screen(ana, stage, page):
    brand, idea = f"/brands/{stage.url.rsplit('/', 1)[1]}", f"/ideas/{stage.ideas[0]}"
    elsewhere = {"board": stage.url, "idea": idea, "answer": f"{idea}/answer", "profile": "/profile"}
    elsewhere |= {"members": f"{brand}/members", "brand": f"{brand}/settings"}
    ana.goto(elsewhere.get(page, f"{stage.url}/{page}"))
    assert ana.locator(".header__name").is_visible()
    assert ana.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert ana.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"


def test_what_stands_in_the_header_never_lies_over_something_else(ana, stage):
    ana.goto(stage.url)
    assert ana.locator(".header__name").evaluate("(name) => name.scrollWidth <= name.clientWidth"), "the name is cut"
    name, language = ana.locator(".header__name").bounding_box(), ana.locator(".header__language").bounding_box()
    beside = name["x"] + name["width"] <= language["x"]
    assert beside or name["y"] + name["height"] <= language["y"]


def test_the_word_on_a_cards_button_is_not_cut(ana, stage):
    ana.goto(stage.url)
    verb = ana.locator(".idea__cast").first
    assert verb.evaluate("(verb) => verb.getClientRects().length") == 1
