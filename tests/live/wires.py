"""A WebSocket by hand: a client that says exactly what a test wants said, right or wrong."""

import base64
import json
import os
import socket
import struct
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10

TEXT, BINARY, CONT, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


class Wire:
    """One connection to a server, past the handshake."""

    def __init__(self, url: str, query: str = "EIO=4&transport=websocket", extra: str = "") -> None:
        where = urlsplit(url)
        self.socket = socket.create_connection((where.hostname, where.port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /socket.io/?{query} HTTP/1.1\r\nHost: {where.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n".encode()
        )
        self._buffer = b""
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self.socket.recv(1) or b"\r\n\r\n"
        self.answer, self._buffer = self._buffer.decode("latin-1"), b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def raw(self, data: bytes) -> None:
        with suppress(ConnectionError):
            self.socket.sendall(data)

    def say(
        self, text: str | bytes, opcode: int = TEXT, *, fin: bool = True, masked: bool = True, rsv: int = 0
    ) -> None:
        data = text.encode() if isinstance(text, str) else text
        self.raw(frame(data, opcode, fin=fin, masked=masked, rsv=rsv))

    def hear(self) -> tuple[int, bytes] | None:
        """The next frame: its opcode and what is in it. None: the server hung up. A ping is answered, as clients do."""
        head = self._read(2)
        if head is None:
            return None
        size: int = head[1] & 0x7F
        if size in (126, 127):
            longer = self._read(2 if size == 126 else 8)
            if longer is None:
                return None
            size = int.from_bytes(longer)
        data = self._read(size)
        if data is None:
            return None
        if (head[0] & 0x0F, data) == (TEXT, b"2"):
            self.say("3")
        return head[0] & 0x0F, data

    def _read(self, size: int) -> bytes | None:
        while len(self._buffer) < size:
            try:
                data = self.socket.recv(65536)
            except ConnectionError:
                return None
            if not data:
                return None
            self._buffer += data
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def until(self, opcode: int, start: bytes = b"") -> bytes:
        """The first frame of this kind that begins so."""
        while True:
            heard = self.hear()
            assert heard is not None, "the server hung up"
            if heard[0] == opcode and heard[1].startswith(start):
                return heard[1]

    def open(self, token: str | None = None) -> "Wire":
        """Engine.IO's and Socket.IO's greetings."""
        self.until(TEXT, b"0")
        self.say("40" + (json.dumps({"token": token}) if token else ""))
        self.until(TEXT, b"40")
        return self

    @staticmethod
    def event(text: bytes) -> Any:
        """What an event's packet carries."""
        return json.loads(text[2:])[1]

    def ask(self, event: str, data: Any, number: int = 7) -> Any:
        self.say(f"42{number}{json.dumps([event, data])}")
        answer = self.until(TEXT, b"43")
        return json.loads(answer[answer.index(b"[") :])[0]

    def ending(self) -> tuple[int, str] | None:
        """The closing frame's code and reason; None when the server hung up without one."""
        while (heard := self.hear()) is not None:
            if heard[0] == CLOSE:
                code = struct.unpack("!H", heard[1][:2])[0] if heard[1] else 1005
                return code, heard[1][2:].decode()
        return None


def frame(data: bytes, opcode: int = TEXT, *, fin: bool = True, masked: bool = True, rsv: int = 0) -> bytes:
    """A client's frame, as RFC 6455, 5.2, draws it; or not quite."""
    size = len(data)
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    mask = 0x80 if masked else 0
    if size < 126:
        head += bytes([mask | size])
    elif size < 65536:
        head += bytes([mask | 126]) + size.to_bytes(2)
    else:
        head += bytes([mask | 127]) + size.to_bytes(8)
    if not masked:
        return head + data
    key = b"\x17\xa5\x00\xff"  # Any will do, and the same each time makes a failure repeatable.
    return head + key + bytes(byte ^ key[place % 4] for place, byte in enumerate(data))
