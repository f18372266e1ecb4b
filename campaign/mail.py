"""Mail: queued with the transaction, sent after its commit, into the outbox or through SMTP."""

import re
import secrets
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app, render_template
from flask_babel import force_locale
from sqlalchemy import event
from sqlalchemy.orm import Session

from campaign.clock import now
from campaign.extensions import db, socketio

log = structlog.get_logger()

UNSAFE = re.compile(r"[^A-Za-z0-9@.+_-]")


def send_mail(to: str, language: str, template: str, **context: object) -> None:
    """Queue a mail. `templates/mail/<template>.txt` and `.html` give its text; the text's first line is the subject.

    It leaves after the commit of the running transaction, and never if that is rolled back.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with force_locale(language):
        context["address"] = app.config["ADDRESS"]
        text = render_template(f"mail/{template}.txt", **context)
        html = render_template(f"mail/{template}.html", **context)
    subject, body = text.strip().split("\n", 1)
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = app.config["MAIL_FROM"]
    message["To"] = _in_ascii(to)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=parseaddr(app.config["MAIL_FROM"])[1].rpartition("@")[2] or None)
    message.set_content(body.strip() + "\n")
    message.add_alternative(html, subtype="html")
    db.session.info.setdefault("mails", []).append((app, message))


def _in_ascii(address: str) -> str:
    """The address as every mail server takes it: what follows the @ may have letters that a header can't hold."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:
        return address


def _send_all(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for app, message in session.info.pop("mails", []):
        try:
            if url := app.config["MAIL_URL"]:
                socketio.start_background_task(_send, url, message)
            else:
                _put_into_outbox(app, message)
        except Exception:
            # What was committed is done: a mail that fails takes neither the answer nor the other mails with it.
            log.exception("mail.unsent", to=message["To"], subject=message["Subject"])


def _drop_all(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("mails", None)


def _put_into_outbox(app: Flask, message: EmailMessage) -> None:
    folder = Path(app.config["INSTANCE"]) / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    # Readable, but cut: a file's name may have 255 bytes, and an address alone may have as many.
    name = f"{_stamp(now())}-{secrets.token_hex(3)}-{UNSAFE.sub('_', message['To'])[:60]}.eml"
    (folder / name).write_bytes(bytes(message))
    log.info("mail.kept", to=message["To"], subject=message["Subject"], file=f"outbox/{name}")


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d-%H%M%S-%f")


def _send(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=30) as server:
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException):
        log.exception("mail.unsent", to=message["To"], subject=message["Subject"])


event.listen(Session, "after_commit", _send_all)
event.listen(Session, "after_rollback", _drop_all)
