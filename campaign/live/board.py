"""One board while somebody watches it through this process: who watches, what waits to be told, what was told lately."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from campaign.live.announcing import KEPT
from campaign.live.engine import Connection
from campaign.live.news import News, merge

PREPARED = 32  # Messages kept for others who missed the same.

Ticket = Hashable  # By what somebody was let in, as the slice understands it; None for nobody.


class Audience(NamedTuple):
    """Whose eyes a message is for. All in one audience get the same bytes."""

    # As the slice calls it, here only compared: "public", or "team" for the brand's own people, and what else parts one from
    # another: ", suspended", ", voted in stage 3".
    role: str
    language: str


@dataclass(eq=False, slots=True)
class Watcher:
    """One connection that watches."""

    who: str
    ticket: Ticket
    connection: Connection
    seen: int = 0  # The number of the last change that left for it.
    behind: float | None = None  # Since when it takes nothing more.
    left: bool = False  # Watches no more: nothing is sent, whoever still holds it.


class Arrival(NamedTuple):
    """Somebody who was let in to a board, and the last number that they know."""

    board: str
    sid: str
    who: str
    audience: Audience
    ticket: Ticket
    since: int | None


@dataclass(eq=False)
class Board:
    """One board while somebody watches it through this process."""

    name: str
    seq: int
    sent: int = 0  # The last number that left for everybody who is not behind.
    watchers: dict[Audience, dict[str, Watcher]] = field(default_factory=lambda: defaultdict(dict))  # By sid.
    windows: Counter[str] = field(default_factory=Counter)  # who: how many connections
    admitted: Counter[tuple[Ticket, str]] = field(default_factory=Counter)  # By which ticket as which role: how many.
    waiting: News = field(default_factory=dict)
    recent: "OrderedDict[int, News]" = field(default_factory=OrderedDict)
    snapshots: dict[Audience, tuple[int, int, str]] = field(default_factory=dict)  # Number and people, and the text.
    prepared: "OrderedDict[tuple[Audience, int, int], Any]" = field(default_factory=OrderedDict)  # From, to: a Message.
    told_people: dict[Audience, int] = field(default_factory=dict)  # How many are here, as each was told.
    changed: bool = False
    ticking: bool = False
    doubtful: bool = False  # The campaign itself changed: who may watch is asked before anything more is sent.
    heard: int = 0  # The last number that the bus told of; beyond `seq` while a gap is being filled.
    filling: bool = False

    def join(self, audience: Audience, sid: str, watcher: Watcher) -> None:
        """Let a connection watch; it is taken to know everything so far."""
        self.part(sid)
        watcher.seen = self.seq
        self.watchers[audience][sid] = watcher
        self.windows[watcher.who] += 1
        self.admitted[watcher.ticket, audience.role] += 1

    def part(self, sid: str) -> bool:
        """Whether this connection was watching until now."""
        for audience, watchers in self.watchers.items():
            if watcher := watchers.pop(sid, None):
                watcher.left = True
                if not watchers:
                    del self.watchers[audience]
                _one_less(self.windows, watcher.who)
                _one_less(self.admitted, (watcher.ticket, audience.role))
                return True
        return False

    def watcher(self, sid: str) -> tuple[Audience, Watcher] | None:
        """This connection's place, if it watches."""
        return next(((audience, sids[sid]) for audience, sids in self.watchers.items() if sid in sids), None)

    def watching(self, audience: Audience) -> list[Watcher]:
        """Who watches as this audience at this moment."""
        return list(self.watchers.get(audience, {}).values())

    @property
    def people(self) -> int:
        """People, not connections: two tabs of one person count once."""
        return len(self.windows)

    def take(self, seq: int, news: News) -> None:
        """Take the next change in, to be told with the next message."""
        self.seq = seq
        self.waiting = merge(self.waiting, news)
        self.recent[seq] = news
        if len(self.recent) > KEPT:
            self.recent.popitem(last=False)
        self.doubtful = self.doubtful or any(kind.startswith("campaign.") for kind in news.get("kinds", []))

    def missed(self, since: int) -> News | None:
        """Everything after number `since`, as one; None where that isn't all in memory any more."""
        if since > self.seq or (since < self.seq and since + 1 not in self.recent):
            return None
        return merge(*(self.recent[number] for number in range(since + 1, self.seq + 1)))


def _one_less(counter: Counter[Any], name: Hashable) -> None:
    counter[name] -= 1
    if not counter[name]:
        del counter[name]
