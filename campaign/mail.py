"""Mail: queued with the transaction, sent after its commit, into the outbox or through SMTP."""

import re
import secrets
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from ipaddress import ip_address
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


class Unprotected(smtplib.SMTPException):
    """The mail server offers no STARTTLS, so the password of MAIL_URL was not sent to it."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


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
        except Exception as error:  # noqa: BLE001
            # What was committed is done: a mail that fails takes neither the answer nor the other mails with it.
            _complain(message, error)


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
    try:
        with _connect(url) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        _complain(message, error)


def _complain(message: EmailMessage, error: Exception) -> None:
    # Without the traceback: it would show the values around it, and the password of MAIL_URL is one of them.
    log.error("mail.unsent", to=message["To"], subject=message["Subject"], why=f"{type(error).__name__}: {error}")


def _connect(url: str) -> smtplib.SMTP:
    """Be connected to the mail server, and signed in where a name is given: never with a password that others can read."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 0
    context = ssl.create_default_context()
    if _is_loopback(host):
        # Nobody stands between us and this machine, and its own mail server has a certificate for another name.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=30, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=30)
    try:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        elif parts.scheme == "smtp" and parts.username and not _is_loopback(host):
            raise Unprotected
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


event.listen(Session, "after_commit", _send_all)
event.listen(Session, "after_rollback", _drop_all)
