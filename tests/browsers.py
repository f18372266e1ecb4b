"""Debian's Chromium, driven by Playwright, and axe-core for what a person with a screen reader would miss."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Error, Page, expect, sync_playwright

from campaign.settings import ROOT
from tests.needs import need
from tests.servers import Server

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "test-results"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only colours differ between the two.
SCHEMES = {"light": WCAG, "dark": {"type": "rule", "values": ["color-contrast"]}}
FAILED = pytest.StashKey[bool]()
PATIENCE = 15_000  # Milliseconds, for what a loaded machine shows late.


def launch(chromium: BrowserType, *settings: str) -> Browser:
    """Chromium, with settings of its own where a test is about them: `"--blink-settings=defaultFontSize=32"`."""
    program = need("chromium", package="chromium", names=("chromium-browser", "google-chrome", "google-chrome-stable"))
    return chromium.launch(
        executable_path=program,
        args=[
            "--no-sandbox",  # Chromium refuses its sandbox to root.
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-quic",
            *settings,
        ],
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker; `new_page` gives each test windows that share nothing."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open a window of its own, as another person would: `new_page(locale="fr-FR", color_scheme="dark")`.

    Takes the options of Playwright's `new_context`. A script that throws, or a rule of the content security policy
    that a page breaks, fails the test.
    """
    pages: list[Page] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Chromium reports every answer above 399 as an error; here those are expected, and tests look at the page.
        # So it does when a test takes the network away.
        expected = message.text.startswith("Failed to load resource") or "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not expected:
            complaints.append(message.text)

    def new_page(**options) -> Page:
        context = browser.new_context(**{"base_url": server.url, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield new_page
    if request.node.stash.get(FAILED, False):
        _keep_pictures(request.node.name, pages)
    for page in pages:
        page.context.close()
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One window, for a test that needs no other."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that axe-core finds no violation on a page as it stands, in the light and in the dark: `axe(page)`."""
    script = AXE.read_text(encoding="utf-8")

    def look(page: Page) -> list[dict]:
        # Evaluated by the browser's debugger, which the page's content security policy does not concern.
        page.evaluate(f"() => {{ {script} }}")
        violations = []
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # What fades in has no contrast yet.
            violations += page.evaluate(LOOK, {"runOnly": rules, "resultTypes": ["violations"]})
        page.emulate_media(color_scheme="null", reduced_motion="null")
        return violations

    def axe(page: Page) -> None:
        try:
            violations = look(page)
        except Error:  # It was just leaving for the page that a click had asked for: that one is meant.
            page.wait_for_load_state()
            violations = look(page)
        assert not violations, "\n".join(_describe(violation) for violation in violations)

    return axe


# What a page leaves unrendered while it is out of sight has colours of its own that nobody ever sees: for the look, all of it is.
LOOK = """async (options) => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync("* { content-visibility: visible !important }")
  document.adoptedStyleSheets.push(sheet)
  const { violations } = await axe.run(options)
  document.adoptedStyleSheets.pop()
  return violations
}"""


def _describe(violation: dict) -> str:
    places = "".join(f"\n    {node['html']}\n      {node['failureSummary']}" for node in violation["nodes"])
    return f"{violation['id']}: {violation['help']}{places}"


def _keep_pictures(test: str, pages: list[Page]) -> None:
    PICTURES.mkdir(exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", test).strip("-")
    for number, page in enumerate(pages, start=1):
        if not page.is_closed():
            page.screenshot(path=Path(PICTURES, f"{name}-{number}.png"), full_page=True)
