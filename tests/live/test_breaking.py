"""An event that breaks on our side is answered like every other."""

from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from campaign.database import Overdue
from campaign.extensions import db, socketio
from campaign.live.sockets import Caller, _refusal, on


def test_what_breaks_is_acknowledged_with_a_sentence_and_logged(app, capsys):
    @on("test.break")
    def fall(data):
        password = "winedarksea"
        raise RuntimeError("the secret reason", len(password))

    answer = socketio.test_client(app).emit("test.break", {}, callback=True)
    assert answer["ok"] is False
    assert answer["error"]["code"] == "broken"
    assert "secret" not in answer["error"]["message"]
    logged = capsys.readouterr().out
    assert "the secret reason" in logged
    assert "winedarksea" not in logged


@pytest.mark.parametrize(
    "late", [Overdue("another writer"), NoConnection(), OperationalError("", {}, Exception("away"))]
)
def test_what_comes_while_the_database_is_late_may_come_again(app, late):
    @on("test.late")
    def wait(data):
        raise late

    answer = socketio.test_client(app).emit("test.late", {}, callback=True)
    assert answer["error"]["code"] == "busy"
    assert answer["error"]["retry_after"] > 0


@pytest.mark.one_database
def test_a_statement_that_makes_no_sense_is_not_a_database_that_is_late(app):
    @on("test.senseless")
    def ask(data):
        db.session.execute(db.text("select nothing from nowhere"))

    assert socketio.test_client(app).emit("test.senseless", {}, callback=True)["error"]["code"] == "broken"


def test_a_board_that_cannot_be_read_in_time_may_be_asked_for_again(app):
    connection = SimpleNamespace(app=app, caller=Caller(None, "en"))
    assert _refusal(connection, Overdue("another writer"))["code"] == "busy"
    assert _refusal(connection, RuntimeError("the reason"))["code"] == "broken"
