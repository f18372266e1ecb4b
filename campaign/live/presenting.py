"""Presenting: what the slices know and the engine doesn't, namely how a board reads to an audience, and who may read it."""

from collections import OrderedDict
from typing import Any, Protocol

from flask import Flask

from campaign.live import announcing, presence
from campaign.live.board import Audience, Ticket
from campaign.live.news import News

COUNTED = 64  # Boards whose figures are kept for the next who is told the same.


class Presenter(Protocol):
    """What a slice tells of its boards."""

    def figures(self, board: str) -> Any:
        """The board in figures, the same for every audience."""

    def present(self, board: str, news: News, audience: Audience, figures: Any) -> dict[str, Any]:
        """The fields of a `board.changed` for this news; where there is none, there are no figures either."""

    def heard(self, board: str, news: News, audience: Audience) -> News:
        """What of this news is for this audience. Where nothing is, it is sent nothing."""

    def snapshot(self, board: str, audience: Audience, figures: Any) -> dict[str, Any]:
        """The whole board, for who can't be brought up to date by changes."""

    def name(self, board: str) -> dict[str, Any]:
        """The fields by which whoever watches knows which board a message is about."""

    def roles(self, asked: dict[str, set[Ticket]]) -> dict[str, dict[Ticket, str]]:
        """Of these tickets to each board, those that still let somebody in, and as which role."""

    def reason(self, board: str, ticket: Ticket, before: Audience, role: str) -> dict[str, Any]:
        """The fields that tell whoever watched with this ticket why their role is another now. None: that needs no words."""


class Presentation:
    """The presenter in the application that it needs, with what the engine itself knows. Everything is as stored now."""

    app: Flask
    presenter: Presenter

    def __init__(self) -> None:
        self._figures: OrderedDict[str, tuple[int, Any]] = OrderedDict()  # By board: as of which number, and which.
        self._numbers: OrderedDict[str, tuple[int, int]] = (
            OrderedDict()
        )  # By board: a number, and what clients are told for it.

    def say(self, name: str, seq: int, news: News, audience: Audience) -> dict[str, Any]:
        """A `board.changed` that tells this news, up to number `seq`, as far as it is for this audience."""
        with self.app.app_context():
            return self._say(name, seq, self.presenter.heard(name, news, audience) if news else news, audience)

    def say_if_heard(self, name: str, seq: int, news: News, audience: Audience) -> dict[str, Any] | None:
        """The same; None where nothing of this news is for this audience."""
        with self.app.app_context():
            heard = self.presenter.heard(name, news, audience)
            return self._say(name, seq, heard, audience) if heard else None

    def _say(self, name: str, seq: int, news: News, audience: Audience) -> dict[str, Any]:
        message = self.presenter.present(name, news, audience, self._count(name, seq) if news else None)
        message["seq"] = self._told(name, seq)
        message.setdefault("counts", {})["people"] = presence.people(name)
        return message

    def snapshot(self, name: str, audience: Audience, people: int) -> tuple[int, dict[str, Any]]:
        """The whole board with so many people, and the number of the last change that it knows for sure."""
        with self.app.app_context():
            seq = announcing.board_seq(name)  # Read before the snapshot: the snapshot may know more, never less.
            snapshot = self.presenter.snapshot(name, audience, self._count(name, seq))
        snapshot.setdefault("counts", {})["people"] = people
        return seq, snapshot

    def name(self, name: str) -> dict[str, Any]:
        """The fields of a message that says no more than which board it is about."""
        with self.app.app_context():
            return self.presenter.name(name)

    def roles(self, asked: dict[str, set[Ticket]]) -> dict[str, dict[Ticket, str]]:
        """Of these tickets to each board, those that still let somebody in, and as which role."""
        with self.app.app_context():
            return self.presenter.roles(asked)

    def reason(self, name: str, ticket: Ticket, before: Audience, role: str) -> dict[str, Any]:
        """The fields that tell whoever watched with this ticket why their role is another now."""
        with self.app.app_context():
            return self.presenter.reason(name, ticket, before, role)

    def told(self, name: str, seq: int) -> int:
        """The number by which clients are told of this one."""
        with self.app.app_context():
            return self._told(name, seq)

    def meant(self, name: str, told: int) -> int | None:
        """From which number on somebody knows nothing who was told this one; None where that is no longer known."""
        with self.app.app_context():
            return announcing.first_told_as(name, told)

    def changes_since(self, name: str, seq: int) -> list[tuple[int, News]] | None:
        """The stored changes after number `seq`, or None where they are no longer all kept."""
        with self.app.app_context():
            return announcing.changes_since(name, seq)

    def numbers(self, names: list[str]) -> dict[str, int]:
        """The last stored number of each of these boards. One query."""
        with self.app.app_context():
            return announcing.board_numbers(names)

    def _told(self, name: str, seq: int) -> int:
        known = self._numbers.get(name)
        if known is None or known[0] != seq:
            known = self._numbers[name] = seq, announcing.told_as(name, seq)
            self._numbers.move_to_end(name)
            if len(self._numbers) > COUNTED:
                self._numbers.popitem(last=False)
        return known[1]

    def _count(self, name: str, seq: int) -> Any:
        # Whatever moves them takes the next number. So they are counted once for all who are told of the same one, and may
        # know more than it, never less.
        known = self._figures.get(name)
        if known is None or known[0] != seq:
            known = seq, self.presenter.figures(name)
            self._figures[name] = known
            self._figures.move_to_end(name)
            if len(self._figures) > COUNTED:
                self._figures.popitem(last=False)
        return known[1]
