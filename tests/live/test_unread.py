"""Who takes nothing of what is sent is let go, whatever they say meanwhile."""

import socket
import time
from contextlib import suppress

import gevent
import pytest

from campaign.live.engine import Connection, Engine
from campaign.live.transport import KERNEL, UNREAD, Wire, framed

pytestmark = pytest.mark.one_database


@pytest.fixture
def client():
    """A connection of the engine that moved to its wire, and the client's end of it."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(1)
    engine = Engine(async_mode="threading")
    connection = engine.sockets["sid"] = Connection(engine, "sid")
    connection.connected = connection.upgraded = True
    connection.wire = Wire(ours.detach(), 1024, connection._heard, connection._ended, connection._when_drained)
    connection._flush_queue()
    yield connection, theirs
    connection.wire.abort()
    gevent.idle()  # It is closed by the loop.
    theirs.close()


def fill(connection):
    while connection.clear:
        connection.wire.write(framed("4" * KERNEL))


def drain(connection, theirs):
    taken = b""
    while not connection.clear:
        taken += theirs.recv(65536)
        connection.wire._writable()
    theirs.setblocking(False)
    with suppress(BlockingIOError):
        while more := theirs.recv(65536):
            taken += more
    return taken


def later(monkeypatch, seconds):
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + seconds)


def test_what_nobody_reads_is_kept_for_half_a_minute(client, monkeypatch):
    connection, theirs = client
    fill(connection)
    assert connection.beat()
    later(monkeypatch, UNREAD + 1)
    connection._heard("3")
    assert not connection.beat()
    assert not connection.wire.open
    assert drain(connection, theirs).endswith(b"\x03\xf5too slow")


def test_an_answer_to_a_ping_that_has_not_left_is_none(client):
    connection, theirs = client
    fill(connection)
    assert connection.beat()
    connection._heard("3")
    assert not connection._answered
    assert connection.beat()  # Nor is it missed.
    assert drain(connection, theirs).count(framed("2")) == 1
    assert connection._answered
    assert connection.beat()


def test_a_ping_that_left_at_once_is_to_be_answered(client):
    connection, theirs = client
    assert connection.beat()
    assert theirs.recv(100) == framed("2")
    connection._heard("3")
    assert connection.beat()
    assert not connection.beat()


def test_a_ping_that_a_client_took_along_from_polling_is_to_be_answered():
    ours, theirs = socket.socketpair()
    engine = Engine(async_mode="threading")
    connection = engine.sockets["sid"] = Connection(engine, "sid")
    assert connection.beat()
    connection.wire = Wire(ours.detach(), 1024, connection._heard, connection._ended, connection._when_drained)
    connection.connected = connection.upgraded = True
    connection._flush_queue()
    assert theirs.recv(100) == framed("2")
    connection._heard("3")
    assert connection._answered
    connection.wire.abort()
    theirs.close()
