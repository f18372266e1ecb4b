"""One who sends without end is read no further for a while, whatever the frames are: each costs us more than them."""

import socket

import pytest

from campaign.live.transport import EAGER, Wire
from tests.live.wires import PING, PONG, TEXT, frame

pytestmark = pytest.mark.one_database


@pytest.fixture
def line():
    """A wire, what it has heard, and the client's end of it."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    heard = []
    wire = Wire(ours.detach(), 1024, heard.append, lambda why: None, lambda: None)
    yield wire, heard, theirs
    wire.abort()
    theirs.close()


def flood(theirs, data):
    try:
        while True:
            theirs.send(data)
    except BlockingIOError:
        pass


@pytest.mark.parametrize("sent", [frame(b"3"), frame(b"", PING), frame(b"", PONG), frame(b'42["x"]', TEXT)])
def test_reading_stops_when_too_many_frames_have_come(line, sent):
    wire, heard, theirs = line
    flood(theirs, sent * 100)
    rounds = 0
    while wire._reading.active:
        wire._readable()
        rounds += 1
        assert rounds < EAGER
    assert len(heard) < 2 * EAGER
    wire.pause()
    wire.resume()
    assert not wire._reading.active  # Still braked.
    wire._release()
    assert wire._reading.active


def test_who_is_paused_stays_so_when_the_brake_is_released(line):
    wire, _heard, theirs = line
    flood(theirs, frame(b"3") * 100)
    while wire._reading.active:
        wire._readable()
    wire.pause()
    wire._release()
    assert not wire._reading.active
    wire.resume()
    assert wire._reading.active
