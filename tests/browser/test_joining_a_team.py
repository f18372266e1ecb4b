"""Whole walks: from nobody to the owner of a brand, and somebody else into its team."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from campaign.accounts.outbox import key_of
from campaign.accounts.robots import new_puzzle
from campaign.clock import now

pytestmark = pytest.mark.one_database


@pytest.fixture
def outbox(server):
    """Where the server's mails can be read, as it says in its terminal."""
    return f"/outbox?key={key_of(server.app)}"


def sign_up(page, axe, outbox, name, start="/sign-up", onwards="**/", older=None):
    address = f"{name.lower()}-{secrets.token_hex(4)}@example.org"
    page.goto(start)
    axe(page)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password").fill("seven blue herons")
    page.locator("main").get_by_role("button", name="Sign up").click()
    if older:  # Without scripts, nobody fills it in as quickly as a test.
        expect(page.get_by_role("heading", name="A moment, please")).to_be_visible()
        page.get_by_label("Password").fill("seven blue herons")
        page.locator("[name=page]").evaluate("(field, page) => { field.value = page }", older)
        page.locator("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    axe(page)
    follow_mail(page, outbox, address)
    axe(page)
    page.get_by_role("button", name="Yes, let me in").click()
    page.wait_for_url(onwards)
    return address


def follow_mail(page, outbox, address):
    """Open the newest mail to an address, as the outbox of a development server shows it, and follow its link."""
    page.goto(outbox)
    page.get_by_role("listitem").filter(has_text=address).first.get_by_role("link").click()
    page.locator(".mail a").first.click()


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["scripts", "no scripts"])
def test_somebody_signs_up_begins_a_brand_and_chooses_its_colour(new_page, server, axe, outbox, options):
    page = new_page(**options)
    with server.app.app_context():
        older = new_puzzle(now().timestamp() - 60).signed
    sign_up(
        page,
        axe if not options else lambda page: None,
        outbox,
        "Erin",
        "/sign-up?next=/brands/new",
        "**/brands/new",
        older if options else None,
    )
    name = f"Fizz {secrets.token_hex(4)}"
    page.get_by_label("Name of the brand").fill(name)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/settings")

    light = page.locator('.palette__strip[data-theme="light"] .palette__accent')
    dark = page.locator('.palette__strip[data-theme="dark"] .palette__accent')
    page.get_by_label("Colour", exact=True).fill("#ffe600")
    if options:
        page.get_by_role("button", name="Preview").click()
    expect(dark).to_have_css("color", "rgb(255, 230, 0)")
    expect(light).not_to_have_css("color", "rgb(255, 230, 0)")
    expect(page.get_by_text("words and lines take a darker one")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Colour", exact=True)).to_have_value("#ffe600")


def test_somebody_is_invited_signs_up_and_is_in_the_team(new_page, axe, outbox):
    owner = new_page()
    sign_up(owner, axe, outbox, "Olga", "/sign-up?next=/brands/new", "**/brands/new")
    axe(owner)
    name = f"Cola {secrets.token_hex(4)}"
    owner.get_by_label("Name of the brand").fill(name)
    owner.get_by_role("button", name="Begin").click()
    axe(owner)
    owner.get_by_role("link", name="The team").click()
    axe(owner)
    address = f"nils-{secrets.token_hex(4)}@example.org"
    owner.get_by_label("E-mail").fill(address)
    owner.get_by_label("Role", exact=True).select_option("analyst")
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_text(f"The invitation is on its way to {address}.")).to_be_visible()
    axe(owner)

    invited = new_page(viewport={"width": 360, "height": 740})
    follow_mail(invited, outbox, address)
    axe(invited)
    there = invited.get_by_role("link", name="Sign up and join").get_attribute("href")
    sign_up(invited, axe, outbox, "Nils", there, re.compile("/invitations/"))
    invited.get_by_role("button", name="Join the team").click()
    expect(invited.get_by_text(f"Welcome to the team of {name}.")).to_be_visible()
    axe(invited)
    owner.reload()
    expect(owner.get_by_role("listitem").filter(has_text="Nils")).to_contain_text("Analyst")


def test_what_is_refused_is_heard_and_can_be_put_right_by_keyboard(page, axe):
    page.goto("/sign-up")
    page.get_by_label("Your name").fill("Erin")
    page.get_by_label("E-mail").fill("erin")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    axe(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_accessible_description(re.compile("It looks like name@example.org"))
    expect(page.get_by_label("Your name")).to_have_value("Erin")


def test_own_pages_hold_in_both_languages(new_page, axe, outbox):
    page = new_page(viewport={"width": 360, "height": 740})
    sign_up(page, axe, outbox, "Erin")
    for path in ("/profile", "/profile/password", "/profile/address"):
        page.goto(path)
        axe(page)
    page.goto("/profile")
    page.get_by_label("Language").first.select_option("fr")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    for path in ("/profile", "/profile/password", "/profile/address", "/brands/new"):
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
