"""Boards: each process collects the changes of the boards that someone watches here, and sends one message per tick."""

import time
from collections.abc import Iterable
from functools import partial
from typing import Any

import structlog
from flask import Flask

from campaign.extensions import socketio
from campaign.live import bus, guarding, presence
from campaign.live.board import Arrival, Audience, Board, Watcher
from campaign.live.broadcasting import Message, broadcast
from campaign.live.catching_up import bring_up, catch_up, few, is_too_much
from campaign.live.engine import connection_of, is_connected
from campaign.live.news import News
from campaign.live.presenting import Presentation, Presenter

log = structlog.get_logger()


class Boards:
    """All boards that this process streams."""

    def __init__(self) -> None:
        self._open: dict[str, Board] = {}
        self._watched: dict[str, tuple[str, ...]] = {}  # By sid: on which boards somebody watches, mostly one.
        self._presentation = Presentation()
        self._tick = 0.1
        self._guarding = False
        bus.on_change(self.hear)
        presence.on_change(self.nudge)

    def register(self, app: Flask, tick: float) -> None:
        """Stream this application's boards, each at most once every `tick` seconds."""
        self._presentation.app, self._tick = app, tick

    def present_with(self, presenter: Presenter) -> None:
        """Have this slice say how boards read."""
        self._presentation.presenter = presenter

    # People come and go.

    def welcome(self, arrivals: list[Arrival]) -> list[str | Exception]:
        """Let these people watch, and give each, as JSON text, what brings them up to date.

        They join first and the board is read afterwards, so that nothing can fall between the two; hearing something twice
        is harmless. Who knows as much as another gets the same text, made once for all of them.
        """
        for name in {arrival.board for arrival in arrivals}:
            self._open_board(name)
            for arrival in arrivals:  # Before anybody else has a turn, who might find the board empty and close it.
                if arrival.board == name:
                    self._let_in(arrival)
        for name in {arrival.board for arrival in arrivals}:
            if board := self._open.get(name):
                self._count(board)
                self._close_if_empty(board)
        if self._open and not self._guarding:
            self._guarding = True
            socketio.start_background_task(self._guard)
        texts: dict[tuple[str, Audience, int | None], str | Exception] = {}
        keys = [
            (arrival.board, arrival.audience, since) for arrival, since in zip(arrivals, few(arrivals), strict=True)
        ]
        for key in keys:
            if key not in texts:
                texts[key] = catch_up(self._presentation, self._open.get(key[0]), *key)
                socketio.sleep(0)  # SQLite lets nobody else in, and making many takes a while.
        return [texts[key] for key in keys]

    def _open_board(self, name: str) -> None:
        # The board is there before its number is read: what is told meanwhile is heard, and filled in afterwards. That
        # number also shows, when somebody comes, what the bus has lost.
        board = self._open.get(name)
        if board is not None and board.filling:
            return
        fresh = board is None
        board = board or self._open.setdefault(name, Board(name, 0))
        board.filling = True
        try:
            latest = self._presentation.numbers([name]).get(name, 0)
            board.filling = False
            if fresh:
                board.seq = board.sent = max(board.seq, latest)
            board.heard = max(board.heard, latest)
            if board.heard > board.seq:
                self._fill(board)
        except BaseException:
            board.filling = False
            self._close_if_empty(board)  # Nobody is let in now, so nobody would ever leave it.
            raise

    def _let_in(self, arrival: Arrival) -> None:
        board = self._open[arrival.board]
        connection = connection_of(socketio, arrival.sid)
        if connection is None or not is_connected(socketio, arrival.sid):
            return  # Gone while we read: it has left already, and would be counted for ever. Nobody reads this answer.
        connection.drained = partial(self._drained, arrival.sid)
        board.join(arrival.audience, arrival.sid, Watcher(arrival.who, arrival.ticket, connection))
        watched = self._watched.get(arrival.sid, ())
        if board.name not in watched:
            self._watched[arrival.sid] = (*watched, board.name)

    def leave(self, sid: str, name: str | None = None) -> None:
        """Remove a watcher from one board or from all. A board that nobody watches costs nothing."""
        watched = self._watched.pop(sid, ())
        if name is not None and (kept := tuple(other for other in watched if other != name)):
            self._watched[sid] = kept
        for left in watched if name is None else (name,):
            if board := self._open.get(left):
                if board.part(sid):
                    self._count(board)
                self._close_if_empty(board)

    def check(self, names: Iterable[str]) -> None:
        """Show out who may no longer watch these boards. Whose role changed is asked to watch afresh, as what they are."""
        told: dict[str, dict[str, Any]] = {}
        looked_at = [self._open[name] for name in names if name in self._open]
        for seat, role in guarding.misplaced(self._presentation, looked_at):
            name = seat.board.name
            told[name] = told.get(name) or self._presentation.name(name)
            if role is None:
                message = Message("board.closed", told[name])
            else:
                why = self._presentation.reason(name, seat.watcher.ticket, seat.audience, role)
                message = Message("board.stale", {**told[name], **why})
            if seat.watcher.left:  # While we asked.
                continue
            self.leave(seat.sid, name)
            seat.watcher.connection.say(message.text)

    def _guard(self) -> None:
        # One for all boards, while there is any. What one round can't do, the next one does.
        rounds = (self._check_all, self._read_on, self._mind_the_slow)
        while self._open:
            socketio.sleep(guarding.EVERY)  # A round costs some queries, however many watch.
            for look in rounds:
                try:
                    look()
                except Exception:
                    log.exception("board.unguarded")
        self._guarding = False

    def _check_all(self) -> None:
        self.check(list(self._open))

    def _read_on(self) -> None:
        # What is stored and was never told here: the bus lost it, or whoever wrote it went away in between.
        for board, latest in guarding.outdated(self._presentation, list(self._open.values())):
            board.heard = max(board.heard, latest)
            if not board.filling:
                self._fill_gap(board)

    def _mind_the_slow(self) -> None:
        if ready := guarding.mind(self._open.values()):
            socketio.start_background_task(bring_up, self._presentation, ready)

    def _drained(self, sid: str) -> None:
        # In the loop: nothing here may wait. Most who have just been written to were never behind.
        if self._behind(sid):
            socketio.start_background_task(self._bring_up, sid)

    def _bring_up(self, sid: str) -> None:
        bring_up(self._presentation, self._behind(sid))

    def _behind(self, sid: str) -> list[guarding.Seat]:
        watched = [self._open[name] for name in self._watched.get(sid, ()) if name in self._open]
        places = [(board, place) for board in watched if (place := board.watcher(sid)) is not None]
        return [
            guarding.Seat(board, audience, sid, watcher)
            for board, (audience, watcher) in places
            if watcher.behind is not None
        ]

    # News comes in and goes out.

    def hear(self, name: str, seq: int, news: News) -> None:
        """Take a change from the bus, each number once and in order. A gap is filled from the database."""
        board = self._open.get(name)
        if board is None or seq <= board.seq:
            return
        board.heard = max(board.heard, seq)
        if seq == board.seq + 1:
            self._take(board, seq, news)
        elif not board.filling:
            self._fill_gap(board)

    def nudge(self, name: str) -> None:
        """Something outside the numbers changed, such as how many people are here."""
        if board := self._open.get(name):
            self._wake(board)

    def _take(self, board: Board, seq: int, news: News) -> None:
        board.take(seq, news)
        self._wake(board)

    def _wake(self, board: Board) -> None:
        board.changed = True
        if not board.ticking:
            board.ticking = True
            socketio.start_background_task(self._run, board)

    def _run(self, board: Board) -> None:
        # The first change leaves at once; what comes meanwhile leaves together, a tick later.
        while board.changed and board.watchers:
            try:
                while board.doubtful:  # It may change again while it is asked.
                    self._check_first(board)
                self._send(board)
            except Exception:
                log.exception("board.unsent", board=board.name)  # Nothing is lost: it waits for the next round.
                socketio.sleep(guarding.EVERY)  # What is broken is not asked ten times a second.
            socketio.sleep(self._tick)
        board.ticking = False

    def _check_first(self, board: Board) -> None:
        board.doubtful = False
        try:
            self.check([board.name])
        except Exception:
            board.doubtful = True  # Until it is known who may hear it, nobody does.
            raise

    def _send(self, board: Board) -> None:
        news, seq = board.waiting, board.seq
        board.waiting, board.changed, board.sent = {}, False, board.seq
        people = presence.people(board.name)
        for audience in list(board.watchers):
            try:
                alone = board.told_people.setdefault(audience, people) == people
                if (message := self._message(board, seq, news, audience, alone)) is not None:
                    broadcast(board.watching(audience), message, seq)
                board.told_people[audience] = people
            except Exception:
                # One audience that can't be told must not silence the others. Its people are behind from now on, and the
                # guard tells them all that they missed.
                log.exception("board.unsaid", board=board.name, seq=seq)
                for watcher in board.watching(audience):
                    if watcher.seen < seq and watcher.behind is None:
                        watcher.behind = time.monotonic()

    def _message(self, board: Board, seq: int, news: News, audience: Audience, alone: bool) -> Message | None:
        if is_too_much(news):
            return Message("board.stale", self._presentation.name(board.name))
        if not (news and alone):  # The number of people is news as well, and everybody's.
            return Message("board.changed", self._presentation.say(board.name, seq, news, audience))
        # Nothing leaves at the moment of what its people may not know: that would tell them that it happened.
        said = self._presentation.say_if_heard(board.name, seq, news, audience)
        return None if said is None else Message("board.changed", said)

    def _fill_gap(self, board: Board) -> None:
        try:
            self._fill(board)
        finally:
            self._close_if_empty(board)  # Whoever left last found it busy.

    def _fill(self, board: Board) -> None:
        # Reading lets other greenlets in: they may take the next number meanwhile, and leave larger gaps to this one.
        board.filling = True
        try:
            while board.seq < board.heard:
                before = board.seq
                for number, news in self._presentation.changes_since(board.name, board.seq) or []:
                    if number == board.seq + 1:
                        self._take(board, number, news)
                if board.seq == before:
                    self._start_afresh(board)
        finally:
            board.filling = False

    def _start_afresh(self, board: Board) -> None:
        # More is missing than is kept: only a snapshot helps, and everybody asks for their own.
        board.seq, board.sent, board.waiting = board.heard, board.heard, {}
        board.recent.clear()
        message = Message("board.stale", self._presentation.name(board.name))
        for audience in list(board.watchers):
            broadcast(board.watching(audience), message, board.seq)

    def _close_if_empty(self, board: Board) -> None:
        if not board.watchers and not board.filling and self._open.get(board.name) is board:
            del self._open[board.name]

    def _count(self, board: Board) -> None:
        presence.here(board.name, board.people)


boards = Boards()
