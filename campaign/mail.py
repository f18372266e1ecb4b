"""Mail: a row of the transaction that it belongs to, sent after the commit into the outbox or through SMTP.

Text messages go the same way, and leave through the gateway of SMS_URL.

The row goes when the mail is sent. So a mail server that is away, or a crash, delays mail and loses none. What will never
arrive leaves a row of another kind: see refused_mail.py.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import requests
import structlog
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaign import settings
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.extensions import db, socketio
from campaign.refused_mail import note_refusal
from campaign.text import squeeze

log = structlog.get_logger()

ROUND = 30.0  # Seconds between two looks at what waits.
ONE_TRY = timedelta(minutes=10)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
PATIENCE = timedelta(days=1)
TEXTED = "X-Text-Message"  # The header that marks a text message among mails.
TEXT_PATIENCE = timedelta(minutes=10)  # What a text message brings is of no use later.
LATER = {401, 403, 408, 425, 429}  # Of a gateway: about us, or about this moment.
ABOUT_US = {530, 534, 535, 538}  # "Authenticate first", in its variants.
SECRET = re.compile(r"https?://\S+|[\w.~-]{40,}")  # A mail server may quote the mail, and with it the link.
UNREAD = ".invalid"  # Ends addresses that nobody reads, such as those of people who exist on paper only (RFC 2606).
UNSAFE = re.compile(r"[^A-Za-z0-9@.+_-]")


class OutgoingMail(db.Model):
    """A mail that was not sent yet."""

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[bytes]
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0)


class Unprotected(smtplib.SMTPException):
    """The mail server offers no STARTTLS, so the password of MAIL_URL was not sent to it."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def send_mail(to: str, language: str, template: str, **context: object) -> None:
    """Queue a mail. `templates/mail/<template>.txt` and `.html` give its text; the text's first line is the subject.

    With `unsubscribe`, the address that ends such mails, mail programs offer to do so at one press.
    It belongs to the running transaction: it leaves after its commit, and never if that is rolled back.
    To an address that nobody can have, no mail is made.
    """
    if to.lower().endswith(UNREAD):
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    given = settings.of(app)
    with force_locale(language):
        context["address"] = given.address
        text = render_template(f"mail/{template}.txt", **context)
        html = render_template(f"mail/{template}.html", **context)
    subject, body = text.strip().split("\n", 1)
    message = EmailMessage()
    message["Subject"] = in_one_line(subject)
    message["From"] = given.mail_from
    message["To"] = _in_ascii(to)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=parseaddr(given.mail_from)[1].rpartition("@")[2] or None)
    if "unsubscribe" in context:
        message["List-Unsubscribe"] = f"<{context['unsubscribe']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.strip() + "\n")
    message.add_alternative(html, subtype="html")
    db.session.add(OutgoingMail(message=bytes(message)))
    db.session.info["mail"] = app


def send_text_message(to: str, words: str) -> None:
    """Queue a text message to a phone number, with the same promises as a mail."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    message = EmailMessage()
    message["Subject"] = _("Text message")
    message["From"] = settings.of(app).mail_from
    message["To"] = to
    message["Date"] = formatdate(localtime=False)
    message[TEXTED] = "yes"
    message.set_content(words + "\n")
    db.session.add(OutgoingMail(message=bytes(message)))
    db.session.info["mail"] = app


def in_one_line(subject: str) -> str:
    """The subject as plain words. What it quotes from people could otherwise be read as an encoded word, and spell a header."""
    return " ".join(squeeze(subject).splitlines()).replace("=?", "= ?")


def _in_ascii(address: str) -> str:
    """The address as every mail server takes it: what follows the @ may have letters that a header can't hold."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:
        return address


def _committed(session: Session) -> None:
    app = None if session.in_nested_transaction() else session.info.pop("mail", None)
    if app is None:
        return
    if settings.of(app).mail_url or settings.of(app).sms_url:
        socketio.start_background_task(send_due, app)
    else:
        send_due(app)


def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("mail", None)


def send_due(app: Flask) -> None:
    """Send every mail whose time has come. What fails is written down, and tried again for a day unless refused for good."""
    try:
        with app.app_context():
            due = db.select(OutgoingMail.id).where(OutgoingMail.next_try_at <= now()).order_by(OutgoingMail.id)
            for mail_id in db.session.scalars(due).all():
                if mail := _claim(mail_id):
                    _try(app, mail)
    except SQLAlchemyError as error:
        log.error("mail.waiting", why=f"{type(error).__name__}: {error}")


def keep_sending(app: Flask) -> None:
    """Take up, again and again, what could not be sent, or what a process left that is gone."""
    while True:
        socketio.sleep(ROUND)
        send_due(app)


def _claim(mail_id: int) -> "OutgoingMail | None":
    """The mail, unless another greenlet or process is sending it. Nobody else will for as long as one try may last."""
    claimed = db.session.scalar(
        db.update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.next_try_at <= now())
        .values(next_try_at=now() + ONE_TRY, tries=OutgoingMail.tries + 1)
        .returning(OutgoingMail.id)
    )
    db.session.commit()
    return db.session.get(OutgoingMail, mail_id) if claimed else None


def _try(app: Flask, mail: "OutgoingMail") -> None:
    message = message_from_bytes(mail.message, policy=policy.SMTP)
    try:
        if message[TEXTED] and (gateway := settings.of(app).sms_url):
            _text(gateway, message)
        elif not message[TEXTED] and (url := settings.of(app).mail_url):
            _send(url, message)
        else:
            _put_into_outbox(app, mail, message)
    except Exception as error:  # noqa: BLE001  One mail that can't be sent must not keep the others.
        mail.next_try_at = now() + (WAITS[mail.tries - 1] if mail.tries <= len(WAITS) else WAITS[-1])
        refused = _is_for_good(error)
        given_up = refused or mail.next_try_at > mail.queued_at + (TEXT_PATIENCE if message[TEXTED] else PATIENCE)
        if message[TEXTED]:
            _hide_number(message)
        # Without the traceback: it would show the values around it, and the password of MAIL_URL is one of them.
        why = SECRET.sub("…", f"{type(error).__name__}: {error}")
        log.error(
            "mail.refused" if refused else "mail.lost" if given_up else "mail.unsent",
            to=message["To"],
            subject=message["Subject"],
            why=why,
        )
        if given_up:
            note_refusal(message, why)
            db.session.delete(mail)
    else:
        db.session.delete(mail)
    db.session.commit()


def _is_for_good(error: Exception) -> bool:
    """Whether the mail server said that it will never take this mail to this address."""
    if isinstance(error, Untexted):
        return 400 <= error.status < 500 and error.status not in LATER
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    else:
        return False  # About us, such as our password or our address: an operator can mend that within the day.
    return all(500 <= code < 600 and code not in ABOUT_US for code in codes)


def _put_into_outbox(app: Flask, mail: "OutgoingMail", message: EmailMessage) -> None:
    folder = settings.of(app).instance / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    # Readable, but cut: a file's name may have 255 bytes, and an address alone may have as many.
    # Named for the mail, so that one that is put there again after a crash stands there once.
    name = f"{_stamp(mail.queued_at)}-{mail.id:08}-{UNSAFE.sub('_', message['To'])[:60]}.eml"
    (folder / name).write_bytes(bytes(message))
    to, file = ("…", "outbox") if message[TEXTED] else (message["To"], f"outbox/{name}")
    log.info("mail.kept", to=to, subject=message["Subject"], file=file)


class Untexted(Exception):
    """The gateway did not take a text message."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"the gateway answered {status}" if status else "the gateway could not be reached")


def _text(url: str, message: EmailMessage) -> None:
    body = {"to": message["To"], "text": message.get_content().strip()}
    try:
        answer = requests.post(url, json=body, timeout=20, allow_redirects=False)
    except requests.RequestException:
        raise Untexted(0) from None  # Its own words quote the address, in which a password may stand.
    if not answer.ok:
        raise Untexted(answer.status_code)


def _hide_number(message: EmailMessage) -> None:
    """For the log, and for what is kept of a message that never arrived: no number belongs there."""
    ends_with = message["To"][-2:]
    del message["To"]
    message["To"] = f"…{ends_with}"


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%d-%H%M%S-%f")


def _send(url: str, message: EmailMessage) -> None:
    server = _connect(url)
    try:
        server.send_message(message)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()  # The mail is theirs by now, however they say goodbye.


def _connect(url: str) -> smtplib.SMTP:
    """Be connected to the mail server, and signed in where a name is given: never with a password that others can read."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 0
    context = ssl.create_default_context()
    if is_loopback(host):
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
        elif parts.scheme == "smtp" and parts.username and not is_loopback(host):
            raise Unprotected
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


event.listen(Session, "after_commit", _committed)
event.listen(Session, "after_rollback", _rolled_back)
