"""A board's whole pages, kept for visitors who are nobody: made once for all who come within the same second.

Such a page says nothing about who reads it. What is another for each answer has a mark in its place and is put in when the page leaves:
the nonce of its scripts, the token of its forms, the number of its vote, the ticket that reports what was seen.

Whether everybody may see the board is asked for each answer, before any page is looked for. A page is good for as long as its board has
changed in nothing but votes, this process has committed nothing else, and no stage has turned; and never for longer than a second, because other
processes change what has no number, and moments pass: so a total is at most a second old, and the board that reads it catches up.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app, g, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from campaign import settings
from campaign.board.lots import keep_lot, lot_of_visitor
from campaign.campaigns.access import glance
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.commits import committed
from campaign.exposure.tickets import give_ticket
from campaign.headers import csp_nonce
from campaign.ideas.models import Idea
from campaign.languages import language

LASTS = timedelta(seconds=1)
# What a session holds of anybody who has read a page, Flask-Login's note that nobody has just signed in included. With more in it,
# something is still to be said to them, or was between us.
PLAIN = {"csrf_token", "lot", "_fresh"}
ROOM = 32 * 1024 * 1024  # Bytes of all pages together; those that nobody asks for go first.

_secret = secrets.token_hex(12)  # Nobody can write into an idea what would be taken for a mark.
NONCE, TOKEN, VOTE, TICKET, SEEN = (f"{_secret}{name}" for name in ("nonce", "token", "vote", "ticket", "seen"))
_MARKS = re.compile(f"({NONCE}|{TOKEN}|{VOTE}|{SEEN})")


class BoardPage(NamedTuple):
    """A page as it was made, and what it depends on."""

    html: str
    campaign: Campaign
    ideas: list[Idea]
    is_shuffled: bool  # In an order of the visitor's own.


class State(NamedTuple):
    """What must be as it was for a kept page to be shown."""

    beyond_votes: int
    commits: int


@dataclass(frozen=True)
class KeptPage:
    """A page with marks in it."""

    parts: list[bytes]  # Every second one is a mark.
    is_shuffled: bool
    size: int
    seen: str  # What stands for SEEN where the page has a ticket.
    campaign_id: int
    ideas: list[int]  # Those that may be reported as seen; none where nothing is counted.
    state: State
    made_at: datetime
    until: datetime

    def is_good(self, state: State) -> bool:
        return self.state == state and self.made_at <= now() < self.until

    def filled(self) -> bytes:
        """The page for one answer."""
        if self.is_shuffled:
            keep_lot()
        ticket = give_ticket(self.campaign_id, self.ideas) if self.ideas else None
        own = {
            NONCE: csp_nonce(),
            TOKEN: generate_csrf(),
            VOTE: str(10**15 + secrets.randbelow(9 * 10**15)),
            SEEN: self.seen.replace(TICKET, ticket) if ticket else "",
        }
        put = {mark.encode(): said.encode() for mark, said in own.items()}
        parts = self.parts.copy()
        parts[1::2] = [put[mark] for mark in parts[1::2]]
        return b"".join(parts)


class KeptPages:
    """Those of one application."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._size = 0
        self._making: dict[Hashable, threading.Lock] = {}

    def find(self, key: Hashable, state: State) -> KeptPage | None:
        page = self._pages.get(key)
        if page is None or not page.is_good(state):
            return None
        self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, page: KeptPage) -> None:
        self._forget(key)
        self._pages[key] = page
        self._size += page.size
        while self._size > ROOM:
            self._forget(next(iter(self._pages)))

    def making(self, key: Hashable) -> threading.Lock:
        """Who holds this makes the page; who waits for it finds it made."""
        if len(self._making) > 1000:
            self._making.clear()
        return self._making.setdefault(key, threading.Lock())

    def _forget(self, key: Hashable) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size


def page_for_visitor(slug: str, make: Callable[[], BoardPage]) -> str | bytes:
    """The board's page as `make` makes it. Visitors who are nobody may get one that was made for others like them."""
    if session.keys() - PLAIN or current_user.is_authenticated or "from" in request.args:
        return make().html
    if settings.current().development:
        return make().html  # Whoever writes a template wants to see it.
    if (seen := glance(slug)) is None:
        return make().html  # Which says why there is none.
    campaign_id, beyond_votes = seen
    pages: KeptPages = current_app.extensions.setdefault("board_pages", KeptPages())
    theme = request.cookies.get("theme")
    looks = campaign_id, request.full_path, language(), theme if theme in ("light", "dark") else None
    shared, own = (*looks, None), (*looks, lot_of_visitor())

    def find() -> KeptPage | None:
        state = State(beyond_votes, committed())
        return pages.find(shared, state) or pages.find(own, state)

    page = find()
    if page is None:
        with pages.making(own):
            if (page := find()) is None:
                page = _made(make, State(beyond_votes, committed()))
                pages.put(own if page.is_shuffled else shared, page)
    return page.filled()


def _made(make: Callable[[], BoardPage], state: State) -> KeptPage:
    begun = now()
    g.csp_nonce, g.csrf_token, g.vote_id, g.ticket = NONCE, TOKEN, VOTE, TICKET
    try:
        made = make()
        seen = render_template("exposure/_seen.html", ticket=TICKET, ideas=made.ideas)
    finally:
        # Whatever else is said now, such as why there is no page, is said to this visitor alone.
        for name in ("csp_nonce", "csrf_token", "vote_id", "ticket"):
            g.pop(name, None)
    parts = [part.encode() for part in _MARKS.split(made.html.replace(seen, SEEN))]
    counts = bool(made.ideas) and made.campaign.accepts_votes
    moment = now()
    turns = (turn for turn in made.campaign.turns if turn > begun)
    return KeptPage(
        parts=parts,
        is_shuffled=made.is_shuffled,
        size=sum(map(len, parts)),
        seen=seen,
        campaign_id=made.campaign.id,
        ideas=[idea.id for idea in made.ideas] if counts else [],
        state=state,
        made_at=moment,
        until=min([moment + LASTS, *turns]),
    )
