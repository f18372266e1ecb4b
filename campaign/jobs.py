"""Jobs: what is done later, by a worker process. Rows say what there is to do; the queue only wakes a worker to look.

So a queue that is away or emptied loses nothing: a worker also looks when it starts, and every minute.
"""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any, cast

import redis
import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from campaign import settings
from campaign.extensions import db, socketio

MOST = 100  # Wakings that wait. Whoever comes for them sees all there is to do.

log = structlog.get_logger()
_jobs: dict[str, Callable[[], None]] = {}
_being_woken: set[tuple[Flask, str]] = set()
_at_the_queue = threading.Lock()  # Its connection is one for all, and can't be closed by two at once.


def job(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Let workers call this whenever somebody wakes them by that name. It looks for what there is to do, and commits."""

    def register(work: Callable[[], None]) -> Callable[[], None]:
        _jobs[name] = work
        return work

    return register


def wake(name: str) -> None:
    """Wake a worker for this job after the running transaction's commit; never if it is rolled back. Nobody waits for it."""
    db.session.info.setdefault("wake", set()).add((current_app._get_current_object(), name))  # type: ignore[attr-defined]


def queue_of(app: Flask) -> Huey:
    """The queue, with its one task. Made when it is needed first: with SQLite, that makes a file."""
    if "jobs" not in app.extensions:
        given = settings.of(app)
        if given.redis_url:
            huey: Huey = RedisHuey("ensemble", url=given.redis_url, results=False)
        else:
            # Nobody waits long for this file, nor does a disk: it holds nothing that must not be lost.
            file = given.instance / "jobs.sqlite"
            huey = SqliteHuey("ensemble", filename=str(file), results=False, fsync=False, timeout=0.2)
        app.extensions["jobs"] = huey

        @huey.task()
        def look(name: str) -> None:
            _look(app, name)

        @huey.periodic_task(crontab(minute="*"))
        def look_at_all() -> None:
            for name in _jobs:
                _look(app, name)

        app.extensions["look"] = look
    return cast("Huey", app.extensions["jobs"])


def wake_all(app: Flask) -> None:
    """Wake a worker for every job."""
    for name in _jobs:
        _enqueue(app, name)


def _look(app: Flask, name: str) -> None:
    work = _jobs.get(name)  # None: asked for by another version of the program.
    if work is None:
        return
    try:
        with app.app_context():
            work()
    except Exception:
        log.exception("job.undone", job=name)  # What it left is found at the next look.


def _committed(session: Session) -> None:
    asked: set[Any] = set() if session.in_nested_transaction() else session.info.pop("wake", set())
    for waking in asked - _being_woken:
        _being_woken.add(waking)
        socketio.start_background_task(_enqueue, *waking)


def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("wake", None)


def _enqueue(app: Flask, name: str) -> None:
    _being_woken.discard((app, name))  # What is committed from here on wakes once more.
    try:
        with _at_the_queue:
            huey = queue_of(app)
            if huey.pending_count() < MOST:
                app.extensions["look"](name)
            huey.storage.close()  # So that no open file is left behind.
    except (redis.RedisError, sqlite3.Error, OSError) as error:
        log.warning("job.unqueued", job=name, why=f"{type(error).__name__}: {error}")


event.listen(Session, "after_commit", _committed)
event.listen(Session, "after_rollback", _rolled_back)
