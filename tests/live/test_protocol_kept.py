"""The clients that everybody uses work as they do with the library's own transport."""

import json
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import socketio

from tests.live.wires import TEXT, Wire
from tests.needs import need
from tests.servers import free_port

PATIENCE = 30


pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def bare():
    """A server of our engine alone, under gevent's own server, with handlers that give back what they got."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "bare_server.py"), str(port)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=PATIENCE)


@pytest.fixture
def heard():
    return queue.Queue()


def _put(heard, event, *data):
    heard.put((event, *data))


def client_of(url, transports, heard, namespaces=None, *, hears_of_others=False):
    client = socketio.Client(reconnection=False)
    for namespace in namespaces or ["/"]:
        for event in ("echo", "gone") if hears_of_others else ("echo",):
            client.on(event, partial(_put, heard, event), namespace=namespace)
    client.connect(url, transports=transports, namespaces=namespaces, wait_timeout=PATIENCE)
    return client


TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]]


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_what_is_sent_comes_back_with_its_acknowledgements(bare, heard, transports):
    client = client_of(bare, transports, heard)
    for number in range(200):
        client.emit("echo", {"number": number, "text": "é" * (number % 30)})
    # This client hands each event to a thread of its own, and so loses the order in which they came.
    assert sorted(heard.get(timeout=PATIENCE)[1]["number"] for _ in range(200)) == list(range(200))
    assert client.call("twice", 21, timeout=PATIENCE) == 42
    assert client.call("two", timeout=PATIENCE) == ("one", "two")
    client.disconnect()


def test_what_is_sent_comes_back_in_its_order(bare):
    with Wire(bare) as wire:
        wire.open()
        for number in range(200):
            wire.say(f'42{number}["twice",{number}]')
        assert [wire.until(TEXT, b"43") for _ in range(200)] == [
            b"43%d[%d]" % (number, 2 * number) for number in range(200)
        ]


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_bytes_travel_both_ways(bare, heard, transports):
    client = client_of(bare, transports, heard)
    sent = {"data": bytes(range(256)), "more": [b"", b"\x00"]}
    client.emit("echo", sent)
    assert heard.get(timeout=PATIENCE) == ("echo", sent)
    client.disconnect()


def test_a_client_moves_from_polling_to_a_websocket(bare, heard):
    client = client_of(bare, ["polling", "websocket"], heard)
    deadline = time.monotonic() + PATIENCE
    while client.transport() != "websocket":
        assert time.monotonic() < deadline
    assert client.call("transport", timeout=PATIENCE) == "websocket"
    client.disconnect()


def test_namespaces_are_apart(bare, heard):
    client = client_of(bare, ["websocket"], heard, ["/", "/other"])
    client.emit("echo", "here", namespace="/other")
    assert heard.get(timeout=PATIENCE) == ("echo", "other: here")
    client.disconnect()


def test_the_server_says_why_it_ends_a_connection(bare, heard):
    ended = threading.Event()
    reasons = []
    client = client_of(bare, ["websocket"], heard)
    client.on("disconnect", lambda reason: (reasons.append(reason), ended.set()))
    client.emit("end me")
    assert ended.wait(PATIENCE)
    assert reasons == [client.reason.SERVER_DISCONNECT]


# Not by polling alone: there this client may stop before it has posted its goodbye, and nothing is left to hear but silence.
@pytest.mark.parametrize("transports", [["websocket"], ["polling", "websocket"]], ids="+".join)
def test_the_server_hears_why_a_client_is_gone(bare, heard, transports):
    watcher = client_of(bare, ["websocket"], heard, hears_of_others=True)
    gone = client_of(bare, transports, queue.Queue())
    name = gone.call("sid", timeout=PATIENCE)
    gone.disconnect()
    told = heard.get(timeout=PATIENCE)[1]
    assert told["sid"] == name
    # This client may hang up its WebSocket before it has said goodbye on it.
    assert told["reason"] in ("client disconnect", "transport close")
    watcher.disconnect()


def test_who_says_goodbye_is_heard_to_say_so(bare, heard):
    watcher = client_of(bare, ["websocket"], heard, hears_of_others=True)
    with Wire(bare) as wire:
        wire.open()
        name = wire.ask("sid", None)
        wire.say("41")
        assert heard.get(timeout=PATIENCE) == ("gone", {"sid": name, "reason": "client disconnect"})
    watcher.disconnect()


def test_who_says_goodbye_by_polling_is_heard_to_say_so(bare, heard):
    watcher = client_of(bare, ["websocket"], heard, hears_of_others=True)
    url = f"{bare}/socket.io/?EIO=4&transport=polling"
    with requests.Session() as session:
        url += "&sid=" + json.loads(session.get(url, timeout=PATIENCE).text[1:])["sid"]
        session.post(url, data="40", timeout=PATIENCE)
        name = json.loads(session.get(url, timeout=PATIENCE).text[2:])["sid"]
        session.post(url, data="41", timeout=PATIENCE)
    assert heard.get(timeout=PATIENCE) == ("gone", {"sid": name, "reason": "client disconnect"})
    watcher.disconnect()


def test_a_line_that_is_cut_is_noticed(bare, heard):
    watcher = client_of(bare, ["websocket"], heard, hears_of_others=True)
    with Wire(bare) as wire:
        wire.open()
        name = wire.ask("sid", None)
    assert heard.get(timeout=PATIENCE) == ("gone", {"sid": name, "reason": "transport close"})
    watcher.disconnect()


def test_a_connection_with_nothing_to_say_costs_no_greenlet(bare):
    with ExitStack() as stack:
        first, *_others = wires = [stack.enter_context(Wire(bare)).open() for _ in range(2)]
        few = first.ask("greenlets", None)
        wires += [stack.enter_context(Wire(bare)).open() for _ in range(40)]
        assert [wire.ask("twice", 21) for wire in wires] == [42] * len(wires)
        deadline = time.monotonic() + PATIENCE
        while (many := first.ask("greenlets", None)) > few and time.monotonic() < deadline:
            time.sleep(0.1)  # Those of the handshakes are on their way out.
        assert many <= few


def test_a_client_that_answers_no_ping_is_gone(bare, heard):
    # Half open: the line stands, and nobody is there. This server pings every few seconds.
    watcher = client_of(bare, ["websocket"], heard, hears_of_others=True)
    with Wire(bare) as wire:
        wire.open()
        name = wire.ask("sid", None)
        while (told := heard.get(timeout=PATIENCE)[1])["sid"] != name:
            pass  # Those of other tests.
        assert told["reason"] == "ping timeout"
        assert wire.ending() is None
    watcher.disconnect()


def test_nothing_is_kept_of_who_hangs_up_before_the_handshake_is_answered(bare):
    where = urlsplit(bare)
    ask = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {'A' * 22}==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    with Wire(bare) as wire:
        wire.open()
        before = wire.ask("kept", None)
        for _ in range(50):
            with socket.create_connection((where.hostname, where.port)) as gone:
                gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # Closing is a reset.
                gone.sendall(ask.encode())
        deadline = time.monotonic() + 2  # No ping is due so soon that it could find them out.
        while wire.ask("kept", None) > before:
            assert time.monotonic() < deadline, f"{wire.ask('kept', None)}, and before {before}"


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_the_javascript_client_works(bare, transports):
    node = need("node", package="nodejs")
    script = Path(__file__).parent / "echo_client.mjs"
    done = subprocess.run(
        [node, str(script), bare, *transports], capture_output=True, text=True, timeout=60, cwd=script.parents[2]
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["echoed"] == {"text": "été", "bytes": "00ff"}
    assert told["answer"] == 42
    assert told["other"] == "other: here"
    assert told["transport"] == transports[-1]
