"""Engine.IO on our own transport: everything that reaches below the public surface of python-engineio and python-socketio.

What it relies on there:

* of `engineio.Server`: `_handle_connect`, which we replace; `_trigger_event`, `_upgrades`, `_ok`, `_bad_request`, `_unauthorized`,
  `generate_id`, `sockets`, `reason` and `get_queue_empty_exception`, which we use; and that `handle_request` answers with what these give;
* of `engineio.socket.Socket`: `handle_get_request` and `handle_post_request`, which call our `poll`, `_upgrade_websocket` and
  `receive`; `send`, `close`, `check_ping_timeout` and `schedule_ping`, which we replace; and its `queue` and what says how far it is;
* of `engineio.payload.Payload`: `max_decode_packets`;
* of `socketio.Server`: `eio`, `_handle_eio_connect`, `_handle_eio_message`, `_handle_event`, `_handle_eio_disconnect`, `_binary_packet`
  with its `attachment_count`, and `environ`;
* of its `manager`: `sid_from_eio_sid`, `eio_sid_from_sid` and `is_connected`.

`tests/live/test_reaching.py` has a test for each, and fails when one of them changes.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import engineio
import gevent
import structlog
from engineio.exceptions import QueueEmpty, SocketIsClosedError, UnknownPacketError
from engineio.packet import CLOSE, MESSAGE, NOOP, OPEN, PING, PONG, Packet
from engineio.payload import Payload
from engineio.socket import Socket
from flask_socketio import SocketIO
from websockets.frames import CloseCode

from campaign.live.handshake import shake_hands, socket_of
from campaign.live.heart import Heart
from campaign.live.transport import UNREAD, Wire, framed

log = structlog.get_logger()

INBOX = 64  # Messages of one client that wait for their turn; beyond that the client has to wait.
POLLED = 16  # Packets in the answer to one poll; the Python client gives up on more.
POSTED = 500  # Packets that a client which polls may send at once; what they weigh together is bounded anyway.
PER_SECOND, EAGER = 50, 200  # Events that a client may send on and on, and in one go.
UNHEARD = 512 * 1024  # Characters kept for a client that polls and doesn't come; then it is let go.
UNPOLLED = 16  # Packets that wait for a client's next poll; beyond that it is behind.
MOVING = 10.0  # Seconds that a client which polls has for moving to its WebSocket; then that is given up.
ATTACHMENTS = 10  # Binary parts of one event.

# What handlers may ask of the request by which a client connected. The rest would lie in memory for as long as they stay.
ENVIRONMENT = (
    "REQUEST_METHOD SCRIPT_NAME PATH_INFO SERVER_NAME SERVER_PORT SERVER_PROTOCOL REMOTE_ADDR HTTP_HOST HTTP_COOKIE "
    "HTTP_ACCEPT_LANGUAGE wsgi.url_scheme wsgi.version flask.app"
).split()

SAME = "REQUEST_METHOD SCRIPT_NAME PATH_INFO SERVER_NAME SERVER_PORT SERVER_PROTOCOL HTTP_HOST wsgi.url_scheme".split()

COOKIES = 8 * 1024  # Characters; a browser sends us a few hundred, and they are kept for as long as somebody stays.
RESERVED = ("connect", "disconnect")  # Told to handlers by the engine, never by a client.

PRIVATE = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))  # What is said of every answer.
OUR_PAGES = ("same-origin", "none")  # As browsers tell where a request comes from; none: from nobody's page.

# An event taken in the loop itself, with no greenlet: (connection, acknowledgement's number, its one argument).
Quick = Callable[["Connection", int | None, Any], None]


class Connection(Socket):
    """One client. While it polls, python-engineio serves it; its WebSocket is ours."""

    def __init__(self, server: "Engine", sid: str) -> None:
        super().__init__(server, sid)
        self.queue: Any  # None once everything goes by the wire.
        self.closed: bool
        self.closing: bool
        self.connected: bool
        self.wire: Wire | None = None
        self.drained: Callable[[], None] | None = None  # Called when a client that was behind can take more.
        self.unanswered = 0  # Quick events that wait for their answer.
        self.app: Any = None  # The application that let them in,
        self.caller: Any = None  # and as whom.
        self._inbox: list[str | bytes | None] = []  # None: it ended. (An empty deque weighs ten times as much.)
        self._allowance, self._asked_at = float(EAGER), time.monotonic()
        self._queued = 0  # Characters.
        self._busy = self._probed = self._posting = False
        self._answered, self._ping_waits = True, False
        self._end = ""

    # Out.

    def send(self, pkt: Packet) -> None:
        """Send a packet of the engine, in order with all others."""
        if self.closed:
            raise SocketIsClosedError
        if self.upgraded and self.wire is not None:
            self.wire.write(framed(pkt.encode()))
        elif self._queued < UNHEARD:
            self._queued += _size(pkt)
            self.queue.put(pkt)
        else:
            self.dismiss("too slow")

    def say(self, text: str) -> None:
        """Send a Socket.IO packet that is text already, in order with all others."""
        if self.closed:
            return
        if self.upgraded and self.wire is not None:
            self.wire.write(framed("4" + text))
        else:
            self.send(Packet(MESSAGE, text))

    def offer(self, text: str, frame: bytes) -> bool:
        """Send a packet that was framed before, unless the client has not taken what it got. Whether it was sent."""
        if self.upgraded and self.wire is not None:
            return self.wire.offer(frame)
        if not self.clear:
            return False
        if not self.closed:
            self.send(Packet(MESSAGE, text))
        return True

    @property
    def clear(self) -> bool:
        """Whether the client has taken what it got; of one that polls, all but a little."""
        if self.upgraded and self.wire is not None:
            return self.wire.clear
        return self.queue.qsize() < UNPOLLED

    def beat(self) -> bool:
        """Ping, once the last one was answered; a client that did not is gone."""
        if self.closed:
            self.server.sockets.pop(self.sid, None)
            return False
        if self.upgraded and self.wire is not None and self.wire.unread > UNREAD:
            self.dismiss("too slow")
            return False
        if not self._answered and not (self.upgraded and self._ping_waits):
            gevent.spawn(self._lose)
            return False
        if self._answered:  # Or else the last ping has not left yet.
            self._answered, self._ping_waits = False, True
            self.send(Packet(PING))
            self._ping_waits = not (self.upgraded and self.clear)
        return True

    def _lose(self) -> None:
        self.close(wait=False, abort=True, reason=self.server.reason.PING_TIMEOUT)
        self.server.sockets.pop(self.sid, None)

    def may_ask(self) -> bool:
        """Whether this client has kept to what a person can ask for, give or take an eager moment."""
        now = time.monotonic()
        self._allowance = min(EAGER, self._allowance + (now - self._asked_at) * PER_SECOND)
        self._asked_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _wait_to_ask(self) -> None:
        while not self.closed and not self.may_ask():
            gevent.sleep((1 - self._allowance) / PER_SECOND)

    def dismiss(self, why: str) -> None:
        """Close a client that can't keep up, or can't be served now. It may come back, and then begins afresh."""
        if self.wire is not None and self.upgraded:
            self.wire.close(CloseCode.TRY_AGAIN_LATER, why)
        else:
            gevent.spawn(self.close, wait=False)  # The next poll, or the next beat of the heart, finds it closed.

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        if self.closed or self.closing:
            return
        self.closing = True
        self.server._trigger_event("disconnect", self.sid, reason or self.server.reason.SERVER_DISCONNECT)
        if not abort:
            self.send(Packet(CLOSE))
        self.closed = True
        if self.wire is None:
            self.queue.put(None)
            return
        self.server.sockets.pop(self.sid, None)
        if reason == self.server.reason.PING_TIMEOUT:
            self.wire.abort()  # Nobody is there to answer a goodbye.
        else:
            self.wire.close()

    # In.

    def poll(self) -> list[Packet]:
        """Wait for packets to send to a client that polls: as many as clients take in one answer."""
        queue = self.queue
        try:
            packets = [queue.get(timeout=self.server.ping_interval + self.server.ping_timeout)]
        except self.server.get_queue_empty_exception():
            raise QueueEmpty from None
        while len(packets) < POLLED and not queue.empty():
            packets.append(queue.get())
        if None in packets:  # It was closed or has moved meanwhile, and every poll from now on is to learn it.
            packets = packets[: packets.index(None)]
            queue.put(None)
            if self.upgraded:
                packets.append(Packet(NOOP))
        self._queued -= sum(map(_size, packets))
        self._ping_waits = self._ping_waits and not any(packet.packet_type == PING for packet in packets)
        return packets

    def handle_post_request(self, environ: dict[str, Any]) -> None:
        if (
            self._posting
        ):  # Clients wait for the answer before they post again. Each request that waits keeps a greenlet.
            raise UnknownPacketError
        self._posting = True
        try:
            super().handle_post_request(environ)
        except (ValueError, KeyError, IndexError, OSError) as error:  # No packets, or too many, or it stopped coming.
            raise UnknownPacketError from error
        finally:
            self._posting = False

    def receive(self, pkt: Packet) -> None:
        """Take a packet that came by long polling."""
        if pkt.packet_type == PONG:
            self._answered = not self._ping_waits  # Who never polls has heard none.
        elif pkt.packet_type != MESSAGE or not self.server.take_quickly(self, pkt.data, self.may_ask):
            self._wait_to_ask()  # The request that brought it has to wait.
            if self.closed:
                raise SocketIsClosedError
            super().receive(pkt)

    def check_ping_timeout(self) -> bool:
        return True  # The heart does this.

    def schedule_ping(self) -> None:
        pass  # The heart does this, too.

    def _upgrade_websocket(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.wire is not None:
            return self.server._bad_request("Upgraded already")
        response = shake_hands(environ)
        if response.status_code != 101:
            headers = [(name, value) for name, value in response.headers.raw_items() if name.lower() != "connection"]
            status = f"{response.status_code} {response.reason_phrase}"
            return {"status": status, "headers": headers, "response": bytes(response.body or b"")}
        socket = socket_of(environ)
        if socket is None:  # Inside TLS, or a server that hides it: the client stays with long polling.
            return self.server._bad_request("No WebSocket here")
        try:
            socket.sendall(response.serialize())
        except OSError:  # Gone before it was answered.
            return self.server._bad_request("Gone")
        environ["ensemble.taken"] = True
        # The same descriptor goes on: a duplicate would leave the old one in the loop's list of watched descriptors.
        self.wire = Wire(
            socket.detach(), self.server.max_http_buffer_size, self._heard, self._ended, self._when_drained
        )
        if self.connected:
            gevent.spawn_later(MOVING, self._give_up, self.wire)
        else:
            self.connected = self.upgraded = True
            self._flush_queue()
        return ()

    def _heard(self, message: str | bytes) -> None:
        # In the loop: nothing here may wait.
        if not self.upgraded:
            self._probe(message)
        elif message == "3":
            self._answered = self._answered or not self._ping_waits
        elif self._busy or message[:1] != "4" or not self.server.take_quickly(self, message[1:], self.may_ask):
            self._inbox.append(message)
            if not self._busy:
                self._busy = True
                gevent.spawn(self._work)
            elif len(self._inbox) >= INBOX and self.wire is not None:
                self.wire.pause()

    def _probe(self, message: str | bytes) -> None:
        # A client that polls tries whether a WebSocket gets through, and then says that it moves over.
        assert self.wire is not None
        if message == "2probe" and not self._probed:
            # From now on, and no sooner, a poll is answered at once with nothing. Until it moves, what comes waits.
            self._probed = self.upgrading = True
            self.wire.write(framed("3probe"))
            self.queue.put(Packet(NOOP))  # Ends the poll that hangs, so that the client can move.
        elif message == "5" and self._probed:
            self.upgraded, self.upgrading = True, False
            self._flush_queue()
        else:
            self.wire.close(CloseCode.PROTOCOL_ERROR)

    def _give_up(self, wire: Wire) -> None:
        if self.wire is wire and not self.upgraded:
            wire.abort()

    def _flush_queue(self) -> None:
        assert self.wire is not None
        while not self.queue.empty():
            if (pkt := self.queue.get()) is not None:
                self.wire.write(framed(pkt.encode()))
        self.queue.put(None)  # Ends a poll that hangs still; its end would be taken for the client's.
        self.queue = None  # From now on everything is written at once.
        self._ping_waits = self._ping_waits and not self.clear

    def _ended(self, why: str) -> None:
        if not self.upgraded:  # Only the probe failed; the client goes on polling.
            self.wire, self.upgrading, self._probed = None, False, False
            return
        self._end = why
        self._inbox.append(None)  # What came before is heard first.
        if not self._busy:
            self._busy = True
            self._work()

    def _work(self) -> None:
        try:
            while self._inbox:
                message = self._inbox.pop(0)
                self._wait_to_ask()  # Meanwhile nothing more is read, and the client has to wait.
                try:
                    if message is None:
                        self.close(wait=False, abort=True, reason=self._end)
                    else:
                        self._handle(message)
                except Exception:
                    log.exception("connection.broken")  # What came after it is heard all the same.
                if len(self._inbox) == INBOX // 2 and self.wire is not None:
                    self.wire.resume()
                gevent.sleep(0)  # SQLite never lets anybody else in between.
        finally:
            self._busy = False

    def _handle(self, message: str | bytes) -> None:
        if self.closed:
            return
        if isinstance(message, bytes):
            self.server._trigger_event("message", self.sid, message)
        elif message[:1] == "4":
            if not self.server.take_quickly(self, message[1:]):
                self.server._trigger_event("message", self.sid, message[1:])
        elif message[:1] == "1":
            self.close(wait=False, abort=True, reason=self.server.reason.CLIENT_DISCONNECT)
        # Anything else means nothing here, and python-engineio passes over it as well.

    def _when_drained(self) -> None:
        if self.upgraded and self._ping_waits:  # It has left now; its answer may have come before the rest did.
            self._answered, self._ping_waits = True, False
        if self.drained is not None:
            self.drained()


class Engine(engineio.Server):
    """Engine.IO's server with our connections in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, monitor_clients=False)
        self._heart = Heart(self.ping_interval)
        self._quick: dict[str, Quick] = {}
        self._quick_event = re.compile(r"(?!)")
        self.socketio: Any = None

    def quick(self, event: str, handler: Quick) -> None:
        """Let an event of the default namespace be taken in the loop. The handler must not wait."""
        self._quick[event] = handler
        self._quick_event = re.compile(rf'2(\d{{0,9}})\["({"|".join(map(re.escape, self._quick))})",')

    def take_quickly(
        self, connection: Connection, message: str | bytes, allowed: Callable[[], bool] = lambda: True
    ) -> bool:
        """Take an event that was registered as quick, if its client is allowed another one. Whether it was taken."""
        if not isinstance(message, str) or (match := self._quick_event.match(message)) is None:
            return False
        if self.socketio.manager.sid_from_eio_sid(connection.sid, "/") is None or connection.caller is None:
            return False
        try:
            event, data = json.loads(message[match.end(1) :])
        except (ValueError, RecursionError):  # The ordinary way says what is wrong with it.
            return False
        if not allowed():
            return False
        self._quick[event](connection, int(match[1]) if match[1] else None, data)
        return True

    def handle_request(self, environ: dict[str, Any], start_response: Any) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, *PRIVATE], *error)

        if _from_elsewhere(environ):
            refusal = self._bad_request("Not an accepted origin.")
            begin(refusal["status"], refusal["headers"])
            return [refusal["response"]]
        answer = super().handle_request(environ, begin)
        if environ.get("ensemble.taken") and "gunicorn.socket" in environ:
            raise StopIteration  # Gunicorn's word for: leave this connection alone.
        return answer

    def _handle_connect(
        self, environ: dict[str, Any], start_response: Any, transport: str, jsonp_index: int | None = None
    ) -> Any:
        sid = self.generate_id()
        connection = self.sockets[sid] = Connection(self, sid)
        admitted = False
        try:
            answer = self._greet(connection, _trimmed(environ), transport)
            if answer is not None and answer is not True:
                return self._unauthorized(answer or None)
            if transport == "websocket":
                result = connection.handle_get_request(environ, start_response)
                if connection.wire is None:  # The handshake failed.
                    return result if isinstance(result, dict) else self._bad_request("Invalid websocket upgrade")
            else:
                connection.connected = True
                result = self._ok(connection.poll(), jsonp_index=jsonp_index)
            self._heart.add(connection)
            admitted = True
            return result
        finally:
            if not admitted:  # However that came about: only the heart would ever notice that nobody is there.
                connection.close(wait=False, abort=True, reason=self.reason.TRANSPORT_ERROR)
                self.sockets.pop(sid, None)

    def _greet(self, connection: Connection, environ: dict[str, Any], transport: str) -> Any:
        """Whether the connection may stay, as the connect handler says it: None, True, or a reason against it."""
        timing = {"pingInterval": int(self.ping_interval * 1000), "pingTimeout": int(self.ping_timeout * 1000)}
        upgrades = self._upgrades(connection.sid, transport)
        greeting = {"sid": connection.sid, "upgrades": upgrades, **timing, "maxPayload": self.max_http_buffer_size}
        connection.send(Packet(OPEN, greeting))
        return self._trigger_event("connect", connection.sid, environ)


def install(socketio: SocketIO, **options: Any) -> Engine:
    """Put our engine under Flask-SocketIO's server, which `init_app` has just made."""
    Payload.max_decode_packets = POSTED
    server = socketio.server
    engine = Engine(async_mode="gevent", async_handlers=False, **options)
    engine.socketio = server
    engine.on("connect", server._handle_eio_connect)
    engine.on("disconnect", server._handle_eio_disconnect)
    engine.on("message", lambda sid, data: _hear(engine, sid, data))
    take = server._handle_event
    server._handle_event = lambda sid, namespace, number, data: take(sid, namespace, number, _named_by_client(data))
    server.eio = engine
    return engine


def _from_elsewhere(environ: dict[str, Any]) -> bool:
    """Whether another site's page may have sent this without saying so, as its script elements do."""
    if "j" in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True):
        return True  # An answer that is a script is for such pages alone; Socket.IO's clients ask for none since version 3.
    # Who names an origin is let in by that alone, which settings may widen.
    return not environ.get("HTTP_ORIGIN") and environ.get("HTTP_SEC_FETCH_SITE", "none") not in OUR_PAGES


def _size(pkt: Packet | None) -> int:
    return len(pkt.data) if pkt is not None and isinstance(pkt.data, (str, bytes)) else 0


def _hear(engine: Engine, sid: str, data: str | bytes) -> None:
    server = engine.socketio
    try:
        server._handle_eio_message(sid, data)
        if sid in server._binary_packet and server._binary_packet[sid].attachment_count > ATTACHMENTS:
            raise ValueError("too many attachments")
    except Exception as error:  # noqa: BLE001
        # Handlers answer for themselves (sockets.py): what arrives here is a packet that makes no sense. Whoever sent it
        # may not go on as if it had been heard, and nobody else is concerned.
        log.info("packet.malformed", error=type(error).__name__)
        server._binary_packet.pop(sid, None)
        if (connection := engine.sockets.get(sid)) is not None:
            connection.close(wait=False, reason=engine.reason.CLIENT_DISCONNECT)


def _named_by_client(data: list[Any]) -> list[Any]:
    """An event as a client sent it, unless it bears a name that only the engine may use."""
    if data[0] in RESERVED:
        raise ValueError("an event that only the engine may tell of")
    return data


def connection_of(socketio: SocketIO, sid: str) -> Connection | None:
    """The connection behind a Socket.IO client of the default namespace, where the engine is ours."""
    engine = socketio.server.eio
    if not isinstance(engine, Engine):
        return None
    found = engine.sockets.get(socketio.server.manager.eio_sid_from_sid(sid, "/"))
    return found if found is not None and not found.closed else None


def is_connected(socketio: SocketIO, sid: str) -> bool:
    """Whether this client of the default namespace is still there."""
    return bool(socketio.server.manager.is_connected(sid, "/"))


def sid_of(socketio: SocketIO, connection: Connection) -> str:
    """The name under which Socket.IO's default namespace knows a connection."""
    return str(socketio.server.manager.sid_from_eio_sid(connection.sid, "/"))


@lru_cache(maxsize=64)  # Whoever connects says what they like, and Python never lets go of what it interned.
def kept_once(text: str) -> str:
    """The one copy of a text that many clients send alike."""
    return text


def _trimmed(environ: dict[str, Any]) -> dict[str, Any]:
    kept = {name: environ[name] for name in ENVIRONMENT if name in environ}
    for name in SAME:  # For everybody, and then kept once.
        if name in kept:
            kept[name] = kept_once(str(kept[name]))
    if len(kept.get("HTTP_COOKIE", "")) > COOKIES:
        del kept["HTTP_COOKIE"]
    return {**kept, "QUERY_STRING": "", "wsgi.errors": sys.stderr}
