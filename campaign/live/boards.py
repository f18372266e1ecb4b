"""Boards: each process collects the changes of the boards that someone watches here, and sends one message per tick."""

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple, Protocol

import structlog
from flask import Flask

from campaign.extensions import db, socketio
from campaign.live import bus, presence
from campaign.live.announcing import board_seq, changes_since
from campaign.live.board import PREPARED, Audience, Board, Ticket, Watcher
from campaign.live.broadcasting import Message, broadcast, compact
from campaign.live.engine import connection_of
from campaign.live.news import News, merge

log = structlog.get_logger()

GUARD_EVERY = 1.0  # Seconds; who lost their access watches no longer than this.
DIFFERENT = 16  # Messages made for those who come back to one board in the same moment.
TOO_SLOW = 30.0  # Seconds after which a client that takes nothing is let go.


class Presenter(Protocol):
    """What a slice knows and the engine doesn't: how a board reads to an audience."""

    def present(self, board: str, news: News, audience: Audience) -> dict[str, Any]:
        """The fields of a `board.changed` for this news."""

    def snapshot(self, board: str, audience: Audience) -> dict[str, Any]:
        """The whole board, for who can't be brought up to date by changes."""

    def name(self, board: str) -> dict[str, Any]:
        """The fields by which whoever watches knows which board a message is about."""

    def roles(self, asked: dict[str, set[Ticket]]) -> dict[str, dict[Ticket, str]]:
        """Of these tickets to each board, those that still let somebody in, and as which role."""


class Arrival(NamedTuple):
    """Somebody who was let in to a board, and the last number that they know."""

    board: str
    sid: str
    who: str
    audience: Audience
    ticket: Ticket
    since: int | None


class Boards:
    """All boards that this process streams."""

    def __init__(self) -> None:
        self._open: dict[str, Board] = {}
        self._presenter: Presenter | None = None
        self._app: Flask | None = None
        self._tick = 0.1
        self._guarding = False
        bus.on_change(self.hear)
        presence.on_change(self.nudge)

    def register(self, app: Flask, tick: float) -> None:
        self._app, self._tick = app, tick

    def present_with(self, presenter: Presenter) -> None:
        self._presenter = presenter

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
            (arrival.board, arrival.audience, since) for arrival, since in zip(arrivals, _few(arrivals), strict=True)
        ]
        for key in keys:
            if key not in texts:
                texts[key] = self._catch_up(*key)
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
            latest = board_seq(name)
        finally:
            board.filling = False
        if fresh:
            board.seq = board.sent = max(board.seq, latest)
        board.heard = max(board.heard, latest)
        if board.heard > board.seq:
            self._fill(board)

    def _let_in(self, arrival: Arrival) -> None:
        board = self._open[arrival.board]
        connection = connection_of(socketio, arrival.sid)
        if connection is None or not socketio.server.manager.is_connected(arrival.sid, "/"):
            return  # Gone while we read: it has left already, and would be counted for ever. Nobody reads this answer.
        connection.drained = partial(socketio.start_background_task, self._bring_up, arrival.sid)
        board.join(arrival.audience, arrival.sid, Watcher(arrival.who, arrival.ticket, connection))

    def leave(self, sid: str, name: str | None = None) -> None:
        """Remove a watcher from one board or from all. A board that nobody watches costs nothing."""
        for board in [self._open[name]] if name in self._open else [] if name else list(self._open.values()):
            if board.part(sid):
                self._count(board)
            self._close_if_empty(board)

    def check(self, names: Iterable[str]) -> None:
        """Show out who may no longer watch these boards. Whose role changed is asked to watch afresh, as what they are."""
        assert self._app is not None
        assert self._presenter is not None
        boards = [self._open[name] for name in names if name in self._open]
        asked = {
            board.name: {seat.ticket for sids in board.watchers.values() for seat in sids.values()} for board in boards
        }
        with self._app.app_context():
            roles = self._presenter.roles(asked)
            misplaced = [(board.name, *seat) for board in boards for seat in self._misplaced(board, asked, roles)]
            told = {name: self._presenter.name(name) for name in {name for name, _sid, _watcher, _role in misplaced}}
            db.session.rollback()
        for name, sid, watcher, role in misplaced:
            self.leave(sid, name)
            message = Message("board.closed" if role is None else "board.stale", told[name])
            watcher.connection.say(message.text)

    def _misplaced(
        self, board: Board, asked: dict[str, set[Ticket]], roles: dict[str, dict[Ticket, str]]
    ) -> list[tuple[str, Watcher, str | None]]:
        # Who came while we asked is asked about the next time.
        return [
            (sid, seat, roles[board.name].get(seat.ticket))
            for audience, sids in board.watchers.items()
            for sid, seat in sids.items()
            if seat.ticket in asked[board.name] and roles[board.name].get(seat.ticket) != audience.role
        ]

    def _guard(self) -> None:
        # One for all boards, while there is any.
        while self._open:
            socketio.sleep(GUARD_EVERY)
            try:
                self.check(list(self._open))
                self._mind_the_slow()
            except Exception:
                log.exception("board.unguarded")
        self._guarding = False

    def _mind_the_slow(self) -> None:
        # A socket says by itself when it takes more; a client that polls doesn't, and one that is lost never will.
        late = time.monotonic() - TOO_SLOW
        behind = [
            (sid, watcher)
            for board in self._open.values()
            for sids in board.watchers.values()
            for sid, watcher in sids.items()
            if watcher.behind is not None
        ]
        for sid, watcher in behind:
            if watcher.connection.clear:
                socketio.start_background_task(self._bring_up, sid)
            elif watcher.behind is not None and watcher.behind < late:
                watcher.connection.dismiss("too slow")

    def _bring_up(self, sid: str) -> None:
        """Tell a client that was behind, in one message, all that it missed, as it is now."""
        for board in list(self._open.values()):
            found = board.watcher(sid)
            if found is not None:
                self._tell_missed(board, *found)

    def _tell_missed(self, board: Board, audience: Audience, watcher: Watcher) -> None:
        # Making the message lets other greenlets in, who may tell everybody else of the next change meanwhile. So nobody is
        # up to date before what they got is as new as what the others got.
        while watcher.behind is not None and not watcher.left and watcher.connection.clear:
            seq = board.seq
            message = self._missed_message(board, audience, watcher.seen)
            if watcher.left or not watcher.connection.offer(message.text, message.frame):
                return
            watcher.seen = seq
            if board.sent <= seq:
                watcher.behind = None

    def _missed_message(self, board: Board, audience: Audience, since: int) -> Message:
        key = audience, since, board.seq
        if key not in board.prepared:
            missed = board.missed(since)
            if missed is None:  # The client asks for a snapshot itself.
                message = Message("board.stale", self._name(board.name))
            else:
                message = Message("board.changed", self._say(board.name, key[2], missed, audience))
            board.prepared[key] = message
            if len(board.prepared) > PREPARED:
                board.prepared.popitem(last=False)
        return board.prepared[key]

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
            self._fill(board)

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
                if board.doubtful:
                    board.doubtful = False
                    self._check_one(board)
                self._send(board)
            except Exception:
                log.exception("board.unsent", board=board.name)  # The next change is told all the same.
            socketio.sleep(self._tick)
        board.ticking = False

    def _check_one(self, board: Board) -> None:
        try:
            self.check([board.name])
        except Exception:
            log.exception("board.unguarded", board=board.name)

    def _send(self, board: Board) -> None:
        news, seq = board.waiting, board.seq
        board.waiting, board.changed, board.sent = {}, False, board.seq
        for audience in list(board.watchers):
            try:
                message = Message("board.changed", self._say(board.name, seq, news, audience))
            except Exception:
                # One audience that can't be told must not silence the others; its people see the truth on reload.
                log.exception("board.unsaid", board=board.name, seq=seq)
                continue
            broadcast(list(board.watchers.get(audience, {}).values()), message, seq)

    def _say(self, name: str, seq: int, news: News, audience: Audience) -> dict[str, Any]:
        assert self._app is not None
        assert self._presenter is not None
        with self._app.app_context():
            message = self._presenter.present(name, news, audience)
        message["seq"] = seq
        message.setdefault("counts", {})["people"] = presence.people(name)
        return message

    def _name(self, name: str) -> dict[str, Any]:
        assert self._app is not None
        assert self._presenter is not None
        with self._app.app_context():
            return self._presenter.name(name)

    # Who comes, or comes back, is brought up to date.

    def _catch_up(self, name: str, audience: Audience, since: int | None) -> str | Exception:
        try:
            known = None if since is None else self._missed(name, since)
            if known is None:
                return self._snapshot(name, audience)
            seq, missed = known
            return compact({"ok": True, "seq": seq, "changes": [self._say(name, seq, missed, audience)]})
        except Exception as error:
            # One board that can't be shown must not keep everybody from every other.
            db.session.rollback()
            log.exception("board.unshown", board=name)
            return error

    def _missed(self, name: str, since: int) -> tuple[int, News] | None:
        board = self._open.get(name)
        if board is not None and not board.filling and (missed := board.missed(since)) is not None:
            return board.seq, missed
        changes = changes_since(name, since)
        if changes is None:
            return None
        return (changes[-1][0] if changes else since), merge(*(news for _seq, news in changes))

    def _snapshot(self, name: str, audience: Audience) -> str:
        assert self._presenter is not None
        board, people = self._open.get(name), presence.people(name)
        if board is not None and audience in board.snapshots:
            seq, counted, text = board.snapshots[audience]
            if seq >= board.seq and counted == people:
                return text  # Nothing happened since it was made.
        seq = board_seq(name)  # Read before the snapshot: the snapshot may know more, never less.
        snapshot = self._presenter.snapshot(name, audience)
        snapshot.setdefault("counts", {})["people"] = people
        text = compact({"ok": True, "seq": seq, "snapshot": snapshot})
        if board is not None:
            board.snapshots[audience] = seq, people, text
        return text

    def _fill(self, board: Board) -> None:
        # Reading lets other greenlets in: they may take the next number meanwhile, and leave larger gaps to this one.
        board.filling = True
        try:
            while board.seq < board.heard:
                before = board.seq
                for number, news in self._stored(board) or []:
                    if number == board.seq + 1:
                        self._take(board, number, news)
                if board.seq == before:
                    self._start_afresh(board)
        finally:
            board.filling = False

    def _stored(self, board: Board) -> list[tuple[int, News]] | None:
        assert self._app is not None
        with self._app.app_context():
            stored = changes_since(board.name, board.seq)
            db.session.rollback()
        return stored

    def _start_afresh(self, board: Board) -> None:
        # More is missing than is kept: only a snapshot helps, and everybody asks for their own.
        board.seq, board.sent, board.waiting = board.heard, board.heard, {}
        board.recent.clear()
        message = Message("board.stale", self._name(board.name))
        for sids in list(board.watchers.values()):
            broadcast(list(sids.values()), message, board.seq)

    def _close_if_empty(self, board: Board) -> None:
        if not board.watchers and not board.filling and self._open.get(board.name) is board:
            del self._open[board.name]

    def _count(self, board: Board) -> None:
        presence.here(board.name, board.people)


def _few(arrivals: list[Arrival]) -> list[int | None]:
    """From which number each is told: their own, or where very many differ, a smaller one. Hearing more does no harm."""
    asked: dict[tuple[str, Audience], set[int]] = defaultdict(set)
    for arrival in arrivals:
        if arrival.since is not None:
            asked[arrival.board, arrival.audience].add(arrival.since)
    starts = {key: sorted(numbers)[:: -(-len(numbers) // DIFFERENT)] for key, numbers in asked.items()}
    return [
        None
        if arrival.since is None
        else starts[arrival.board, arrival.audience][
            bisect_right(starts[arrival.board, arrival.audience], arrival.since) - 1
        ]
        for arrival in arrivals
    ]


boards = Boards()
