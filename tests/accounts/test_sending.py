"""Mail through a real mail server: encrypted where it can be, and never a password that others can read."""

import socketserver
import ssl
import subprocess
import threading

import pytest

from campaign import mail
from tests.needs import need


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
    monkeypatch.setattr(mail, "_is_loopback", lambda host: False)


def test_a_mail_server_on_this_machine_is_signed_in_to_in_clear(mail_server, mail_message):
    mail._send(mail_server.url, mail_message)
    assert mail_server.was_told_the_password()
    assert "Confirm your address" in mail_server.mails[0]


def test_a_mail_server_on_this_machine_may_have_any_certificate(mail_server, certificate, mail_message):
    mail._send(mail_server.url, mail_message)
    assert len(mail_server.mails) == 1


def test_no_password_goes_over_the_network_in_clear(mail_server, far_away, mail_message, capsys):
    mail._send(mail_server.url, mail_message)
    assert not mail_server.was_told_the_password()
    assert mail_server.mails == []
    said = capsys.readouterr().out
    assert "the password of MAIL_URL was not sent" in said
    assert "horse" not in said


def test_without_a_password_a_relay_is_used_as_it_is(mail_server, far_away, mail_message):
    mail._send(mail_server.url.replace("erin:horse@", ""), mail_message)
    assert len(mail_server.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(mail_server, certificate, far_away, mail_message):
    mail._send(mail_server.url, mail_message)
    assert not mail_server.was_told_the_password()
    assert mail_server.mails == []


def test_a_certificate_that_is_known_is_trusted(mail_server, certificate, far_away, mail_message, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mail._send(mail_server.url, mail_message)
    assert mail_server.was_told_the_password()
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.1.2.3"])
def test_this_machine_is_known_by_its_addresses(host):
    assert mail._is_loopback(host)


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "localhost.example.org", "127.0.0.1.example.org"])
def test_another_machine_is_not_taken_for_this_one(host):
    assert not mail._is_loopback(host)


@pytest.fixture
def mail_message(app):
    message = mail.EmailMessage()
    message["Subject"], message["From"], message["To"] = "Confirm your address", "us@example.org", "erin@example.org"
    message.set_content("Follow the link.")
    return message
