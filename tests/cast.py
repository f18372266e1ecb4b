"""The people of the tests: ana owns the brand soda, bea and carl take part, drew owns a brand elsewhere.

`people` gives them as rows, for tests of rules. `ana`, `bea`, `carl`, `drew` and `nobody` are browsers over HTTP, in
which they are signed in (or not), for tests of pages. The rows are committed, with or without the other.
"""

import contextvars
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from campaign import settings
from campaign.accounts.access import digest
from campaign.accounts.models import Person, SignIn
from campaign.accounts.passwords import hash_password
from campaign.accounts.robots import new_puzzle
from campaign.brands.models import Brand, Membership
from campaign.clock import now
from campaign.extensions import db

PASSWORD = "a horse, a battery and a staple"
OURS = ("data", "json", "headers", "query_string", "content_type", "follow_redirects")


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


@dataclass
class People:
    """The rows, in the test's own session."""

    ana: Person
    bea: Person
    carl: Person
    drew: Person
    soda: Brand
    elsewhere: Brand


class Browser(FlaskClient):
    """Somebody's browser: it keeps cookies, and sends a form with the token that the page would have held."""

    def open(self, *args, **kwargs) -> TestResponse:
        # Away from any context that the test holds open, or its person would be taken for the one who asks.
        return contextvars.Context().run(super().open, *args, **kwargs)

    def post(self, url: str, **fields) -> TestResponse:
        """Send a form: `carl.post("/sign-in", email="…")`. With `json=…`, what a script sends."""
        options = {name: fields.pop(name) for name in OURS if name in fields}
        headers = dict(options.pop("headers", None) or {})
        if "json" in options:
            headers.setdefault("X-CSRFToken", self.token())
        else:
            page = {"page": self.page_of_a_minute_ago()} if url == "/sign-up" or url.endswith("/ideas/guest") else {}
            options["data"] = {"csrf_token": self.token(), **page, **fields, **(options.get("data") or {})}
        return super().post(url, headers=headers, **options)

    def token(self) -> str:
        with self.session_transaction() as session:
            kept = session.setdefault("csrf_token", secrets.token_hex(20))
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(kept)

    def page_of_a_minute_ago(self) -> str:
        with self.application.app_context():
            return new_puzzle(now().timestamp() - 60).signed

    def sign_in(self, person_id: int) -> None:
        """Be that person from now on, without asking for the password."""
        secret = secrets.token_urlsafe(32)
        with self.application.app_context():
            db.session.add(SignIn(id=digest(secret), person_id=person_id))
            db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True


def settle(app: Flask, marked: str = "") -> dict[str, int]:
    """Put the cast and their brands into an application's database. `marked` keeps several casts in one apart."""
    with app.app_context():
        cast = {
            name: Person(
                email=f"{name}{marked}@example.org",
                name=name.title(),
                password_hash=password_hash(),
                confirmed_at=now(),
            )
            for name in ("ana", "bea", "carl", "drew")
        }
        db.session.add_all(cast.values())
        for slug, owner in (("soda", "ana"), ("elsewhere", "drew")):
            brand = Brand(slug=f"{slug}{marked}", name=slug.title())
            db.session.add(Membership(brand=brand, person=cast[owner], role="owner"))
        db.session.commit()
        return {name: person.id for name, person in cast.items()}


@pytest.fixture
def cast(app: Flask) -> dict[str, int]:
    """Everybody's id, once they are in the database."""
    return settle(app)


@pytest.fixture
def people(app: Flask, cast: dict[str, int]) -> Iterator[People]:
    """The cast as rows, inside an application context that lasts as long as the test."""
    with app.app_context():
        yield People(
            **{name: db.session.get_one(Person, person_id) for name, person_id in cast.items()},
            soda=db.session.scalars(db.select(Brand).filter_by(slug="soda")).one(),
            elsewhere=db.session.scalars(db.select(Brand).filter_by(slug="elsewhere")).one(),
        )


def browser_of(app: Flask, person_id: int | None = None) -> Browser:
    browser = Browser(app, app.response_class, use_cookies=True)
    if person_id is not None:
        browser.sign_in(person_id)
    return browser


@pytest.fixture
def ana(app: Flask, cast: dict[str, int]) -> Browser:
    return browser_of(app, cast["ana"])


@pytest.fixture
def bea(app: Flask, cast: dict[str, int]) -> Browser:
    return browser_of(app, cast["bea"])


@pytest.fixture
def carl(app: Flask, cast: dict[str, int]) -> Browser:
    return browser_of(app, cast["carl"])


@pytest.fixture
def drew(app: Flask, cast: dict[str, int]) -> Browser:
    return browser_of(app, cast["drew"])


@pytest.fixture
def nobody(app: Flask, cast: dict[str, int]) -> Browser:
    """Somebody who is not signed in, where the others have their accounts."""
    return browser_of(app)


class Mailbox:
    """What the application has sent, as the outbox keeps it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address, the oldest first."""
        every = (
            message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(self.folder.glob("*.eml"))
        )
        return [mail for mail in every if mail["To"] == address]

    def link(self, address: str) -> str:
        """The path of the link in the newest mail to an address."""
        text = self.to(address)[-1].get_body(("plain",)).get_content()
        return next(word for word in text.split() if word.startswith("http")).split("/", 3)[-1].join(("/", ""))


@pytest.fixture
def mails(app: Flask) -> Mailbox:
    return Mailbox(settings.of(app).instance / "outbox")
