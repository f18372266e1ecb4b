"""Questions to a worker, answered while somebody waits: through Redis where there is one, or a socket in the instance folder.

Half a second at most, and few at a time. Whoever asks goes on without an answer when there is none.
"""

import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
import structlog
from flask import Flask
from gevent.server import StreamServer

from campaign import settings
from campaign.extensions import socketio

PATIENCE = 0.5  # Seconds.
AT_ONCE = 16  # Questions that one process has open. Beyond that, a worker is late anyway.
LONGEST = 64 * 1024  # Bytes of a question, and of an answer.
QUESTIONS = "ensemble:questions"
WAITING = 200  # Questions that lie in Redis at one moment.
SOCKET = "worker.sock"
LONGEST_PATH = 100  # Bytes of a socket's address, which no system takes much longer.

Answers = dict[str, Callable[..., Any]]

log = structlog.get_logger()
_places = threading.BoundedSemaphore(AT_ONCE)
_clients: dict[str, redis.Redis] = {}


def ask_worker(app: Flask, about: str, **question: Any) -> Any:
    """A worker's answer to a question; None where no worker gives one in time."""
    if not _places.acquire(blocking=False):
        return None
    given = settings.of(app)
    try:
        asked = json.dumps([about, question])
        answer = _through_redis(given.redis_url, asked) if given.redis_url else _by_socket(given.instance, asked)
        return json.loads(answer) if answer else None
    except (OSError, ValueError, redis.RedisError):
        return None
    finally:
        _places.release()


def _by_socket(instance: Path, asked: str) -> bytes:
    until = time.monotonic() + PATIENCE
    with socket.socket(socket.AF_UNIX) as line, _address(instance) as address:
        line.settimeout(PATIENCE)
        line.connect(address)
        line.sendall(asked.encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n") and len(answer) < LONGEST:
            line.settimeout(max(until - time.monotonic(), 0.001))
            if not (part := line.recv(LONGEST)):
                break
            answer += part
    return answer


def _through_redis(url: str, asked: str) -> bytes | None:
    client = _client(url)
    reply = f"ensemble:answers:{secrets.token_hex(8)}"
    with client.pipeline() as steps:
        steps.rpush(QUESTIONS, json.dumps([reply, time.time() + PATIENCE, asked]))
        steps.ltrim(QUESTIONS, -WAITING, -1)
        steps.expire(QUESTIONS, 2)  # Nobody asks for long, so nothing lies there when no worker comes.
        steps.execute()
    found: Any = client.blpop([reply], timeout=PATIENCE)
    return found[1] if found else None


def _client(url: str) -> redis.Redis:
    if url not in _clients:
        _clients[url] = redis.Redis.from_url(url, socket_timeout=2 * PATIENCE, socket_connect_timeout=PATIENCE)
    return _clients[url]


# The worker's side.


def keep_answering(app: Flask, answers: Answers) -> Callable[[], None]:
    """Answer questions from now on; gives what ends that."""
    given = settings.of(app)
    if given.redis_url:
        socketio.start_background_task(_answer_through_redis, app, given.redis_url, answers)
        return lambda: None
    with _address(given.instance) as address:
        # Whoever was here before is gone: a worker holds the folder's lock.
        (given.instance / SOCKET).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o077)  # The words are for the server only.
        try:
            listener.bind(address)
        finally:
            os.umask(before)
        listener.listen(AT_ONCE)
    server = StreamServer(listener, lambda line, _who: _answer_line(app, answers, line), spawn=AT_ONCE)
    server.start()
    return server.stop


def _answer_line(app: Flask, answers: Answers, line: socket.socket) -> None:
    try:
        line.settimeout(PATIENCE)
        with line, line.makefile("rb") as lines:
            line.sendall(_answer(app, answers, lines.readline(LONGEST)) + b"\n")
    except OSError:
        pass  # Who asked has gone on without it.


def _answer_through_redis(app: Flask, url: str, answers: Answers) -> None:
    client = redis.Redis.from_url(url)
    while True:
        try:
            found: Any = client.blpop([QUESTIONS], timeout=5)
            if found:
                reply, until, asked = json.loads(found[1])
                if time.time() < until:
                    client.rpush(reply, _answer(app, answers, asked))
                    client.expire(reply, 2)
        except redis.RedisError as error:
            log.warning("questions.unreachable", error=str(error))
            socketio.sleep(1)


def _answer(app: Flask, answers: Answers, asked: bytes | str) -> bytes:
    try:
        about, question = json.loads(asked)
        with app.app_context():
            return json.dumps(answers[about](**question)).encode()
    except Exception:
        log.exception("question.unanswered")
        return b"null"


@contextmanager
def _address(instance: Path) -> Iterator[str]:
    """The socket's address, shortened where the folder lies too deep for one."""
    address = str(instance / SOCKET)
    if len(os.fsencode(address)) <= LONGEST_PATH or not Path("/proc/self/fd").exists():
        yield address
        return
    folder = os.open(instance, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET}"
    finally:
        os.close(folder)
