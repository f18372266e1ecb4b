"""The load: thousands of Socket.IO clients in one process, on raw asyncio, so that the server is what is measured.

They speak the least that a client must: a WebSocket (RFC 6455) with Engine.IO 4 and Socket.IO 5 in it.
"""

import asyncio
import base64
import json
import os
from collections.abc import Callable
from typing import Any

MASK = b"\x00\x00\x00\x00"  # A client must mask; with noughts, the payload stays as it is.


class Client(asyncio.Protocol):
    """One connection. `heard(client, text)` gets every Socket.IO packet, without the 4 of Engine.IO before it."""

    def __init__(self, host: str, auth: dict[str, Any] | None, heard: Callable[["Client", bytes], None] | None) -> None:
        self._host, self._auth, self._heard = host, auth, heard
        self._buffer = bytearray()
        self._open = False
        self._acks: dict[int, Callable[[bytes], None]] = {}
        self._number = 0
        self.frames = 0  # Of events, since the beginning.
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._open and not self._shaken():
            return
        start, size = 0, len(buffer)
        while size - start >= 2:
            length, head = buffer[start + 1], 2
            if length >= 126:  # Written in the next two bytes, or eight.
                head = 4 if length == 126 else 10
                if size - start < head:
                    break
                length = int.from_bytes(buffer[start + 2 : start + head])
            if size - start < head + length:
                break
            if buffer[start] == 0x81:
                self._packet(buffer, start + head, start + head + length)
            start += head + length
        del buffer[:start]

    def _shaken(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if b" 101 " not in self._buffer[:20]:
            self._fail(ConnectionError(bytes(self._buffer[:200])))
            return False
        del self._buffer[: end + 4]
        self._open = True
        return True

    def _packet(self, buffer: bytearray, start: int, end: int) -> None:
        kind = buffer[start : start + 2]
        if kind == b"42":
            self.frames += 1
            if self._heard is not None:
                self._heard(self, bytes(buffer[start + 1 : end]))
        elif kind == b"43":
            opening = buffer.index(b"[", start)
            number = int(buffer[start + 2 : opening])
            self._acks.pop(number)(bytes(buffer[opening:end]))
        elif kind[:1] == b"2":
            self.write(b"3")
        elif kind[:1] == b"0":
            self.write(b"40" + (json.dumps(self._auth).encode() if self._auth else b""))
        elif kind == b"40":
            if not self.ready.done():  # Who was waiting may have gone.
                self.ready.set_result(None)
        elif kind == b"44":
            self._fail(PermissionError(bytes(buffer[start:end])))

    def _fail(self, error: Exception) -> None:
        if not self.ready.done():
            self.ready.set_exception(error)
        self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed"))

    def write(self, text: bytes) -> None:
        size = len(text)
        head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + size.to_bytes(2)
        self.transport.write(head + MASK + text)

    def emit(self, event: str, data: Any, acknowledged: Callable[[bytes], None] | None = None) -> None:
        """Send an event; `acknowledged(json)` gets the list that the answer is."""
        number = ""
        if acknowledged is not None:
            self._number += 1
            number = str(self._number)
            self._acks[self._number] = acknowledged
        self.write(f"42{number}{json.dumps([event, data])}".encode())

    async def ask(self, event: str, data: Any) -> Any:
        answered = asyncio.get_running_loop().create_future()
        self.emit(event, data, answered.set_result)
        return json.loads(await answered)[0]


async def connect(
    port: int,
    count: int,
    auths: list[dict[str, Any]] | None = None,
    heard: Callable[[Client, bytes], None] | None = None,
    at_once: int = 200,
) -> list[Client]:
    """Open so many connections, `at_once` of them at a time, and wait until all may speak."""
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(at_once)
    host = f"127.0.0.1:{port}"

    async def one(place: int) -> Client:
        async with gate:
            auth = auths[place % len(auths)] if auths else None
            # One address of the loopback net for each 20,000, because a port can lead to a server only once.
            local = (f"127.0.0.{2 + place // 20_000}", 0)
            _, client = await loop.create_connection(
                lambda: Client(host, auth, heard), "127.0.0.1", port, local_addr=local
            )
            await client.ready
            return client

    return await asyncio.gather(*(one(place) for place in range(count)))


def close(clients: list[Client]) -> None:
    for client in clients:
        client.transport.abort()
