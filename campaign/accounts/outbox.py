"""Development only: the mails that would have left, to be read and followed in the browser."""

import email
import email.policy
import re
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape

from campaign import settings
from campaign.errors import NotThere
from campaign.mail import is_loopback

bp = Blueprint("outbox", __name__, url_prefix="/outbox")

SHOWN = 100
LINK = re.compile(r"https?://[^\s<>\"]+")


@bp.before_request
def only_in_development() -> None:
    """Everybody's links to a new password are here: it opens to a browser on this machine and to nobody behind a tunnel."""
    if not may_be_read():
        raise NotThere


def may_be_read() -> bool:
    """Whether whoever asks now may read everybody's mails."""
    return settings.current().development and _is_here()


def _is_here() -> bool:
    if any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")):
        return False  # Somebody else's request, passed on.
    return is_loopback(request.remote_addr or "") and is_loopback(urlsplit(f"//{request.host}").hostname or "")


@bp.get("")
def listing() -> str:
    mails = [(path.name, _headers(_read(path))) for path in _mails()[:SHOWN]]
    return render_template("accounts/outbox.html", mails=mails)


@bp.get("/<name>")
def mail(name: str) -> str:
    # Found in the folder's listing, so that no name leads out of the folder.
    path = next((path for path in _mails() if path.name == name), None)
    if path is None:
        raise NotThere
    message = _read(path)
    body = message.get_body(("plain",))
    text = _with_links(body.get_content() if body else "")
    return render_template("accounts/outbox_mail.html", message=_headers(message), text=text)


def _mails() -> list[Path]:
    folder = settings.current().instance / "outbox"
    return sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _headers(message: EmailMessage) -> dict[str, Any]:
    date = message["Date"].datetime.replace(tzinfo=UTC)  # "-0000": UTC, from a sender who does not say where they are.
    return {"subject": message["Subject"], "to": message["To"], "date": date}


def _with_links(text: str) -> Markup:
    """The text with its addresses as links; ours lead to this server, whatever name the mail gave it."""
    ours = settings.current().address

    def link(found: re.Match[str]) -> str:
        return Markup('<a href="{}">{}</a>').format(found[0].removeprefix(ours) or "/", found[0])

    ends = [0, *(end for found in LINK.finditer(text) for end in found.span()), len(text)]
    pieces = [escape(text[start:end]) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    links = [link(found) for found in LINK.finditer(text)]
    return Markup("").join(piece for pair in zip(pieces, [*links, Markup("")], strict=True) for piece in pair)
