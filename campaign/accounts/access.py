"""Who is asking: from a session cookie, or from a personal token on a socket; and where they may be sent on."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from typing import Any, NamedTuple

from flask import session
from flask_login import current_user, login_user, logout_user

from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.errors import SignInFirst
from campaign.extensions import db, login

AT_ONCE = 1000  # Keys in one query, of those that are looked for every second.


def digest(secret: str) -> str:
    """What is stored of a secret that a person or a browser holds."""
    return urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")


def sign_in(person: Person) -> None:
    """Sign the asker in as `person`, on this device, until they sign out or sign out everywhere."""
    secret = secrets.token_urlsafe(32)
    db.session.add(SignIn(id=digest(secret), person_id=person.id))
    _remember(person, secret)


def sign_in_here(person: Person) -> None:
    """Sign the asker in as `person` instead of whoever was signed in on this device until now."""
    sign_out()
    sign_in(person)


def sign_in_by_token(token: str) -> bool:
    """Sign a socket in by a personal token, for as long as it is connected and the token exists."""
    found = db.session.scalar(db.select(ApiToken).where(ApiToken.token_hash == digest(token)))
    if found is None:
        return False
    _remember(found.person, f"token:{token}")
    return True


def sign_out() -> None:
    """Sign this device out."""
    db.session.execute(db.delete(SignIn).where(SignIn.id == present_sign_in()))
    logout_user()


def present_sign_in() -> str:
    """The key of this device's SignIn."""
    return digest(session.get("_user_id", ""))


class Ticket(NamedTuple):
    """By what somebody was let in: the key of their sign-in, or the hash of their token."""

    key: str
    is_token: bool


def present_ticket() -> Ticket | None:
    """The asker's ticket; None for nobody."""
    if not current_user.is_authenticated:
        return None
    secret = session["_user_id"]
    if secret.startswith("token:"):
        return Ticket(digest(secret.removeprefix("token:")), is_token=True)
    return Ticket(present_sign_in(), is_token=False)


def people_behind(tickets: set[Any]) -> dict[Any, int]:
    """The people whose tickets are still good, by ticket, in as many queries as there are thousands of them."""
    people: dict[Any, int] = {}
    for is_token, key, person in (
        (False, SignIn.id, SignIn.person_id),
        (True, ApiToken.token_hash, ApiToken.person_id),
    ):
        keys = [ticket.key for ticket in tickets if ticket is not None and ticket.is_token == is_token]
        for start in range(0, len(keys), AT_ONCE):
            found = db.session.execute(db.select(key, person).where(key.in_(keys[start : start + AT_ONCE])))
            people |= {Ticket(row[0], is_token): row[1] for row in found}
    return people


def _remember(person: Person, secret: str) -> None:
    login_user(person)
    session["_user_id"] = secret  # Instead of the person's id, so that one device can be signed out.
    session.permanent = True


@login.user_loader
def person_of(secret: str) -> Person | None:
    """The person behind a session's secret, while their sign-in (or token) exists. Asked anew for every request and event."""
    if secret.startswith("token:"):
        token = db.session.scalar(db.select(ApiToken).where(ApiToken.token_hash == digest(secret[6:])))
        return token.person if token else None
    found = db.session.get(SignIn, digest(secret))
    return found.person if found else None


@login.unauthorized_handler
def _sign_in_first() -> None:
    raise SignInFirst


def local_path(url: str | None) -> str | None:
    """The path that `next` asks for, if it stays on this site; None for anything else."""
    if not url or not url.startswith("/") or url.startswith("//") or "\\" in url or not url.isprintable():
        return None
    return url
