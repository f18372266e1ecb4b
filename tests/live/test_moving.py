"""A client that polls moves to a WebSocket, or only tries to: nothing is lost, and it may stay where it is."""

import json

import gevent
import gevent.socket
import pytest

from campaign.live import engine as live_engine
from campaign.live.engine import Engine
from tests.live.test_reaching import Visitor
from tests.live.wires import frame

pytestmark = pytest.mark.one_database

UPGRADE = {
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_UPGRADE": "websocket",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": "A" * 22 + "==",
}
NOOP = "6"


@pytest.fixture
def engine():
    return Engine(async_mode="gevent")


@pytest.fixture
def visitor(engine):
    visitor = Visitor(engine.handle_request)
    visitor.sid = json.loads(visitor.ask()[1:])["sid"]
    return visitor


@pytest.fixture
def connection(engine, visitor):
    return engine.sockets[visitor.sid]


@pytest.fixture
def line(connection):
    """The client's end of the WebSocket that it asked for."""
    theirs, ours = gevent.socket.socketpair()
    connection._upgrade_websocket({"REQUEST_METHOD": "GET", "gunicorn.socket": ours, **UPGRADE}, None)
    assert theirs.recv(1000).startswith(b"HTTP/1.1 101")
    theirs.settimeout(10)
    yield theirs
    theirs.close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(live_engine, "MOVING", 0.1)


@pytest.mark.parametrize("said", [b"", frame(b"2probe")], ids=["nothing", "half"])
def test_who_asks_for_a_websocket_and_says_no_more_goes_on_polling(impatient, visitor, connection, line, said):
    line.sendall(said)
    if said:
        assert line.recv(1000)[2:] == b"3probe"
    connection.say('2["news"]')
    assert line.recv(1000) == b"", "the server hangs the line up"
    assert visitor.ask().split("\x1e")[-1] == '42["news"]'
    assert not connection.closed


def test_who_is_slow_to_try_the_websocket_is_told_everything_by_polling_meanwhile(visitor, connection, line):
    connection.say('2["news"]')
    assert visitor.ask() == '42["news"]'


def test_who_moves_in_good_time_stays_there(impatient, connection, line):
    line.sendall(frame(b"2probe") + frame(b"5"))
    gevent.sleep(0.2)  # Longer than it had: nothing may happen now.
    connection.say('2["news"]')
    gevent.idle()
    assert line.recv(1000).endswith(b'42["news"]')


def test_a_poll_that_hangs_when_its_client_moves_ends_and_the_client_stays(visitor, connection, line):
    polls = [gevent.spawn(visitor.ask) for _ in range(2)]
    gevent.idle()  # Both hang.
    line.sendall(frame(b"2probe") + frame(b"5"))
    gevent.joinall(polls, timeout=1)
    assert [poll.value for poll in polls] == [NOOP, NOOP]
    assert connection.upgraded
    assert not connection.closed
