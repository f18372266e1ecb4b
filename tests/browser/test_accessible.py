"""Every page, in both languages and both themes, on a phone and on a desk: no violation that axe-core knows, and no sideways scroll."""

import pytest
from flask import Flask

from campaign.accounts.actions import ask_for_address, send_confirmation, send_reset
from campaign.accounts.models import Person
from campaign.accounts.outbox import key_of
from campaign.brands.inviting import invite
from campaign.campaigns.models import Campaign, Tag
from campaign.extensions import db
from campaign.feedback.actions import post_comment
from campaign.ideas.models import Idea
from campaign.settings import of
from tests.campaign_cast import suggest
from tests.cast import PASSWORD, Mailbox

pytestmark = pytest.mark.one_database

PUBLIC = ["/", "/sign-in", "/sign-up", "/forgotten", "/nonsense"]
CAMPAIGN = ["", "?order=supported", "?q=nothing-has-this-word", "/brief", "/rules", "/withdrawn"]
SIGNED_IN = ["/profile", "/brands/new", "{campaign}/ideas/new", "{idea}/edit", "{idea}/withdrawal"]
TEAM = ["{campaign}/settings", "{campaign}/history", "{idea}/answer", "{brand}", "{brand}/settings", "{brand}/members"]


ALL = pytest.mark.parametrize(("locale", "width"), [("fr-FR", 360), ("en-GB", 1440)])


def look(locale: str, width: int) -> dict:
    return {"locale": locale, "viewport": {"width": width, "height": 800}}


# On a phone and in French, test_every_page_accessible.py looks at all that there are.
@pytest.mark.parametrize(("locale", "width"), [("en-GB", 1440)])
def test_pages_are_accessible(server, open_as, stage, sound, locale, width):
    places = {
        "campaign": stage.url,
        "brand": stage.url.replace("/campaigns/", "/brands/"),
        "idea": f"/ideas/{stage.ideas[0]}",
    }
    suggest(server.app, stage.campaign, stage.people["carl"], "Une canette que l’on rapporte", language="fr")
    asked = {
        None: [*PUBLIC, *(stage.url + path for path in CAMPAIGN), places["idea"], f"{places['idea']}/versions"],
        "bea": [path.format(**places) for path in SIGNED_IN],
        "ana": [path.format(**places) for path in TEAM],
    }
    for name, paths in asked.items():
        page = open_as(name, paths[0], **look(locale, width))
        for path in paths:
            assert page.goto(path).status == (404 if path == "/nonsense" else 200), path
            sound(page)


@ALL
def test_pages_behind_a_link_in_a_mail_are_accessible(server, open_as, stage, sound, locale, width):
    page = open_as(None, "/sign-up", **look(locale, width))
    for path in (*mailed(server.app, stage), f"/outbox?key={key_of(server.app)}"):
        assert page.goto(path).status == 200, path
        sound(page)
    page.locator(".row__title a").first.click()
    sound(page)
    page.goto("/confirm/a-link-that-is-over")
    sound(page)


def mailed(app: Flask, stage) -> list[str]:
    """The links that people of this stage find in their mailboxes."""
    with app.app_context():
        people = {name: db.session.get_one(Person, key) for name, key in stage.people.items()}
        people["carl"].confirmed_at = None
        db.session.flush()
        send_confirmation(people["carl"])
        send_reset(people["bea"].email, "en")
        ask_for_address(people["drew"], f"new-{people['drew'].email}", PASSWORD)
        brand = db.session.get_one(Campaign, stage.campaign).brand
        invite(brand, people["ana"], f"erin-{people['drew'].email}", "manager")
        addresses = [people["carl"].email, people["bea"].email]
        addresses += [f"{word}-{people['drew'].email}" for word in ("new", "erin")]
        db.session.commit()
    mailbox = Mailbox(of(app).instance / "outbox")
    return [mailbox.link(address) for address in addresses]


@ALL
def test_forms_that_are_refused_are_accessible(server, open_as, stage, sound, locale, width):
    idea, brand = f"/ideas/{stage.ideas[0]}", stage.url.replace("/campaigns/", "/brands/")
    with server.app.app_context():
        db.session.add(Tag(campaign_id=stage.campaign, slug="studied", name="studied", staff_only=True))
        remark = post_comment(
            db.session.get_one(Idea, stage.ideas[0]), db.session.get_one(Person, stage.people["bea"]), "Yes!"
        )
        db.session.commit()
        comment = f"/comments/{remark.id}/edit"
    asked = {
        None: ["/sign-up", "/sign-in", "/forgotten"],
        "bea": ["/profile", "/profile/password", "/profile/address", comment, f"{idea}/edit", "/brands/new"],
        "ana": [f"{idea}/tags", f"{brand}/settings", f"{brand}/members", f"{stage.url}/settings", f"{idea}/answer"],
    }
    for name, paths in asked.items():
        page = open_as(name, "/", **look(locale, width))
        for path in paths:
            assert page.goto(path).status == 200, path
            sound(page)
            form = page.locator("main form:has(.actions)").first
            for field in form.locator("input.control:not([type=color]):not([type=file]), textarea.control").all():
                if field.is_visible():  # Some are folded away.
                    field.fill("")
            with page.expect_navigation():
                form.locator(".actions button").first.click()
            sound(page)


@ALL
def test_pages_that_say_no_are_accessible(open_as, stage, sound, locale, width):
    page = open_as("carl", f"/ideas/{stage.ideas[0]}/vote", **look(locale, width))
    sound(page)
    for name in ("refused", "too_large", "too_many", "broken", "offline"):
        page.goto(f"/styleguide/{name}")
        sound(page)
    page.goto(f"/ideas/{stage.ideas[0]}")
    page.get_by_role("textbox").last.fill("An endless word and more: " + "m" * 300)
    page.evaluate(
        "for (const token of document.querySelectorAll('[name=csrf_token]')) token.value = 'from another day'"
    )
    with page.expect_navigation() as answer:
        page.locator("form:has(textarea) button").last.click()
    assert answer.value.status == 400
    sound(page)


@ALL
def test_the_way_to_the_mailbox_is_accessible(open_as, stage, sound, locale, width):
    page = open_as(None, "/sign-up", **look(locale, width))
    page.locator("[name=name]").fill("Erin")
    page.locator("[name=email]").fill(f"{'erin' * 12}@{'mailbox' * 6}.example.org")
    page.locator("[name=password]").fill("seven blue herons")
    with page.expect_navigation():
        page.locator("main .actions button").click()
    assert page.url.endswith("/mailbox")
    sound(page)


def test_the_styleguide_shows_everything_accessibly(open_as, axe):
    axe(open_as(None, "/styleguide"))
