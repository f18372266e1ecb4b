"""A bare loop of send(): what the kernel and the interpreter allow, with no engine at all."""

import base64
import hashlib
import json
import selectors
import socket
import sys

from bench.payload import payload
from campaign.live.transport import framed

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
clients: list[socket.socket] = []


def greet(client: socket.socket) -> None:
    request = client.recv(4096).decode("latin-1")
    key = request.split("Sec-WebSocket-Key: ")[1].split("\r\n")[0]
    accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
    client.sendall(
        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )
    client.sendall(framed('0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'))


def hear(client: socket.socket) -> None:
    data = client.recv(4096)
    size = data[1] & 0x7F
    text = (data[6 : 6 + size] if size < 126 else data[8:]).decode()  # The load generator masks with noughts.
    if text.startswith("40"):
        client.sendall(framed('40{"sid":"x"}'))
    elif "board.watch" in text:
        number = text[2 : text.index("[")]
        client.sendall(framed(f'43{number}[{{"ok":true}}]'))
        clients.append(client)
    elif '"go"' in text:
        go(json.loads(text[text.index("[") :])[1])


def go(rounds: int) -> None:
    for number in range(rounds):
        frame = framed("42" + json.dumps(["board.changed", payload(number)], separators=(",", ":")))
        for client in clients:
            client.send(frame)


print("ready", flush=True)
fresh: set[socket.socket] = set()
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            client, _ = listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(client, selectors.EVENT_READ)
            fresh.add(client)
        elif key.fileobj in fresh:
            fresh.discard(key.fileobj)  # type: ignore[arg-type]
            greet(key.fileobj)  # type: ignore[arg-type]
        else:
            try:
                hear(key.fileobj)  # type: ignore[arg-type]
            except (OSError, IndexError, ValueError):
                selector.unregister(key.fileobj)
