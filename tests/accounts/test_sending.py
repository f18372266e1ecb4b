"""Mail through a real mail server: encrypted where it can be, and never a password that others can read."""

import dataclasses
import smtplib
import socketserver
import ssl
import subprocess
import threading
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import requests

from campaign import mail, settings
from campaign.accounts.robots import new_puzzle
from campaign.clock import now
from campaign.extensions import db
from campaign.refused_mail import refused_mails
from tests.cast import browser_of
from tests.needs import need
from tests.servers import free_port


class Conversation(socketserver.StreamRequestHandler):
    """One client's visit to the mail server."""

    def handle(self):
        server = self.server
        self.say("220 hello")
        while line := self.rfile.readline():
            word = line.split()[0].upper()
            server.heard.append(line.decode().strip())
            if word == b"EHLO":
                self.say("250-here", *(f"250-{extension}" for extension in server.extensions), "250 AUTH PLAIN")
            elif word == b"STARTTLS":
                self.say("220 go ahead")
                try:
                    self.request = server.context.wrap_socket(self.request, server_side=True)
                except OSError:
                    return  # The client did not like our certificate.
                self.setup()
            elif word == server.refuses:
                self.say(server.refusal)
            elif word == b"DATA":
                self.say("354 go ahead")
                server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.say("250 kept")
            else:
                self.say("235 welcome" if word == b"AUTH" else "250 fine")
                if word == b"QUIT":
                    return

    def say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    extensions = ()
    refuses, refusal = b"", ""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.heard, self.mails = [], []

    @property
    def url(self):
        return f"smtp://erin:horse@127.0.0.1:{self.server_address[1]}"

    def was_told_the_password(self):
        return any(line.startswith("AUTH") for line in self.heard)


@pytest.fixture
def mail_server():
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def certificate(tmp_path, mail_server):
    """Let the mail server offer STARTTLS with a certificate that it made itself."""
    made = tmp_path / "made.pem"
    request = "req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -days 2"
    subprocess.run(
        [need("openssl", package="openssl"), *request.split(), "-keyout", made, "-out", made],
        check=True,
        capture_output=True,
    )
    mail_server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    mail_server.context.load_cert_chain(made)
    mail_server.extensions = ("STARTTLS",)
    return made


@pytest.fixture
def far_away(monkeypatch):
    """As if the mail server stood elsewhere on the network."""
    monkeypatch.setattr(mail, "is_loopback", lambda host: False)


def send(url, message):
    """Try to send. Gives why it failed."""
    try:
        mail._send(url, message)
    except (OSError, smtplib.SMTPException) as error:
        return str(error)


def test_a_mail_server_on_this_machine_is_signed_in_to_in_clear(mail_server, mail_message):
    send(mail_server.url, mail_message)
    assert mail_server.was_told_the_password()
    assert "Confirm your address" in mail_server.mails[0]


def test_a_mail_server_on_this_machine_may_have_any_certificate(mail_server, certificate, mail_message):
    send(mail_server.url, mail_message)
    assert len(mail_server.mails) == 1


def test_no_password_goes_over_the_network_in_clear(mail_server, far_away, mail_message):
    assert "the password of MAIL_URL was not sent" in send(mail_server.url, mail_message)
    assert not mail_server.was_told_the_password()
    assert mail_server.mails == []


def test_without_a_password_a_relay_is_used_as_it_is(mail_server, far_away, mail_message):
    send(mail_server.url.replace("erin:horse@", ""), mail_message)
    assert len(mail_server.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(mail_server, certificate, far_away, mail_message):
    send(mail_server.url, mail_message)
    assert not mail_server.was_told_the_password()
    assert mail_server.mails == []


def test_a_certificate_that_is_known_is_trusted(mail_server, certificate, far_away, mail_message, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send(mail_server.url, mail_message)
    assert mail_server.was_told_the_password()
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.1.2.3"])
def test_this_machine_is_known_by_its_addresses(host):
    assert mail.is_loopback(host)


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "localhost.example.org", "127.0.0.1.example.org"])
def test_another_machine_is_not_taken_for_this_one(host):
    assert not mail.is_loopback(host)


@pytest.fixture
def mail_message(app):
    message = mail.EmailMessage()
    message["Subject"], message["From"], message["To"] = "Confirm your address", "us@example.org", "erin@example.org"
    message.set_content("Follow the link.")
    return message


def use(app, url):
    app.extensions["settings"] = dataclasses.replace(settings.of(app), mail_url=url)


@pytest.fixture
def posting(app, mail_server):
    """The application with a mail server. It sends when the test says so."""
    use(app, mail_server.url)
    return app


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    """No mail leaves by itself."""
    monkeypatch.setattr(mail.socketio, "start_background_task", lambda work, *args: None)


def sign_up(app):
    browser_of(app).post("/sign-up", name="Erin", email="erin@example.org", password="seven blue herons")


def refused(app):
    with app.app_context():
        return [(one.recipient, one.subject, one.why) for one in refused_mails()]


def waiting(app):
    with app.app_context():
        return [(one.tries, one.next_try_at) for one in db.session.scalars(db.select(mail.OutgoingMail))]


def later(monkeypatch, **by):
    time = mail.now() + timedelta(**by)
    monkeypatch.setattr(mail, "now", lambda: time)


def test_a_mail_waits_in_the_database_until_it_is_sent(posting, mail_server):
    sign_up(posting)
    assert len(waiting(posting)) == 1, "a crash would not lose it"
    mail.send_due(posting)
    mail.send_due(posting)
    assert len(mail_server.mails) == 1
    assert waiting(posting) == []


def test_a_mail_server_that_is_away_is_tried_again(posting, mail_server, monkeypatch, capsys):
    use(posting, f"smtp://erin:horse@127.0.0.1:{free_port()}")
    sign_up(posting)
    mail.send_due(posting)
    ((tries, next_try),) = waiting(posting)
    assert (tries, next_try > mail.now()) == (1, True)
    said = capsys.readouterr().out
    assert "mail.unsent" in said
    assert "horse" not in said, "the log shows no password"
    use(posting, mail_server.url)
    mail.send_due(posting)
    assert mail_server.mails == [], "not at once"
    later(monkeypatch, minutes=1, seconds=5)
    mail.send_due(posting)
    assert len(mail_server.mails) == 1


def test_after_a_day_a_mail_is_given_up_and_that_is_written_down(posting, monkeypatch, capsys):
    use(posting, f"smtp://127.0.0.1:{free_port()}")
    sign_up(posting)
    for _ in range(8):
        mail.send_due(posting)
        later(monkeypatch, hours=6)
    assert waiting(posting) == []
    assert capsys.readouterr().out.count("mail.lost") == 1
    [(recipient, _subject, why)] = refused(posting)
    assert recipient == "erin@example.org"
    assert "refused" in why.lower()


@pytest.mark.parametrize("word", [b"RCPT", b"DATA"])
def test_what_a_mail_server_refuses_for_good_is_not_tried_again(posting, mail_server, capsys, word):
    sign_up(posting)
    link = link_of(posting)
    mail_server.refuses, mail_server.refusal = word, f"550 no such mailbox, and I dislike {link} {link[22:]}"
    mail.send_due(posting)
    assert waiting(posting) == []
    said = capsys.readouterr().out
    assert "mail.refused" in said
    assert "550" in said
    assert "no such mailbox" in said
    assert link.rpartition("/")[2] not in said, "a log opens no account"
    [(recipient, subject, why)] = refused(posting)
    assert (recipient, subject) == ("erin@example.org", "Confirm your address")
    assert "550" in why
    assert link.rpartition("/")[2] not in why


@pytest.mark.parametrize(
    ("word", "answer"),
    [(b"RCPT", "450 later"), (b"DATA", "451 later"), (b"RCPT", "530 sign in first"), (b"MAIL", "550 who are you")],
)
def test_what_can_change_within_the_day_is_tried_again(posting, mail_server, capsys, word, answer):
    sign_up(posting)
    mail_server.refuses, mail_server.refusal = word, answer
    mail.send_due(posting)
    assert len(waiting(posting)) == 1
    assert refused(posting) == []
    assert "mail.unsent" in capsys.readouterr().out


def link_of(app):
    with app.app_context():
        message = message_from_bytes(
            db.session.scalars(db.select(mail.OutgoingMail.message)).one(), policy=policy.default
        )
    return next(word for word in message.get_body(("plain",)).get_content().split() if word.startswith("http"))


def test_a_mail_is_sent_once_by_however_many_processes(posting, mail_server):
    sign_up(posting)
    threads = [threading.Thread(target=mail.send_due, args=(posting,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail_server.mails) == 1
    assert waiting(posting) == []


def test_an_act_that_is_undone_sends_nothing(people, app):
    mail.send_mail("erin@example.org", "en", "no-account")
    db.session.rollback()
    assert waiting(app) == []


def test_a_running_server_sends_without_being_asked_again(serve, database_url, mail_server):
    with serve(DATABASE_URL=database_url, MAIL_URL=mail_server.url) as server:
        with requests.Session() as browser:
            page = browser.get(f"{server.url}/sign-up").text
            token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
            with server.app.app_context():
                older = new_puzzle(now().timestamp() - 60).signed
            form = {"name": "Erin", "email": "erin@example.org", "password": "seven blue herons", "page": older}
            browser.post(f"{server.url}/sign-up", data={**form, "csrf_token": token})
        deadline = time.monotonic() + 20
        while waiting(server.app) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(mail_server.mails) == 1
        assert waiting(server.app) == []
