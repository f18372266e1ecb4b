"""People at their browsers: each has a window of their own on the same server."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.campaign_cast import stage as put_campaign
from tests.campaign_cast import suggest
from tests.cast import browser_of, settle
from tests.servers import Server


@dataclass
class Stage:
    """A campaign of its own on the shared server: ana runs it, bea had the ideas, carl takes part."""

    url: str
    campaign: int
    ideas: list[int]
    people: dict[str, int]


@pytest.fixture
def stage(server: Server) -> Stage:
    mark = f"-{secrets.token_hex(4)}"
    people = settle(server.app, mark)
    slug = f"soda{mark}"
    campaign = put_campaign(server.app, brand=slug, slug=slug)
    ideas = [
        suggest(server.app, campaign, people["bea"], title, lot=place)
        for place, title in enumerate(["A can you can reseal", "A can for two", "A can that tells its sugar"], start=1)
    ]
    return Stage(f"/campaigns/{slug}", campaign, ideas, people)


OpenAs = Callable[..., Page]

TOO_WIDE = """[...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def open_as(server: Server, stage: Stage, new_page: Callable[..., Page]) -> OpenAs:
    """Open a page as somebody of the cast, or as nobody: `open_as("carl", path, locale="fr-FR")`."""

    def open_as(name: str | None, path: str | None = None, **options) -> Page:
        page = new_page(**options)
        if name:
            signed_in = browser_of(server.app, stage.people[name])
            cookie = signed_in.get_cookie("session")
            page.context.add_cookies([{"name": "session", "value": cookie.value, "url": server.url}])
        page.goto(path or f"{stage.url}?order=new")
        return page

    return open_as


@pytest.fixture
def sound(axe):
    """Assert that a page as it stands is accessible, and as wide as its window."""

    def sound(page: Page) -> None:
        axe(page)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways == 0, f"{page.url} scrolls sideways by {sideways} px: {page.evaluate(TOO_WIDE)}"

    return sound
