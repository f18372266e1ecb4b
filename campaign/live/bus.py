"""The bus: every process hears every change, inside the process or through Redis.

What is lost on the way does no harm: a board notices the gap in the numbers and reads the missing changes from the
database.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import redis
import structlog

from campaign.extensions import socketio
from campaign.live.news import News

CHANNEL = "ensemble:live"
PROCESS = uuid.uuid4().hex  # Tells this process's own messages from the others'.

log = structlog.get_logger()
_redis: redis.Redis | None = None
_on_change: list[Callable[[str, int, News], None]] = []
_on_presence: list[Callable[[str, str, int], None]] = []


def register(url: str) -> None:
    """Hear the other processes through Redis, where there is one."""
    global _redis
    _redis = redis.Redis.from_url(url) if url else None
    if _redis is not None:
        socketio.start_background_task(_listen, _redis)


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
    if _redis is None:
        return
    try:
        _redis.publish(CHANNEL, json.dumps({"process": PROCESS, **message}))
    except redis.RedisError as error:
        # Stored all the same. The other processes see the gap with the next change, or when a client comes back.
        log.warning("bus.unreachable", error=str(error))


def _listen(client: redis.Redis) -> None:
    while True:
        try:
            subscription = client.pubsub(ignore_subscribe_messages=True)
            subscription.subscribe(CHANNEL)
            for message in subscription.listen():
                try:
                    _hear(json.loads(message["data"]))
                except Exception:
                    # What one message breaks must not make this process deaf to all that follow.
                    log.exception("bus.unread")
        except redis.RedisError as error:
            log.warning("bus.lost", error=str(error))
            socketio.sleep(1)  # Redis is away: try again, without spinning.


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
            # The others hear it all the same. A board sees the gap with its next change.
            log.exception("bus.unheard", told=told[:2])
