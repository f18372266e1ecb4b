"""Who is asking: from a session cookie, or from a personal token on a socket; whose an address is; and where they may be sent on."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from flask import session
from flask_login import login_user, logout_user
from sqlalchemy import String

from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.database import given, packed, prepared
from campaign.errors import SignInFirst
from campaign.extensions import db, login
from campaign.origins import FORMER

OF_THE_BROWSER = {"outbox"}  # What a session keeps whoever is signed in.
WHOSE = "whose"  # In a session: who signed in last. It outlasts their sign-in, as do the pages that they left open.


def digest(secret: str) -> str:
    """What is stored of a secret that a person or a browser holds."""
    return urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")


def sign_in(person: Person) -> None:
    """Sign the asker in as `person`, on this device, until they sign out or sign out everywhere."""
    secret = secrets.token_urlsafe(32)
    db.session.add(SignIn(id=digest(secret), person_id=person.id))
    _remember(person, secret)


def sign_in_here(person: Person) -> None:
    """Sign the asker in as `person` instead of whoever was signed in on this device until now.

    What somebody else left open in other windows is no longer good: it would be sent in the name of this person.
    """
    was_another = _was_another(person)
    sign_out()
    if was_another:
        forget_person()
    sign_in(person)


def _was_another(person: Person) -> bool:
    if WHOSE in session:
        return bool(session[WHOSE] != person.id)
    # A session from before this was noted: only while its sign-in is good is it known whose it is.
    return "_user_id" in session and person_of(session["_user_id"]) != person


def present_secret(token: str | None) -> str | None:
    """What the asker shows to prove who they are: a personal token, or the secret of this browser's session. Not yet proved."""
    if token is not None:
        session.clear()  # A token speaks for itself; the cookie of the same browser doesn't count.
        session["_user_id"] = f"token:{token}"
    return session.get("_user_id")


def sign_out() -> None:
    """Sign this device out."""
    db.session.execute(db.delete(SignIn).where(SignIn.id == present_sign_in()))
    logout_user()


def forget_person() -> None:
    """Leave nothing in this browser's session of who was here, such as where their mail went."""
    for kept in session.keys() - OF_THE_BROWSER:
        del session[kept]


def present_sign_in() -> str:
    """The key of this device's SignIn."""
    return digest(session.get("_user_id", ""))


class Ticket(NamedTuple):
    """By what somebody was let in: the key of their sign-in, or the hash of their token."""

    key: str
    is_token: bool


def ticket_of(secret: str) -> Ticket:
    """The ticket that a session's secret stands for."""
    if secret.startswith("token:"):
        return Ticket(digest(secret.removeprefix("token:")), is_token=True)
    return Ticket(digest(secret), is_token=False)


class Holder(NamedTuple):
    """Whose ticket it is."""

    person: int
    language: str


def holders_of(tickets: set[Any]) -> dict[Any, Holder]:
    """The people whose tickets are still good, by ticket. One query for each kind of ticket, however many there are."""
    holders: dict[Any, Holder] = {}
    for is_token, find in ((False, _holders_of_sign_ins), (True, _holders_of_tokens)):
        shown = {ticket.key: ticket for ticket in tickets if ticket is not None and ticket.is_token == is_token}
        if shown:
            found = db.session.connection().execute(find(), {"shown_rows": packed((key,) for key in shown)})
            for key, person, language in found:
                holders[shown[key]] = Holder(person, language)
    return holders


def tickets_of(people: Collection[int]) -> dict[int, list[Ticket]]:
    """The good tickets of these people, of those who have any. Two queries, however many they are."""
    tickets: dict[int, list[Ticket]] = {}
    for is_token, key, row in ((False, SignIn.id, SignIn), (True, ApiToken.token_hash, ApiToken)):
        for person, secret in db.session.execute(db.select(row.person_id, key).where(row.person_id.in_(people))):
            tickets.setdefault(person, []).append(Ticket(secret, is_token))
    return tickets


@prepared
def _holders_of_sign_ins() -> Any:
    return _holders(SignIn.__table__.c.id, SignIn.__table__.c.person_id)


@prepared
def _holders_of_tokens() -> Any:
    return _holders(ApiToken.__table__.c.token_hash, ApiToken.__table__.c.person_id)


def _holders(key: Any, person_id: Any) -> Any:
    shown, person = given("shown", key=String), Person.__table__
    found = db.select(key, person.c.id, person.c.language).join_from(key.table, person, person.c.id == person_id)
    return found.join(shown, shown.c.key == key)


def _remember(person: Person, secret: str) -> None:
    login_user(person)
    session["_user_id"] = secret  # Instead of the person's id, so that one device can be signed out.
    session[WHOSE] = person.id
    session.permanent = True
    if (token := session.pop("csrf_token", None)) is not None:
        session[FORMER] = token


@login.user_loader
def person_of(secret: str) -> Person | None:
    """The person behind a session's secret, while their sign-in (or token) exists. Asked anew for every request and event."""
    if secret.startswith("token:"):
        token = db.session.scalar(db.select(ApiToken).where(ApiToken.token_hash == digest(secret[6:])))
        return token.person if token else None
    found = db.session.get(SignIn, digest(secret))
    return found.person if found else None


def person_by_email(email: str) -> Person | None:
    """Whose address this is, in the one form that `tidy_email` gives it."""
    return db.session.scalar(db.select(Person).where(Person.email == email))


def sign_ins(person: Person) -> list[tuple[str, datetime]]:
    """Where a person is signed in: the key of each device and since when, the newest first."""
    found = db.select(SignIn.id, SignIn.since).where(SignIn.person_id == person.id).order_by(SignIn.since.desc())
    return [(row.id, row.since) for row in db.session.execute(found)]


@login.unauthorized_handler
def _sign_in_first() -> None:
    raise SignInFirst


def local_path(url: str | None) -> str | None:
    """The path that `next` asks for, if it stays on this site; None for anything else."""
    if not url or not url.startswith("/") or url.startswith("//") or "\\" in url or not url.isprintable():
        return None
    return url
