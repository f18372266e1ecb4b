"""Reading the ballots of a stage, some at a time: a million of them never lie in memory at once, but as each different one with its number."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from campaign.campaigns.models import Stage
from campaign.counting.ballots import Marks
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.methods.doubted import Doubted, counting
from campaign.votes.models import StageBallot, Vote

SOME = 10_000  # Ballots of one question to the database.
DIFFERENT_MOST = 3_000_000  # Ballots that differ from each other: each takes its room until all are counted.


class TooMany(Exception):
    """More than can be counted. `of`: "ideas" or "ballots"."""

    def __init__(self, of: str) -> None:
        super().__init__(of)
        self.of = of


Tell = Callable[[int], None]  # Hears from time to time how many ballots were read.


def tell_nobody(read: int) -> None:
    """For a count that is over before anybody could ask."""


def contents(stage: Stage, tell: Tell = tell_nobody, otherwise: Doubted | None = None) -> Iterator[Any]:
    """What each voter of the stage last handed in, one after the other. Each is read once, as it is at that moment.

    Ballots that are set aside count for nothing. `otherwise`: but these count as they don't now.
    """
    table = StageBallot.__table__.c
    some = db.select(table.voter_id, table.content).where(table.stage_id == stage.id).order_by(table.voter_id)
    some = some.where(counting(table.stage_id, table.voter_id, otherwise))
    last, read = 0, 0
    while rows := db.session.execute(some.where(table.voter_id > last).limit(SOME)).all():
        for _voter, content in rows:
            yield json.loads(content)
        last, read = rows[-1].voter_id, read + len(rows)
        tell(read)


def supports(stage: Stage, known: Collection[int], tell: Tell = tell_nobody) -> Iterator[list[int]]:
    """The ideas that each voter supports, of those `known`. Support is given to an idea, whichever stage it was given in.

    Votes that are set aside count for nothing.
    """
    same = {idea: idea for idea in known}
    frame = db.func.min(Vote.voter_id), db.func.max(Vote.voter_id), db.func.count()
    first, last, votes = db.session.execute(_votes(stage, *frame)).one()
    read = 0
    found = _votes(stage, Vote.voter_id, Vote.idea_id)
    # Few votes are one question, however far apart the numbers of those who gave them are.
    at_once = SOME if votes > SOME else (last or 0) - (first or 0) + 1
    for begin in range(first or 0, (last or -1) + 1, at_once):
        mine: dict[int, list[int]] = {}
        some = db.session.execute(found.where(Vote.voter_id.between(begin, begin + at_once - 1)))
        for voter, idea in some:
            mine.setdefault(voter, []).append(idea)
            read += 1
        for ideas in mine.values():
            yield sorted(same[idea] for idea in ideas if idea in same)
        tell(read)


def gathered(ballots: Iterable[Iterable[int]]) -> Counter[tuple[int, ...]]:
    """Each different ballot with the number of those who cast it. Raises TooMany."""
    different: Counter[tuple[int, ...]] = Counter()
    for ballot in ballots:
        different[tuple(ballot)] += 1
        if len(different) > DIFFERENT_MOST:
            raise TooMany("ballots")
    return different


def sums_of(stage: Stage, known: Collection[int], tell: Tell = tell_nobody) -> tuple[dict[int, int], int]:
    """How many support each idea, of those `known`, and how many people support any."""
    votes, people = dict.fromkeys(known, 0), 0
    for ideas in supports(stage, known, tell):
        people += 1
        for idea in ideas:
            votes[idea] += 1
    return votes, people


def _votes(stage: Stage, *what: Any) -> Any:
    of = db.select(*what).select_from(Vote).join(Idea, Idea.id == Vote.idea_id)
    return of.where(Idea.campaign_id == stage.campaign_id, ~Vote.aside)


def steps_of(known: Collection[int], scales: int, ballots: Iterable[Any]) -> tuple[int, list[Marks]]:
    """How many people gave steps on scales, and those steps, for each scale as `marks_of` has them."""
    people, times = 0, [Counter[tuple[int, int]]() for _scale in range(scales)]
    for ballot in ballots:
        people += 1
        for idea, steps in ballot:
            if idea in known:
                for given, step in zip(times, steps, strict=True):
                    if step is not None:
                        given[idea, step] += 1
    return people, [Marks(tuple(known), {(each,): many for each, many in given.items()}) for given in times]


def marks_of(known: Collection[int], ballots: Iterable[Any]) -> tuple[int, Marks]:
    """How many people gave marks, and the marks, each as if it stood alone: no sum asks what else is on its ballot."""
    people, times = 0, Counter[tuple[int, int]]()
    for ballot in ballots:
        people += 1
        times.update((idea, mark) for idea, mark in ballot if idea in known)
    return people, Marks(tuple(known), {(given,): many for given, many in times.items()})
