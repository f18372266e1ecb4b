"""Text messages: into the outbox by default, and through the gateway of SMS_URL, without losing one or telling a number."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from campaign import create_app
from campaign.clock import now
from campaign.extensions import db
from campaign.mail import OutgoingMail, send_due, send_text_message
from campaign.refused_mail import refused_mails
from campaign.settings import Settings

NUMBER = "+33612345678"


@pytest.fixture
def gateway():
    """A gateway on this machine: what it took, and the status that it answers."""

    class Gateway(HTTPServer):
        taken: list[dict[str, str]] = []
        status = 200

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.server.status == 200:
                self.server.taken.append(json.loads(body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = Gateway(("127.0.0.1", 0), Taking)
    server.taken = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def texting(database_url, tmp_path, gateway):
    """An application with that gateway."""
    url = f"http://127.0.0.1:{gateway.server_port}/send"
    app = create_app(
        Settings.from_environment({"DATABASE_URL": database_url, "INSTANCE": str(tmp_path), "SMS_URL": url})
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def queue(words="Your code is 123456."):
    send_text_message(NUMBER, words)
    db.session.info.pop("mail")  # Sent by the test, in its own time.
    db.session.commit()


def test_it_lands_in_the_outbox_marked_as_a_text_message(app, mails):
    with app.app_context():
        send_text_message(NUMBER, "Your code is 123456.")
        db.session.commit()
    [message] = mails.to(NUMBER)
    assert message["X-Text-Message"] == "yes"
    assert "123456" in message.get_content()


def test_the_gateway_takes_it(texting, gateway):
    queue()
    send_due(texting)
    assert gateway.taken == [{"to": NUMBER, "text": "Your code is 123456."}]
    assert db.session.scalars(db.select(OutgoingMail)).all() == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_gateway_that_is_away_delays_it(texting, gateway, status):
    gateway.status = status
    queue()
    send_due(texting)
    waiting = db.session.scalars(db.select(OutgoingMail)).one()
    assert waiting.next_try_at > now()
    gateway.status, waiting.next_try_at = 200, now()
    db.session.commit()
    send_due(texting)
    assert len(gateway.taken) == 1


def test_what_it_refuses_for_good_is_given_up_without_the_number(texting, gateway, capfd):
    gateway.status = 400
    queue()
    send_due(texting)
    assert db.session.scalars(db.select(OutgoingMail)).all() == []
    [refused] = refused_mails()
    assert refused.recipient == "…78"
    assert "612345678" not in capfd.readouterr().out
