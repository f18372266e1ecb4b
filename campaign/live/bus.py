"""The bus: every process hears every change, inside the process or through Redis.

What is lost on the way does no harm: boards compare what they heard with what is stored, and read the rest from the
database. So nobody ever waits for Redis.
"""

import json
import queue
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import redis
import structlog

from campaign.extensions import socketio
from campaign.live.news import News

CHANNEL = "ensemble:live"
PATIENCE = 5.0  # Seconds that Redis has to take or answer something; then another connection is tried.
SILENCE = 15.0  # Seconds without a word after which the line on which we listen is asked whether it still stands.
UNSENT = 10_000  # Messages that wait for Redis; what comes beyond that is left to the database.
PROCESS = uuid.uuid4().hex  # Tells this process's own messages from the others'.

log = structlog.get_logger()
_full = False  # Whether the outbox was, since something last left it. Said once, not for each message.
_outbox: "queue.Queue[str] | None" = None  # None: there is no other process.
_on_change: list[Callable[[str, int, News], None]] = []
_on_presence: list[Callable[[str, str, int], None]] = []


def register(url: str) -> None:
    """Tell the other processes through Redis, where there is one. What a command changes is told as well."""
    global _outbox
    _outbox = queue.Queue(UNSENT) if url else None
    if _outbox is not None:
        sender = redis.Redis.from_url(url, health_check_interval=SILENCE, **_limits(url))
        socketio.start_background_task(_keep_sending, sender, _outbox)


def listen(url: str) -> None:
    """Hear the other processes from now on."""
    # The listener asks by itself whether anybody is there (_messages); two who ask would mistake each other's answers.
    socketio.start_background_task(_listen, redis.Redis.from_url(url, **_limits(url)))


def _limits(url: str) -> dict[str, Any]:
    # A line may be lost without a word, and the kernel alone takes many minutes to notice.
    limits: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return limits if url.startswith("unix:") else {**limits, "socket_keepalive": True}


def on_change(hear: Callable[[str, int, News], None]) -> None:
    """Call `hear(board, seq, news)` for every change of any process."""
    _on_change.append(hear)


def on_presence(hear: Callable[[str, str, int], None]) -> None:
    """Call `hear(process, board, people)` when another process counts its people anew."""
    _on_presence.append(hear)


def publish(board: str, seq: int, news: News) -> None:
    """Tell a stored change: here at once, and to the other processes."""
    _call(_on_change, board, seq, news)
    _send({"change": [board, seq, news]})


def publish_presence(board: str, people: int) -> None:
    """Tell the other processes how many people watch a board through this one."""
    _send({"presence": [board, people]})


def _send(message: dict[str, Any]) -> None:
    global _full
    if _outbox is None:
        return
    try:
        _outbox.put_nowait(json.dumps({"process": PROCESS, **message}))
    except queue.Full:
        if not _full:
            log.warning("bus.full")
        _full = True


def _keep_sending(client: redis.Redis, outbox: "queue.Queue[str]") -> None:
    global _full
    while True:
        message = outbox.get()
        try:
            client.publish(CHANNEL, message)
            _full = False
        except redis.RedisError as error:
            # What waits is stale by the time that Redis is back, and the others have found it in the database.
            log.warning("bus.unreachable", error=str(error), dropped=1 + _empty(outbox))


def _empty(outbox: "queue.Queue[str]") -> int:
    dropped = 0
    with suppress(queue.Empty):
        while True:
            outbox.get_nowait()
            dropped += 1
    return dropped


def _listen(client: redis.Redis) -> None:
    while True:
        try:
            subscription = client.pubsub(ignore_subscribe_messages=True)
            subscription.subscribe(CHANNEL)
            for data in _messages(subscription):
                try:
                    _hear(json.loads(data))
                except Exception:
                    # What one message breaks must not make this process deaf to all that follow.
                    log.exception("bus.unread")
        except redis.RedisError as error:
            log.warning("bus.lost", error=str(error))
            socketio.sleep(1)  # Redis is away: try again, without spinning.


def _messages(subscription: Any) -> Iterator[bytes]:
    asked = False
    while True:
        message = subscription.get_message(timeout=SILENCE)
        if message is not None:
            asked = False
            if message["type"] == "message":
                yield message["data"]
        elif asked:
            raise redis.TimeoutError("nobody answers")
        else:
            subscription.ping()
            asked = True


def _hear(message: dict[str, Any]) -> None:
    if message["process"] == PROCESS:
        return
    if "change" in message:
        _call(_on_change, *message["change"])
    if "presence" in message:
        _call(_on_presence, message["process"], *message["presence"])


def _call(listeners: list[Callable[..., None]], *told: Any) -> None:
    for hear in listeners:
        try:
            hear(*told)
        except Exception:
            # The others hear it all the same. Its board finds it when it looks.
            log.exception("bus.unheard", told=told[:2])
