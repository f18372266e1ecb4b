"""Who reads slowly gets whole frames, in their order, and in the end a goodbye that says why."""

import random
import socket
import time
from contextlib import suppress

import pytest
from websockets.frames import Opcode
from websockets.protocol import CLIENT, OPEN, Protocol

from campaign.live import guarding
from campaign.live.board import Audience, Board, Watcher
from campaign.live.broadcasting import Message, broadcast
from campaign.live.engine import Connection, Engine
from campaign.live.transport import Wire, framed

pytestmark = pytest.mark.one_database

SMALL = 4 * 1024  # Bytes that the kernel keeps here, so that a frame is soon cut in two.


class Line:
    """A wire without a network, and a client at its other end that reads when it is told to."""

    def __init__(self):
        ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self.wire = Wire(ours.detach(), 1024, lambda message: None, lambda why: None, lambda: None)
        self.wire._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        self._client = Protocol(CLIENT, state=OPEN, max_size=None)

    def read(self, size=2**20):
        """What the client finds now, as frames; it fails where the bytes make none."""
        with suppress(BlockingIOError):
            self._client.receive_data(self._theirs.recv(size))
        assert self._client.parser_exc is None
        if not self.wire.clear:
            self.wire._writable()  # As the loop does, now that there is room again.
        return [(frame.opcode, bytes(frame.data)) for frame in self._client.events_received()]

    def read_all(self):
        frames = self.read()
        while not self.wire.clear:
            frames += self.read()
        return frames + self.read()

    def end(self):
        self.wire.abort()
        self._theirs.close()


@pytest.fixture
def line():
    line = Line()
    yield line
    line.end()


@pytest.fixture
def connection(line):
    connection = Connection(Engine(async_mode="threading"), "sid")
    connection.wire, connection.upgraded = line.wire, True
    return connection


@pytest.fixture
def watched(connection):
    """A board that only this connection watches."""
    board = Board("soda", seq=0)
    board.join(Audience("public", "en"), "sid", Watcher("bea", None, connection))
    return board


def tell(board, seq, size=SMALL):
    [watcher] = board.watching(Audience("public", "en"))
    broadcast([watcher], Message("board.changed", {"seq": seq, "text": "x" * size}), seq)
    return watcher


def texts(frames):
    return [data.decode() for opcode, data in frames if opcode is Opcode.TEXT]


def test_what_is_said_behind_half_a_frame_waits_for_the_other_half(line, connection, watched):
    tell(watched, 1, size=50 * SMALL)
    assert not line.wire.clear
    connection.say('37[{"ok":true}]')
    assert tell(watched, 2).behind is not None
    connection.beat()
    told = texts(line.read_all())
    assert [text[:30] for text in told] == ['42["board.changed",{"seq":1,"t', '437[{"ok":true}]', "2"]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_written_while_the_client_reads_at_its_own_pace_frames_never_mix(line, seed):
    dice, frames, sent = random.Random(seed), [], []
    for number in range(120):
        text = f"{number} " + "é" * dice.choice([0, 50, 100, 3000])
        if dice.random() < 0.5:
            line.wire.write(framed(text))
            sent.append(text)
        elif line.wire.offer(framed(text)):
            sent.append(text)
        frames += line.read(dice.choice([1, 100, 1000, 10_000]))
    assert line.wire.open
    assert texts(frames + line.read_all()) == sent


def test_who_takes_nothing_for_half_a_minute_is_told_so_and_let_go(line, connection, watched, monkeypatch):
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at)
    tell(watched, 1, size=50 * SMALL)
    tell(watched, 2)
    at += 29
    assert guarding.mind([watched]) == []
    assert line.wire.open
    at += 2
    assert guarding.mind([watched]) == []
    assert not line.wire.open
    assert guarding.mind([watched]) == [], "and once more, without harm"
    *_, (opcode, farewell) = line.read_all()
    assert opcode is Opcode.CLOSE
    assert (int.from_bytes(farewell[:2]), farewell[2:]) == (1013, b"too slow")


def test_who_takes_something_in_time_stays(line, connection, watched, monkeypatch):
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at)
    tell(watched, 1, size=50 * SMALL)
    tell(watched, 2)
    at += 29
    line.read_all()
    at += 2
    assert [seat.sid for seat in guarding.mind([watched])] == ["sid"]
    assert line.wire.open
