"""The outbox can be read in development, and only there."""

import dataclasses
import re

import pytest

from campaign import create_app
from campaign.accounts.outbox import key_of
from campaign.settings import of as settings_of
from tests.cast import browser_of


@pytest.fixture
def developer(settings):
    app = create_app(dataclasses.replace(settings, development=True))
    browser = browser_of(app)
    assert browser.get(f"/outbox?key={key_of(app)}").location == "/outbox", "the key doesn't stay in the address"
    return browser


def test_a_mail_can_be_read_and_followed(developer):
    developer.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    assert 'href="/outbox"' in developer.get("/mailbox").text
    listing = developer.get("/outbox").text
    assert "Confirm your address" in listing
    address = next(part for part in listing.split('"') if part.startswith("/outbox/"))
    mail = developer.get(address).text
    link = next(part for part in mail.split('"') if part.startswith("/confirm/"))
    assert developer.post(link).location == "/"


@pytest.mark.parametrize("name", ["..%2f..%2fsecret_key", "..", "secret_key", "%2e%2e%2fsecret_key", "nothing.eml"])
def test_a_name_leads_nowhere_else(developer, name):
    assert developer.get(f"/outbox/{name}").status_code == 404


def test_a_mail_with_markup_shows_it_as_text(developer):
    developer.post("/sign-up", name="<b>Erin</b>", email="erin@example.org", password="seven blue herons")
    listing = developer.get("/outbox").text
    address = next(part for part in listing.split('"') if part.startswith("/outbox/"))
    assert "<b>Erin" not in developer.get(address).text


def test_a_public_server_has_no_outbox(nobody):
    nobody.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    assert "/outbox" not in nobody.get("/mailbox").text
    assert nobody.get("/outbox").status_code == nobody.get("/outbox/x.eml").status_code == 404


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"])
def test_a_browser_on_this_machine_sees_the_outbox(developer, host):
    developer.get(f"/outbox?key={key_of(developer.application)}", headers={"Host": host})
    assert developer.get("/outbox", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "soda.tunnel.example"},
        {"Host": "192.168.1.7:5000"},
        {"Host": "localhost.example.org"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": "[::ffff:10.0.0.1]"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Host": "soda.example.org"},
        {"X-Forwarded-Proto": "https"},
        {"X-Real-IP": "203.0.113.9"},
        {"Via": "1.1 soda.example.org"},
        {"Forwarded": "for=203.0.113.9"},
    ],
)
def test_nobody_sees_the_outbox_through_a_tunnel(developer, headers):
    developer.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    assert developer.get("/outbox", headers=headers).status_code == 404
    assert "/outbox" not in developer.get("/mailbox", headers=headers).text


def test_a_neighbour_who_says_to_be_here_is_not(developer):
    answer = developer.get("/outbox", headers={"Host": "localhost"}, environ_overrides={"REMOTE_ADDR": "192.168.1.9"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/outbox", "/outbox?key=", "/outbox?key=guessed"])
def test_who_has_not_the_key_of_the_terminal_reads_no_mail(developer, path):
    """A proxy that says nothing of itself makes everybody look as if they sat here."""
    visitor = browser_of(developer.application)
    visitor.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "in its terminal" in answer.text
    name = next((settings_of(developer.application).instance / "outbox").glob("*.eml")).name
    assert visitor.get(f"/outbox/{name}").status_code == 404
    assert developer.get(f"/outbox/{name}").status_code == 200
    assert "/outbox" not in visitor.get("/mailbox").text


def test_a_mail_is_shown_as_html_too_where_nothing_in_it_runs(developer):
    developer.post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")
    address = next(part for part in developer.get("/outbox").text.split('"') if part.startswith("/outbox/"))
    assert f'href="{address}?as=html"' in developer.get(address).text
    page = developer.get(f"{address}?as=html").text
    assert re.search(
        rf'<iframe [^>]*src="{re.escape(address)}/html"[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"',
        page,
    )
    mail = developer.get(f"{address}/html")
    policy = mail.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'href="/confirm/' in mail.text
    assert 'style="' in mail.text


def test_the_html_of_no_mail_leads_nowhere(developer):
    assert developer.get("/outbox/..%2fsecret_key/html").status_code == 404


def test_the_html_of_a_mail_is_for_who_may_read_the_outbox(developer, nobody):
    assert nobody.get("/outbox/x.eml/html").status_code == 404
