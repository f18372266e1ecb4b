"""Gathering: what many people ask at one moment is answered together, whichever door it came by.

Votes are its first use: all that wait share one transaction (a group commit) and are answered after it. One who comes alone
doesn't wait for company; while one batch is worked on, the next gathers by itself, so batches grow with the crowd.
"""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask
from gevent import monkey
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError

from campaign.errors import Busy as Busy
from campaign.extensions import db, socketio

log = structlog.get_logger()

AT_ONCE = 500  # Answered together. More would keep the first of them waiting for nothing.
BACKLOG = 20_000  # Waiting; who comes beyond that is asked to come again.
PATIENCE = 30.0  # Seconds that a request waits for its answer.


@dataclass(eq=False, slots=True)
class _Waiting:
    app: Flask
    asked: Any
    answer: Callable[[Any], None]


class Gathering:
    """Hands everything that waits to `settle(asked)`, which gives an answer for each, in their order.

    What `apart(asked)` calls by the same name never shares a batch: it is settled one after the other, as it came.

    `settle` commits what it stores, and may give an exception as an answer. What it raises concerns all; when one row
    that no database takes may have been the reason, each is tried alone, so that nobody fails for somebody else.
    """

    def __init__(
        self,
        settle: Callable[[list[Any]], list[Any]],
        apart: Callable[[Any], Hashable] | None = None,
        at_once: int = AT_ONCE,
        backlog: int = BACKLOG,
    ) -> None:
        self._settle, self._apart = settle, apart
        self._at_once, self._backlog = at_once, backlog
        self._waiting: deque[_Waiting] = deque()
        self._working = False
        # A real lock, never held over anything that waits: gevent's own can't be taken in the loop.
        self._lock = monkey.get_original("_thread", "allocate_lock")()

    def put(self, app: Flask, asked: Any, answer: Callable[[Any], None]) -> None:
        """Have something settled soon; `answer` is called with the result, or with an exception. Never waits.

        Raises Busy when too many wait already.
        """
        self._put(_Waiting(app, asked, answer))

    def _put(self, waiting: _Waiting) -> None:
        with self._lock:
            if len(self._waiting) >= self._backlog:
                raise Busy
            self._waiting.append(waiting)
            if self._working:
                return
            self._working = True
        socketio.start_background_task(self._work)

    def ask(self, app: Flask, asked: Any) -> Any:
        """The same for who can wait: gives the result, or raises."""
        done = socketio.server.eio.create_event()
        answers: list[Any] = []

        def answer(result: Any) -> None:
            answers.append(result)
            done.set()

        waiting = _Waiting(app, asked, answer)
        self._put(waiting)
        if not done.wait(PATIENCE) and not self._take_back(waiting):
            done.wait()  # It is being settled at this moment: the answer is what happened.
        if not answers:
            raise Busy
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    def _work(self) -> None:
        while batch := self._next_batch():
            for waiting, result in zip(batch, self._answers(batch), strict=True):
                try:
                    waiting.answer(result)
                except Exception:
                    # One client that can't be answered must not keep the answer from the others.
                    log.exception("gathering.unanswered")
            socketio.sleep(0)  # Others have a turn, and the next batch comes in.

    def _take_back(self, waiting: _Waiting) -> bool:
        with self._lock:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
                return True
            return False

    def _next_batch(self) -> list[_Waiting]:
        with self._lock:
            batch: list[_Waiting] = []
            later: list[_Waiting] = []
            names: set[Hashable] = set()
            while self._waiting and len(batch) < self._at_once and (not batch or self._waiting[0].app is batch[0].app):
                waiting = self._waiting.popleft()
                name = self._apart(waiting.asked) if self._apart else id(waiting)
                (later if name in names else batch).append(waiting)
                names.add(name)
            self._waiting.extendleft(reversed(later))
            self._working = bool(batch)
            return batch

    def _answers(self, batch: list[_Waiting]) -> list[Any]:
        """One for each, whatever happens: who waits here waits for nothing else."""
        try:
            with batch[0].app.app_context():
                return self._settled([waiting.asked for waiting in batch])
        except Exception as error:
            log.exception("gathering.broken", batch=len(batch))
            return [error] * len(batch)

    def _settled(self, asked: list[Any], tries: int = 2) -> list[Any]:
        try:
            answers = self._settle(asked)
            assert len(answers) == len(asked)
            return answers
        except (IntegrityError, DataError) as error:
            _begin_anew()
            if len(asked) == 1:
                return [error]
            return [self._settled([one])[0] for one in asked]
        except (OperationalError, TimeoutError):
            # The database is away, or somebody else's. Nothing was stored, and each can be repeated without harm.
            _begin_anew()
            log.warning("gathering.late", batch=len(asked), exc_info=True)
            return self._settled(asked, tries - 1) if tries > 1 else [Busy()] * len(asked)


def _begin_anew() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()  # A connection that is broken can't even be rolled back.
