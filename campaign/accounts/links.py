"""Links in mails: signed, with an end, and tied to what they change, so that each works once."""

import hashlib
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer

from campaign.accounts.models import Person
from campaign.errors import Refused
from campaign.extensions import db

HOUR, DAY = 3600, 24 * 3600
LASTS = {"confirmation": 3 * DAY, "reset": HOUR, "address": 3 * DAY}


class LinkOver(Refused):
    code, status = "link_over", 410
    message = _l("This link no longer works: it was used already, a newer one was sent, or its time is over.")


def make_link(purpose: str, person: Person, **more: Any) -> str:
    """The signed part of a link for one person and one purpose."""
    return _signer(purpose).dumps({"person": person.id, "state": _state(person), **more})


def read_link(purpose: str, token: str) -> tuple[Person, dict[str, Any]]:
    """The person whom a link is for, and what else it carries. Raises LinkOver."""
    try:
        said = _signer(purpose).loads(token, max_age=LASTS[purpose])
    except BadData:
        raise LinkOver from None
    person = db.session.get(Person, said["person"])
    if person is None or said["state"] != _state(person):
        raise LinkOver
    return person, said


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"link.{purpose}")


def _state(person: Person) -> str:
    # Whatever a link does changes one of these, and that ends the link and its older siblings.
    state = f"{person.email}\n{person.password_hash}\n{person.confirmed_at is not None}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]
