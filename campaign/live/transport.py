"""One WebSocket on the event loop: frames in and out of a descriptor, and no greenlet while nothing happens.

Reading is a callback of the loop, which must never wait; whoever has something to do that may wait does it in a greenlet
of its own. Writing never waits either: what the kernel does not take at once is kept, in order, until it does.
"""

import _socket
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
import structlog
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import SEND_EOF, SERVER, Protocol, State

log = structlog.get_logger()

READ = 4 * 1024  # Bytes taken from the kernel at once, so that nobody keeps the loop to themselves.
PER_SECOND, EAGER = (
    200,
    1000,
)  # Frames of any kind that a client may send on and on, and in one go; then it has to wait.
KERNEL = 64 * 1024  # Bytes that the kernel keeps for one client; left to itself, it would keep megabytes of stale news.
UNSENT = 512 * 1024  # Bytes kept for a client that reads too slowly; beyond that it is let go.
UNREAD = 30.0  # Seconds that any are kept; then the same.
OPEN = State.OPEN  # Looked up for every frame, and an enumeration's members are slow to find.
FAREWELL = 2.0  # Seconds that the other side has to answer a closing frame.

_quiet = logging.getLogger("campaign.live.transport")
_quiet.setLevel(logging.CRITICAL)  # What a client sends wrongly is its own affair, and told to it by a close code.


def framed(text: str | bytes) -> bytes:
    """A message as one complete frame. Servers do not mask, so the same bytes serve everybody (RFC 6455, 5.1)."""
    data, opcode = (text.encode("utf-8", "replace"), Opcode.TEXT) if isinstance(text, str) else (text, Opcode.BINARY)
    if len(data) < 126:  # An acknowledgement, as nearly always: its head is two bytes (5.2).
        return bytes((0x80 | opcode, len(data))) + data
    return Frame(opcode, data).serialize(mask=False)


def _nothing(*heard: Any) -> None:
    """For who has gone."""


class Wire:
    """One client's WebSocket, after the handshake.

    `heard(message)` is called in the loop for every whole message, `ended(why)` once, in a greenlet, when nothing more
    will come; `drained()` in the loop when all that was kept has left.
    """

    __slots__ = (
        "_allowance",
        "_braking",
        "_ended",
        "_farewell",
        "_heard",
        "_parts",
        "_paused",
        "_protocol",
        "_read_at",
        "_reading",
        "_socket",
        "_text",
        "_unsent",
        "_unsent_since",
        "_writing",
        "drained",
    )

    def __init__(
        self,
        descriptor: int,
        longest: int,
        heard: Callable[[str | bytes], None],
        ended: Callable[[str], None],
        drained: Callable[[], None],
    ) -> None:
        # Not gevent's own socket: that one waits, which a callback of the loop must not.
        self._socket: Any = _socket.socket(fileno=descriptor)
        self._socket.setblocking(False)
        with suppress(OSError):
            self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            self._socket.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDBUF, KERNEL)
        self._protocol = Protocol(SERVER, state=OPEN, max_size=longest, logger=_quiet)
        self._heard, self._ended, self.drained = heard, ended, drained
        self._parts: list[bytes] | None = None  # Of a message that comes in fragments.
        self._text = True
        self._unsent: bytearray | None = None
        self._unsent_since = 0.0
        self._writing: Any = None
        self._farewell: Any = None
        self._allowance, self._read_at = float(EAGER), time.monotonic()
        self._braking: Any = None  # The timer of one who sent too much.
        self._paused = False
        self._reading = gevent.get_hub().loop.io(descriptor, 1)
        self._reading.start(self._readable)

    @property
    def open(self) -> bool:
        """Whether messages may still be written."""
        return self._socket is not None and self._protocol.state is OPEN

    @property
    def clear(self) -> bool:
        """Whether the kernel has taken everything so far."""
        return self._unsent is None

    @property
    def unread(self) -> float:
        """For how many seconds something has been kept here that the kernel could not take."""
        return 0.0 if self._unsent is None else time.monotonic() - self._unsent_since

    def write(self, frame: bytes) -> None:
        """Send a complete frame, or keep it behind what waits already. Frames never mix. To a lost client: nothing."""
        if self.open:
            self._put(frame)

    def offer(self, frame: bytes) -> bool:
        """Send a complete frame, unless an earlier one waits here. Whether it was sent. To a lost client: nothing."""
        if self._unsent is not None:
            return False
        if self._socket is not None and self._protocol.state is OPEN:
            self._send(frame)
        return True

    def close(self, code: int = CloseCode.NORMAL_CLOSURE, why: str = "") -> None:
        """Say goodbye (RFC 6455, 7.1.2), and hang up when it was heard, or after a moment."""
        if not self.open:
            return
        self._protocol.send_close(code, why)
        self._flush_protocol()
        self._expect_end()

    def abort(self, why: str = "transport close") -> None:
        """Hang up without a word. Once."""
        if self._socket is None:
            return
        for watcher in (self._reading, self._writing, self._farewell, self._braking):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._reading = self._writing = self._farewell = self._braking = self._unsent = None
        self._socket.close()
        self._socket = None
        gevent.spawn(self._ended, why)
        self._heard = self._ended = self.drained = _nothing  # Lets go of whoever listened, at once.

    def pause(self) -> None:
        """Take nothing more from this client for now; the kernel, and so the client, waits."""
        self._paused = True
        if self._reading is not None:
            self._reading.stop()

    def resume(self) -> None:
        """Take from it again."""
        self._paused = False
        if self._reading is not None and self._braking is None and not self._reading.active:
            self._reading.start(self._readable)

    def _brake(self, frames: int) -> None:
        # Each frame costs us more than its sender, whatever it is, and all of them come before anybody else's turn.
        now = time.monotonic()
        self._allowance = min(EAGER, self._allowance + (now - self._read_at) * PER_SECOND) - frames
        self._read_at = now
        if self._allowance < 0 and self._braking is None and self._reading is not None:
            self._reading.stop()
            self._braking = gevent.get_hub().loop.timer(-self._allowance / PER_SECOND)
            self._braking.start(self._release)

    def _release(self) -> None:
        self._braking.close()
        self._braking = None
        if not self._paused:
            self.resume()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        frames = self._protocol.events_received()
        for frame in frames:
            self._take(frame)
        self._brake(len(frames))
        if self._socket is None:  # A message ended it.
            return
        self._flush_protocol()
        if not data:
            self.abort()
        elif self._socket is not None and self._protocol.close_expected():
            self._expect_end()

    def _take(self, frame: Any) -> None:
        if frame.opcode is Opcode.TEXT or frame.opcode is Opcode.BINARY:
            self._text = frame.opcode is Opcode.TEXT
            if frame.fin:
                self._pass_on(bytes(frame.data))
            else:
                self._parts = [bytes(frame.data)]
        elif frame.opcode is Opcode.CONT and self._parts is not None:
            if frame.data:  # Empty ones could come for ever, and weigh nothing.
                self._parts.append(bytes(frame.data))
            if frame.fin:
                whole, self._parts = b"".join(self._parts), None
                self._pass_on(whole)

    def _pass_on(self, data: bytes) -> None:
        if self._socket is None or (self._protocol.state is not OPEN and self._protocol.close_rcvd is None):
            return  # We have said goodbye: nothing more is taken.
        try:
            self._heard(data.decode() if self._text else data)
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA, "not UTF-8")
        except Exception:
            # One client's message must not stop the loop, which serves all others.
            log.exception("wire.broken")
            self._protocol.fail(CloseCode.INTERNAL_ERROR)

    def _flush_protocol(self) -> None:
        for data in self._protocol.data_to_send():
            if data == SEND_EOF:
                self._expect_end()
            else:
                self._put(data)
            if self._socket is None:
                return

    def _put(self, data: bytes) -> None:
        if self._unsent is not None:
            self._unsent += data
            if len(self._unsent) > UNSENT:
                self.abort("transport error")
        else:
            self._send(data)

    def _send(self, data: bytes) -> None:
        try:
            sent = self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self.abort()
            return
        if sent < len(data):
            self._unsent, self._unsent_since = bytearray(data[sent:]), time.monotonic()
            self._writing = self._writing or gevent.get_hub().loop.io(self._socket.fileno(), 2)
            self._writing.start(self._writable)

    def _writable(self) -> None:
        assert self._unsent is not None
        try:
            del self._unsent[: self._socket.send(self._unsent)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        if self._unsent:
            return
        self._unsent = None
        self._writing.stop()
        if self._farewell is not None:
            self._half_close()
        else:
            self.drained()

    def _expect_end(self) -> None:
        if self._socket is None or self._farewell is not None:
            return
        self._farewell = gevent.get_hub().loop.timer(FAREWELL)
        self._farewell.start(self.abort)
        if self._unsent is None:
            self._half_close()

    def _half_close(self) -> None:
        # The last frame has left: the client reads it, and hangs up in its turn. Its own last frames are read meanwhile,
        # because closing over unread bytes would reset the connection, and the closing frame be lost with it.
        try:
            self._socket.shutdown(_socket.SHUT_WR)
        except OSError:
            self.abort()
