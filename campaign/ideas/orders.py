"""The orders of a board's list, and where in each of them a page begins."""

import base64
import json
from typing import Any, NamedTuple, Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_

from campaign.campaigns.models import Campaign
from campaign.database import packed
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.dealing import MOST_HANDS, Deal, hands_for, in_lots
from campaign.ideas.models import Idea

ORDERS = ("shuffled", "new", "trending", "supported", "discussed")
BY_VOTES = frozenset({"trending", "supported"})  # What these orders say is how many votes there are.
_COLUMNS = {"new": Idea.id, "trending": Idea.heat, "supported": Idea.votes, "discussed": Idea.comments}


class NoSuchPage(Refused):
    code, message, status = (
        "no_such_page",
        _l("That page of the list doesn’t exist. Start again from the first."),
        404,
    )


class Near(NamedTuple):
    """The next ideas of a board in one of the orders."""

    ids: Select[Any]
    given: dict[str, str]  # To that selection.
    are_all: bool  # None comes after them.


class Line(Protocol):
    """Ideas in one of the orders, from where a page begins."""

    def read(self) -> Select[Any]:
        """The ids in their order, with what the cursor says of them."""

    def near(self, campaign: Campaign, ideas: int) -> Near:
        """The next ideas of the board, about so many, found along an index."""

    def cursor(self, row: Any) -> str:
        """Where the page begins that comes after this idea."""


def line_of(order: str, seed: int, cursor: str | None, ideas: int) -> Line:
    """The order of this name, from where the cursor says, on a board of so many ideas. Raises NoSuchPage for one that we didn't give."""
    place = _read_cursor(cursor, order) if cursor else []
    if order == "shuffled":
        return _Shuffled(seed, place, ideas)
    return _Along(order, place)


class _Along:
    """By a column that has an index, the greatest first."""

    def __init__(self, order: str, place: list[Any]) -> None:
        self._order, self._key = order, _COLUMNS[order]
        self._beyond: list[ColumnElement[bool]] = []
        if place:
            key, idea = _checked(place)
            self._beyond = [or_(self._key < key, and_(self._key == key, Idea.id < idea))]

    def read(self) -> Select[Any]:
        return self._ordered(db.select(Idea.id, self._key.label("key")))

    def near(self, campaign: Campaign, ideas: int) -> Near:
        ids = db.select(Idea.id).where(Idea.campaign_id == campaign.id)
        return Near(self._ordered(ids).limit(ideas), {}, are_all=False)

    def _ordered(self, ids: Select[Any]) -> Select[Any]:
        return ids.where(*self._beyond).order_by(self._key.desc(), Idea.id.desc())

    def cursor(self, row: Any) -> str:
        return _write_cursor([self._order, row.key, row.id])


class _Shuffled:
    """In the visitor's own order: see dealing.py. Who reads on does so in as many hands as there were when they began."""

    def __init__(self, seed: int, place: list[Any], ideas: int) -> None:
        self._first, hands, self._beyond = 0, hands_for(ideas), []
        if len(place) > 2:
            *place, self._first, hands = place
            if type(hands) is not int or type(self._first) is not int or not 0 <= self._first < hands <= MOST_HANDS:
                raise NoSuchPage
            if hands & (hands - 1):
                raise NoSuchPage
        self._deal = deal = Deal(seed, hands)
        if place:
            key, idea = _checked(place)
            later = or_(deal.key > key, and_(deal.key == key, Idea.id < idea))
            self._beyond = [or_(deal.hand > self._first, and_(deal.hand == self._first, later))]

    def read(self) -> Select[Any]:
        hand, key = self._deal.hand, self._deal.key
        ids = db.select(Idea.id, key.label("key"), hand.label("hand")).where(*self._beyond)
        return ids.order_by(hand, key, Idea.id.desc())

    def near(self, campaign: Campaign, ideas: int) -> Near:
        dealt, are_all = self._deal.lots(self._first, ideas)
        rows = packed((campaign.id, lowest, highest) for lowest, highest in dealt)
        return Near(in_lots(), {"dealt_rows": rows}, are_all)

    def cursor(self, row: Any) -> str:
        return _write_cursor(["shuffled", row.key, row.id, row.hand, self._deal.hands])


def _write_cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: str) -> list[Any]:
    if len(cursor) > 200:
        raise NoSuchPage
    try:
        asked, *place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise NoSuchPage from None
    if asked != order or len(place) not in ((2, 4) if order == "shuffled" else (2,)):
        raise NoSuchPage
    return place


def _checked(place: list[Any]) -> tuple[float, int]:
    key, idea = place
    if type(idea) is not int or type(key) not in (int, float) or not (abs(key) < 2**63 and 0 < idea < 2**31):
        raise NoSuchPage
    return key, idea
