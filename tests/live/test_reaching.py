"""What engine.py relies on below the public surface of python-engineio and python-socketio.

When one of these fails after an upgrade, read the library's change first, and engine.py beside it.
"""

import inspect
import io
import json
import queue
import time

import engineio
import gevent
import pytest
import socketio
from engineio.packet import NOOP, PONG, Packet
from engineio.payload import Payload
from engineio.socket import Socket

from campaign.live.engine import COOKIES, EAGER, PER_SECOND, POLLED, Connection, Engine, kept_once

pytestmark = pytest.mark.one_database


def parameters(function):
    return list(inspect.signature(function).parameters)


def test_the_engine_calls_what_we_override_as_we_expect():
    assert parameters(engineio.Server._handle_connect) == [
        "self", "environ", "start_response", "transport", "jsonp_index",
    ]  # fmt: skip
    assert parameters(Socket._upgrade_websocket) == ["self", "environ", "start_response"]
    assert parameters(Socket.close) == ["self", "wait", "abort", "reason"]
    assert parameters(Socket.send) == parameters(Socket.receive) == ["self", "pkt"]
    assert parameters(Socket.check_ping_timeout) == parameters(Socket.schedule_ping) == ["self"]
    assert parameters(Socket.poll) == ["self"]
    assert parameters(Socket.handle_get_request) == ["self", "environ", "start_response"]
    assert parameters(engineio.Server.handle_request) == ["self", "environ", "start_response"]


class Visitor:
    """A client by long polling, without a network: what the library does with its requests."""

    def __init__(self, take, sid=None):
        self.take, self.sid, self.status = take, sid, ""

    def ask(self, method="GET", body=b"", more="", **headers):
        query = "EIO=4&transport=polling" + (f"&sid={self.sid}" if self.sid else "") + more
        environ = {"REQUEST_METHOD": method, "QUERY_STRING": query, "wsgi.input": io.BytesIO(body), **headers}
        answer = self.take({"CONTENT_LENGTH": str(len(body)), **environ}, self._begin)
        return b"".join(answer).decode()

    def _begin(self, status, headers):
        self.status, self.headers = status, dict(headers)


@pytest.fixture
def engine():
    return Engine(async_mode="threading")


@pytest.fixture
def visitor(engine):
    visitor = Visitor(engine.handle_request)
    visitor.sid = json.loads(visitor.ask()[1:])["sid"]
    return visitor


def test_who_connects_gets_a_connection_of_ours(engine, visitor):
    assert isinstance(engine.sockets[visitor.sid], Connection)


def test_a_poll_is_answered_by_our_connection(engine, visitor):
    for number in range(POLLED + 1):
        engine.sockets[visitor.sid].say(f"2[{number}]")
    assert visitor.ask().split("\x1e") == [f"42[{number}]" for number in range(POLLED)]
    assert visitor.ask() == f"42[{POLLED}]"


def test_what_is_posted_comes_to_our_connection(engine, visitor):
    connection = engine.sockets[visitor.sid]
    connection._answered = False
    assert visitor.ask("POST", b"3") == "OK"
    assert connection._answered


def test_who_never_polls_has_heard_no_ping_to_answer(engine, visitor):
    connection = engine.sockets[visitor.sid]
    assert connection.beat()
    assert visitor.ask("POST", b"3") == "OK"
    assert not connection._answered
    assert visitor.ask() == "2"
    assert visitor.ask("POST", b"3") == "OK"
    assert connection._answered


def test_a_client_may_ask_as_often_as_a_person_does(engine, visitor, monkeypatch):
    at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: at)
    connection = engine.sockets[visitor.sid]
    assert [connection.may_ask() for _ in range(EAGER + 2)] == [True] * EAGER + [False] * 2
    at += 1
    assert [connection.may_ask() for _ in range(PER_SECOND + 1)] == [True] * PER_SECOND + [False]


def test_a_second_post_while_the_first_waits_ends_the_connection_and_both(engine, visitor):
    connection = engine.sockets[visitor.sid]
    connection._allowance = 0.0
    engine.on("message", lambda sid, data: None)
    both = [
        gevent.spawn(Visitor(engine.handle_request, visitor.sid).ask, "POST", b"\x1e".join([b"4x"] * 10)) for _ in "12"
    ]
    gevent.joinall(both, raise_error=True)
    assert connection.closed
    assert visitor.sid not in engine.sockets
    assert ["Bad Request" in post.value for post in both] == [True, True]


def test_what_is_posted_and_stops_coming_ends_the_connection(engine, visitor):
    class Stopped:
        def read(self, size):
            raise TimeoutError

    visitor.ask("POST", b"4x", **{"wsgi.input": Stopped()})
    assert visitor.status.startswith("400")
    assert visitor.sid not in engine.sockets


@pytest.mark.parametrize("more", ["&j=0", "&j=", "&%6A=7"])
def test_no_answer_is_a_script_that_another_site_could_run(engine, more):
    stranger = Visitor(engine.handle_request)
    assert "sid" not in stranger.ask(more=more)
    assert stranger.status.startswith("400")
    assert engine.sockets == {}


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_another_site_that_names_no_origin_is_refused(engine, site):
    stranger = Visitor(engine.handle_request)
    stranger.ask(HTTP_SEC_FETCH_SITE=site)
    assert stranger.status.startswith("400")
    assert engine.sockets == {}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://localhost"},
    ],
)
def test_who_names_an_accepted_origin_or_needs_none_is_let_in(engine, said):
    visitor = Visitor(engine.handle_request)
    visitor.ask(HTTP_HOST="localhost", **{"wsgi.url_scheme": "http"}, **said)
    assert visitor.status.startswith("200")


def test_no_answer_is_kept_or_taken_for_something_else(visitor):
    assert visitor.headers["Cache-Control"] == "no-store"
    assert visitor.headers["X-Content-Type-Options"] == "nosniff"
    visitor.ask(more="&j=0")
    assert visitor.headers["Cache-Control"] == "no-store"


def test_what_all_clients_say_alike_is_kept_once_and_for_no_longer_than_needed(engine):
    heard = []
    engine.on("connect", lambda sid, environ: heard.append(environ))
    for path in ("/socket.io/", "/socket.io/", *(f"/socket.io/{number}" for number in range(500))):
        Visitor(engine.handle_request).ask(PATH_INFO=path.encode().decode(), HTTP_HOST=f"{path[11:]}.example.org")
    assert heard[0]["PATH_INFO"] is heard[1]["PATH_INFO"]
    assert kept_once.cache_info().currsize < 100


def test_what_a_client_keeps_of_its_request_is_little(visitor, engine):
    heard = []
    engine.on("connect", lambda sid, environ: heard.append(environ))
    stranger = Visitor(engine.handle_request)
    stranger.ask(HTTP_COOKIE="session=" + "x" * COOKIES, HTTP_X_MUCH="y" * 100_000)
    assert "HTTP_COOKIE" not in heard[0]
    assert len(str(heard[0])) < 2000


def test_a_websocket_begins_with_our_connection(visitor):
    answer = visitor.ask(HTTP_CONNECTION="Upgrade", HTTP_UPGRADE="websocket", HTTP_SEC_WEBSOCKET_VERSION="13")
    assert "missing Sec-WebSocket-Key header" in answer  # As our handshake says it.


def test_a_disconnect_closes_our_connection(engine, visitor):
    connection = engine.sockets[visitor.sid]
    engine.disconnect(visitor.sid)
    assert connection.closed


def test_socketio_hands_requests_to_the_engine_that_is_put_under_it(engine):
    server = socketio.Server(async_mode="threading")
    server.eio = engine
    visitor = Visitor(socketio.WSGIApp(server))
    answer = visitor.ask(PATH_INFO="/socket.io/")
    assert json.loads(answer[1:])["sid"] in engine.sockets


def test_the_engine_gives_what_our_connections_call():
    server = engineio.Server(async_mode="threading")
    assert server.sockets == {}
    assert {"_trigger_event", "_unauthorized", "_bad_request", "_upgrades", "_ok", "generate_id"} <= set(dir(server))
    assert set(server._bad_request("no")) == {"status", "headers", "response"}
    assert parameters(server._trigger_event) == ["event", "args", "kwargs"]
    assert {"CLIENT_DISCONNECT", "SERVER_DISCONNECT", "PING_TIMEOUT", "TRANSPORT_CLOSE", "TRANSPORT_ERROR"} <= set(
        dir(server.reason)
    )


def test_a_connection_has_the_state_that_the_engine_reads():
    server = engineio.Server(async_mode="threading")
    theirs = vars(Socket(server, "sid"))
    assert {
        name: theirs[name] for name in ("connected", "upgrading", "upgraded", "closing", "closed")
    } == dict.fromkeys(("connected", "upgrading", "upgraded", "closing", "closed"), False)
    assert {"server", "sid", "queue"} <= theirs.keys()


def test_a_server_answers_as_our_connections_want_it_to():
    server = engineio.Server(async_mode="threading")
    assert parameters(server._upgrades) == ["sid", "transport"]
    assert parameters(server._ok) == ["packets", "headers", "jsonp_index"]
    assert server._ok([Packet(NOOP), Packet(NOOP)])["response"] == b"6\x1e6"
    assert server._ok([Packet(NOOP)], jsonp_index=3)["response"].startswith(b"___eio[3](")
    assert server._bad_request("too late")["status"].startswith("400")
    assert b"too late" in server._bad_request("too late")["response"]
    assert server._unauthorized("not you")["status"].startswith("401")
    assert server.get_queue_empty_exception() is queue.Empty


def test_a_client_that_polls_is_offered_a_websocket_and_one_that_has_it_is_not(engine):
    engine._async = {**engine._async, "websocket": object()}
    engine.sockets["polls"] = engine.sockets["moved"] = Connection(engine, "polls")
    assert engine._upgrades("polls", "polling") == ["websocket"]
    assert engine._upgrades("moved", "websocket") == []


def test_a_request_for_a_websocket_goes_to_our_connection_and_any_other_to_its_poll(engine, visitor, monkeypatch):
    connection = engine.sockets[visitor.sid]
    monkeypatch.setattr(Connection, "poll", lambda self: [Packet(NOOP)])
    monkeypatch.setattr(Connection, "_upgrade_websocket", lambda self, environ, start_response: "ours")
    assert [packet.packet_type for packet in connection.handle_get_request({}, None)] == [NOOP]
    upgrade = {"HTTP_CONNECTION": "keep-alive, Upgrade", "HTTP_UPGRADE": "WebSocket"}
    assert connection.handle_get_request(upgrade, None) == "ours"


def test_a_client_that_is_moving_is_answered_without_our_queue(engine, visitor):
    engine.sockets[visitor.sid].upgrading = True
    assert visitor.ask() == "6"


def test_each_packet_of_a_post_comes_to_our_connection_and_so_many_at_once(engine, visitor, monkeypatch):
    taken = []
    monkeypatch.setattr(Payload, "max_decode_packets", 3)
    monkeypatch.setattr(Connection, "receive", lambda self, pkt: taken.append(pkt.packet_type))
    assert parameters(Socket.handle_post_request) == ["self", "environ"]
    assert visitor.ask("POST", b"\x1e".join([b"3"] * 3)) == "OK"
    assert taken == [PONG] * 3
    visitor.ask("POST", b"\x1e".join([b"3"] * 4))
    assert visitor.status.startswith("400")
    assert taken == [PONG] * 3


def test_who_is_refused_is_told_so_and_nothing_is_kept(engine):
    engine.on("connect", lambda sid, environ: "not you")
    stranger = Visitor(engine.handle_request)
    assert "not you" in stranger.ask()
    assert stranger.status.startswith("401")
    assert engine.sockets == {}


def test_a_connection_knows_its_name_in_socketio_and_back_as_long_as_it_is_there():
    manager = socketio.Server(async_mode="threading").manager
    assert manager.sid_from_eio_sid("engine-sid", "/") is None
    assert manager.eio_sid_from_sid("nobody", "/") is None
    assert not manager.is_connected("nobody", "/")
    sid = manager.connect("engine-sid", "/")
    assert manager.sid_from_eio_sid("engine-sid", "/other") is None
    manager.disconnect(sid, "/")
    assert manager.sid_from_eio_sid("engine-sid", "/") is None
    assert not manager.is_connected(sid, "/")


def test_socketio_keeps_the_request_by_which_a_client_connected_until_it_is_gone():
    server = socketio.Server(async_mode="threading")
    server._handle_eio_connect("engine-sid", {"kept": True})
    assert server.environ == {"engine-sid": {"kept": True}}
    server.manager.connect("engine-sid", "/")
    server._handle_eio_message("engine-sid", '51-["x",{"_placeholder":true,"num":0}]')
    assert server._binary_packet["engine-sid"].attachment_count == 1
    server._handle_eio_disconnect("engine-sid", "over")
    assert server.environ == {}


def test_socketio_takes_messages_where_we_hand_them_in():
    server = socketio.Server(async_mode="threading")
    assert parameters(server._handle_eio_connect) == ["eio_sid", "environ"]
    assert parameters(server._handle_eio_message) == ["eio_sid", "data"]
    assert parameters(server._handle_event) == ["eio_sid", "namespace", "id", "data"]
    assert parameters(server._handle_eio_disconnect) == ["eio_sid", "reason"]
    assert server._binary_packet == {}
    assert set(server.eio.handlers) == {"connect", "message", "disconnect"}
    sid = server.manager.connect("engine-sid", "/")
    assert server.manager.sid_from_eio_sid("engine-sid", "/") == sid
    assert server.manager.eio_sid_from_sid(sid, "/") == "engine-sid"
    assert server.manager.is_connected(sid, "/")
