"""What engine.py relies on below the public surface of python-engineio and python-socketio.

When one of these fails after an upgrade, read the library's change first, and engine.py beside it.
"""

import inspect

import engineio
import pytest
import socketio
from engineio.base_socket import BaseSocket
from engineio.packet import Packet
from engineio.socket import Socket

from campaign.live.engine import Connection, Engine

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
    for name in ("_handle_connect", "handle_request"):
        assert getattr(Engine, name) is not getattr(engineio.Server, name)


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
    ours, theirs = Connection(server, "sid"), BaseSocket(server, "sid")
    assert vars(theirs).keys() <= vars(ours).keys()
    assert {"connected", "upgrading", "upgraded", "closing", "closed", "queue"} <= vars(ours).keys()


def test_a_queued_packet_is_what_a_poll_gives():
    connection = Connection(engineio.Server(async_mode="threading"), "sid")
    connection.send(Packet(4, "2[]"))
    assert [packet.encode() for packet in connection.poll()] == ["42[]"]


def test_socketio_takes_messages_where_we_hand_them_in():
    server = socketio.Server(async_mode="threading")
    assert parameters(server._handle_eio_connect) == ["eio_sid", "environ"]
    assert parameters(server._handle_eio_message) == ["eio_sid", "data"]
    assert parameters(server._handle_eio_disconnect) == ["eio_sid", "reason"]
    assert server._binary_packet == {}
    assert set(server.eio.handlers) == {"connect", "message", "disconnect"}
    sid = server.manager.connect("engine-sid", "/")
    assert server.manager.sid_from_eio_sid("engine-sid", "/") == sid
    assert server.manager.eio_sid_from_sid(sid, "/") == "engine-sid"
    assert server.manager.is_connected(sid, "/")
