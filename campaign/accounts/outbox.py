"""Development only: the mails that would have left, to be read and followed in the browser."""

import email
import email.policy
import hmac
import re
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from campaign import settings
from campaign.errors import NotThere, Refused
from campaign.mail import is_loopback

bp = Blueprint("outbox", __name__, url_prefix="/outbox")

SHOWN = 100
OPENED = "outbox"
PASSED_ON = ("x-forwarded-", "x-real-ip", "forwarded", "via")
LINK = re.compile(r"https?://[^\s<>\"]+")


class OutboxClosed(Refused):
    code, status = "outbox_closed", 404
    message = _l("The outbox opens by the link that the server has written in its terminal.")


@bp.before_request
def only_in_development() -> ResponseReturnValue | None:
    """Everybody's links to a new password are here: it opens to who started the server, and to nobody behind a tunnel."""
    if not _is_here():
        raise NotThere
    if hmac.compare_digest(request.args.get("key", "").encode(), key_of(current_app).encode()):
        session[OPENED] = True
        return redirect(request.path)
    if not may_be_read():
        raise OutboxClosed
    return None


def key_of(app: Flask) -> str:
    """What opens the outbox, written in the terminal at the start: a proxy can make everybody look as if they sat here."""
    return hmac.new(app.config["SECRET_KEY"].encode(), b"outbox", "sha256").hexdigest()[:32]


def may_be_read() -> bool:
    """Whether whoever asks now may read everybody's mails."""
    return _is_here() and OPENED in session


def _is_here() -> bool:
    if not settings.current().development:
        return False
    if request.environ.get("ensemble.passed_on") or any(
        name.startswith(PASSED_ON) for name in map(str.lower, request.headers.keys())
    ):
        return False  # Somebody else's request, passed on.
    return is_loopback(request.remote_addr or "") and is_loopback(urlsplit(f"//{request.host}").hostname or "")


@bp.get("")
def listing() -> str:
    mails = [(path.name, _headers(_read(path))) for path in _mails()[:SHOWN]]
    return render_template("accounts/outbox.html", mails=mails)


@bp.get("/<name>")
def mail(name: str) -> str:
    message = _called(name)
    body = message.get_body(("plain",))
    return render_template(
        "accounts/outbox_mail.html",
        name=name,
        message=_headers(message),
        text=_with_links(body.get_content() if body else ""),
        has_html=message.get_body(("html",)) is not None,
        shown="html" if request.args.get("as") == "html" else "text",
    )


@bp.get("/<name>/html")
def html(name: str) -> ResponseReturnValue:
    """The HTML of a mail, for a frame of that mail's page: nothing in it runs, and its links open beside it."""
    body = _called(name).get_body(("html",))
    if body is None:
        raise NotThere
    ours = settings.current().address
    # A mail brings its styles on its elements, which our own pages never do.
    page = Response(
        body.get_content().replace(f'href="{ours}/', 'href="/').replace("<head>", '<head><base target="_blank">', 1)
    )
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


def _called(name: str) -> EmailMessage:
    # Found in the folder's listing, so that no name leads out of the folder.
    path = next((path for path in _mails() if path.name == name), None)
    if path is None:
        raise NotThere
    return _read(path)


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
