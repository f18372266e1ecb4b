"""What doubted ballots change: the count that decides, made once as it is and once with them as they aren't now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from campaign.campaigns.models import Stage
from campaign.counting.telling import nobody
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.methods.counting import Tally, counted_at_once, read_ballots
from campaign.methods.counting_later import ask_for_count
from campaign.methods.doubted import Doubted
from campaign.methods.results import Kept, doing, kept

NAMED = 5  # Ideas that are named, on each side and among those that move.


@dataclass(frozen=True)
class Side:
    """What is chosen with these ballots, or without them."""

    people: int
    chosen: list[Any]  # The ideas, as rows of their number, title and language.
    more: int


@dataclass(frozen=True)
class Effect:
    """What some ballots change."""

    without: Side
    counted: Side
    changes_chosen: bool
    moves: list[tuple[Any, int, int]]  # Ideas with another rank: which, without these ballots and with them.


class Effects(NamedTuple):
    """Those of one stage, by the names of its doubted ballots."""

    found: dict[str, Effect]
    doing: str = ""  # What a worker does about those that are not there.
    counted_at: datetime | None = None  # When a worker counted; None: just now.
    is_done: bool = False  # Whether a worker has counted all that there is to count: what is not there then can't be.


def effects_in(stages: Sequence[tuple[Stage, list[Doubted]]]) -> list[Effects]:
    """What the doubted ballots of these stages change, in their order. Few are counted at once, very many by a worker. Does not commit."""
    times = sum(1 + len(doubted) for _stage, doubted in stages)
    return [
        _now(stage, doubted) if counted_at_once(stage, times) else _later(stage, doubted) for stage, doubted in stages
    ]


def _now(stage: Stage, doubted: list[Doubted]) -> Effects:
    pairs = {each.key: (each, _decides(stage, each)) for each in doubted}
    return Effects(_told(stage, _decides(stage), pairs))


def _later(stage: Stage, doubted: list[Doubted]) -> Effects:
    standing = ask_for_count(stage)
    result = standing.count.result if standing.count else None
    if standing.count is None or result is None:
        return Effects({}, doing(standing), None, standing.is_current)
    otherwise = result.get("otherwise", {})
    pairs = {each.key: (each, otherwise[each.key]) for each in doubted if each.key in otherwise}
    still = "" if standing.is_current else doing(standing)  # How sure the places are is nothing that hangs on them.
    return Effects(_told(stage, result, pairs), still, standing.count.counted_at, standing.is_current)


def _decides(stage: Stage, otherwise: Doubted | None = None) -> Kept:
    ready = read_ballots(stage, otherwise=otherwise)
    _rule, count = ready.rules[0]
    return kept(Tally(ready.people, [count(nobody)], ready.seed))


def _told(stage: Stage, now: Kept, otherwise: dict[str, tuple[Doubted, Kept]]) -> dict[str, Effect]:
    """In the words of the page. An idea that was taken back since is not named."""
    shown = {
        row[0] for one in (now, *(each for _doubted, each in otherwise.values())) for row in one["counts"][0]["rows"]
    }
    found = db.select(Idea.id, Idea.title, Idea.language).where(*on_board(stage.campaign), Idea.id.in_(shown))
    ideas = {row.id: row for row in db.session.execute(found)}
    return {
        key: _effect(*((other, now) if doubted.decision == "count" else (now, other)), ideas)
        for key, (doubted, other) in otherwise.items()
    }


def _effect(without: Kept, counted: Kept, ideas: dict[int, Any]) -> Effect:
    before, after = (
        {idea: rank for idea, rank, *_rest in one["counts"][0]["rows"] if idea in ideas} for one in (without, counted)
    )
    moved = sorted((min(rank, after[idea]), idea) for idea, rank in before.items() if after.get(idea, rank) != rank)
    moves = [(ideas[idea], before[idea], after[idea]) for _rank, idea in moved[:NAMED]]
    return Effect(_side(without, ideas), _side(counted, ideas), _chosen(without) != _chosen(counted), moves)


def _side(one: Kept, ideas: dict[int, Any]) -> Side:
    chosen = [ideas[idea] for idea in _chosen(one) if idea in ideas]
    return Side(one["people"], chosen[:NAMED], max(0, len(chosen) - NAMED))


def _chosen(one: Kept) -> list[int]:
    return [idea for idea, _rank, _place, won, _figures in one["counts"][0]["rows"] if won]
