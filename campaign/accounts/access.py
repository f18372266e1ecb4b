"""Who is asking: from a session cookie, or from a personal token on a socket; and where they may be sent on."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from flask import session
from flask_login import login_user, logout_user

from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.errors import SignInFirst
from campaign.extensions import db, login


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
