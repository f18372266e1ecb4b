"""Boards: each process collects the changes of the boards that someone watches here, and sends one message per tick."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import structlog
from flask import Flask

from campaign.extensions import db, socketio
from campaign.live import bus, presence
from campaign.live.announcing import board_seq, changes_since
from campaign.live.news import News, merge

log = structlog.get_logger()


class Audience(NamedTuple):
    """Whose eyes a message is for. All in one audience get the same bytes."""

    role: str  # "public", or "team" for the brand's own people
    language: str


GUARD_EVERY = 1.0  # Seconds; who lost their access watches no longer than this.

Ticket = Hashable  # By what somebody was let in, as the slice understands it; None for nobody.


class Watcher(NamedTuple):
    who: str
    ticket: Ticket


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


@dataclass
class Board:
    """One board while somebody watches it through this process."""

    name: str
    seq: int
    watchers: dict[Audience, dict[str, Watcher]] = field(default_factory=lambda: defaultdict(dict))  # By sid.
    windows: Counter[str] = field(default_factory=Counter)  # who: how many connections
    waiting: News = field(default_factory=dict)
    changed: bool = False
    ticking: bool = False
    doubtful: bool = False  # The campaign itself changed: who may watch is asked before anything more is sent.
    heard: int = 0  # The last number that the bus told of; beyond `seq` while a gap is being filled.
    filling: bool = False

    def room(self, audience: Audience) -> str:
        return f"{self.name}:{audience.role}:{audience.language}"

    def join(self, audience: Audience, sid: str, who: str, ticket: Ticket = None) -> None:
        self.watchers[audience][sid] = Watcher(who, ticket)
        self.windows[who] += 1

    def part(self, audience: Audience, sid: str) -> bool:
        """Whether this connection was watching until now."""
        sids = self.watchers.get(audience, {})
        if sid not in sids:
            return False
        who = sids.pop(sid).who
        if not sids:
            del self.watchers[audience]
        self.windows[who] -= 1
        if not self.windows[who]:
            del self.windows[who]
        return True

    @property
    def people(self) -> int:
        """People, not connections: two tabs of one person count once."""
        return len(self.windows)


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

    def watch(
        self, name: str, sid: str, who: str, audience: Audience, since: int | None, ticket: Ticket = None
    ) -> dict[str, Any]:
        """Add a watcher, and give what brings them up to date: the changes since a number, or a snapshot.

        They join first and read afterwards, so that nothing can fall between the two; hearing it twice is harmless.
        """
        self.leave(sid, name)
        if name not in self._open:
            seq = board_seq(name)  # Asking may let another greenlet in, which may have opened the board meanwhile.
            self._open.setdefault(name, Board(name, seq))
        board = self._open[name]
        if not socketio.server.manager.is_connected(sid, "/"):
            # Gone while we read: it has left already, and would be counted for ever. Nobody reads this answer.
            self._close_if_empty(board)
            return {}
        socketio.server.enter_room(sid, board.room(audience), namespace="/")
        board.join(audience, sid, who, ticket)
        self._count(board)
        if not self._guarding:
            self._guarding = True
            socketio.start_background_task(self._guard)
        return self._catch_up(name, audience, since)

    def leave(self, sid: str, name: str | None = None) -> None:
        """Remove a watcher from one board or from all. A board that nobody watches costs nothing."""
        for board in [self._open[name]] if name in self._open else [] if name else list(self._open.values()):
            for audience in list(board.watchers):
                if board.part(audience, sid):
                    socketio.server.leave_room(sid, board.room(audience), namespace="/")
                    self._count(board)
            self._close_if_empty(board)

    def watchers(self, name: str) -> list[tuple[str, Audience]]:
        """Who watches a board through this process: connection and audience."""
        board = self._open.get(name)
        return [(sid, audience) for audience, sids in board.watchers.items() for sid in sids] if board else []

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
            told = {name: self._presenter.name(name) for name in {name for name, _sid, _role in misplaced}}
            db.session.rollback()
        for name, sid, role in misplaced:
            self.leave(sid, name)
            event = "board.closed" if role is None else "board.stale"
            socketio.server.emit(event, told[name], to=sid, namespace="/")

    def _misplaced(
        self, board: Board, asked: dict[str, set[Ticket]], roles: dict[str, dict[Ticket, str]]
    ) -> list[tuple[str, str | None]]:
        # Who came while we asked is asked about the next time.
        return [
            (sid, roles[board.name].get(seat.ticket))
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
            except Exception:
                log.exception("board.unguarded")
        self._guarding = False

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

    def _wake(self, board: Board) -> None:
        board.changed = True
        if not board.ticking:
            board.ticking = True
            socketio.start_background_task(self._run, board)

    def _run(self, board: Board) -> None:
        # The first change leaves at once; what comes meanwhile leaves together, a tick later.
        while board.changed and board.watchers:
            if board.doubtful:
                board.doubtful = False
                self._check_one(board)
            self._send(board)
            socketio.sleep(self._tick)
        board.ticking = False

    def _check_one(self, board: Board) -> None:
        try:
            self.check([board.name])
        except Exception:
            log.exception("board.unguarded", board=board.name)

    def _send(self, board: Board) -> None:
        news, seq = board.waiting, board.seq
        board.waiting, board.changed = {}, False
        for audience in list(board.watchers):
            try:
                message = self._say(board.name, seq, news, audience)
            except Exception:
                # One audience that can't be told must not silence the others; its people see the truth on reload.
                log.exception("board.unsaid", board=board.name, seq=seq)
                continue
            socketio.server.emit("board.changed", message, to=board.room(audience), namespace="/")

    def _say(self, name: str, seq: int, news: News, audience: Audience) -> dict[str, Any]:
        assert self._app is not None
        assert self._presenter is not None
        with self._app.app_context():
            message = self._presenter.present(name, news, audience)
        message["seq"] = seq
        message.setdefault("counts", {})["people"] = presence.people(name)
        return message

    def _catch_up(self, name: str, audience: Audience, since: int | None) -> dict[str, Any]:
        assert self._presenter is not None
        changes = None if since is None else changes_since(name, since)
        if since is None or changes is None:
            seq = board_seq(name)  # Read before the snapshot: the snapshot may know more, never less.
            snapshot = self._presenter.snapshot(name, audience)
            snapshot.setdefault("counts", {})["people"] = presence.people(name)
            return {"seq": seq, "snapshot": snapshot}
        missed: News = {}
        for _seq, news in changes:
            missed = merge(missed, news)
        seq = changes[-1][0] if changes else since
        return {"seq": seq, "changes": [self._say(name, seq, missed, audience)]}

    def _take(self, board: Board, seq: int, news: News) -> None:
        board.waiting = merge(board.waiting, news)
        board.seq = seq
        board.doubtful = board.doubtful or any(kind.startswith("campaign.") for kind in news.get("kinds", []))
        self._wake(board)

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
        assert self._app is not None
        assert self._presenter is not None
        with self._app.app_context():
            name = self._presenter.name(board.name)
        board.seq, board.waiting = board.heard, {}
        for audience in list(board.watchers):
            socketio.server.emit("board.stale", name, to=board.room(audience), namespace="/")

    def _close_if_empty(self, board: Board) -> None:
        if not board.watchers and self._open.get(board.name) is board:
            del self._open[board.name]

    def _count(self, board: Board) -> None:
        presence.here(board.name, board.people)


boards = Boards()
