"""An operator sees which mail will never arrive, for a month."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from click.testing import CliRunner

from campaign import leftovers, settings
from campaign.clock import now
from campaign.command import command
from campaign.extensions import db
from campaign.refused_mail import RefusedMail, note_refusal
from tests.servers import OURS


def refuse(to, subject="Confirm your address", why="550 no such mailbox", ago=timedelta()):
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    note_refusal(message, why)
    db.session.flush()
    db.session.scalars(db.select(RefusedMail).order_by(RefusedMail.id.desc())).first().refused_at = now() - ago
    db.session.commit()


@pytest.fixture
def listed(app, database_url):
    """What `campaign mail refused` writes."""
    given = {**dict.fromkeys(OURS), "DATABASE_URL": database_url, "INSTANCE": str(settings.of(app).instance)}
    return lambda: CliRunner().invoke(command, ["mail", "refused"], env=given, catch_exceptions=False).stdout


def test_refused_mail_is_listed_the_latest_first(app, listed):
    assert listed() == "No mail was refused in the last 30 days.\n"
    with app.app_context():
        refuse("carl@example.org", why="SMTPDataError: (552, b'the box is full')")
        refuse("erin@example.org", ago=timedelta(hours=1))
    first, second = listed().splitlines()
    assert first.endswith("UTC  carl@example.org  “Confirm your address”  SMTPDataError: (552, b'the box is full')")
    assert "erin@example.org" in second


def test_what_a_mail_server_says_is_shown_on_one_line_and_steers_no_terminal(app, listed):
    with app.app_context():
        refuse("erin@example.org", why="550 no\r\n\x1b[2J\x07 such mailbox " + "x" * 5000)
    said = listed()
    assert said.count("\n") == 1
    assert "550 no [2J such mailbox" in said
    assert "\x1b" not in said
    assert len(said) < 500


def test_after_thirty_days_it_is_forgotten(app, listed, monkeypatch):
    with app.app_context():
        refuse("erin@example.org", ago=timedelta(days=31))
        refuse("carl@example.org", ago=timedelta(days=29))
    assert "erin" not in listed()

    class Enough(Exception):
        pass

    def stop(_pause):
        raise Enough

    monkeypatch.setattr(leftovers.socketio, "sleep", stop)
    with pytest.raises(Enough):
        leftovers.keep_sweeping(app)
    with app.app_context():
        assert db.session.scalars(db.select(RefusedMail.recipient)).all() == ["carl@example.org"]
