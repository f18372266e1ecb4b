"""Casting and withdrawing votes: many ballots at once, in a fixed number of statements, by the same rules for each.

Ideas are locked in the order of their numbers, and boards after them, so that several processes that count at the same time
wait for each other and never in a circle.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Double, Integer, String, literal, text, tuple_

from campaign.campaigns.access import campaigns_by_id, insiders
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime, begin_writing, given, insert
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.actions import IdeaWithdrawn
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.trending import cooled, warmed, weight_at, weight_of
from campaign.live import announce
from campaign.votes.ballots import Ballot, KeyUsed, OwnIdea, Receipt, Result, VotingClosed
from campaign.votes.models import BallotEntry, Vote, VoteMinute

NOTHING = -1e9  # The logarithm of no weight at all, as far as a heat can tell; JSON has no infinity.


@dataclass
class _Moves:
    """What the ballots of a batch changed."""

    totals: dict[int, int] = field(default_factory=dict)  # Idea: its votes by now.
    gained: Counter[int] = field(default_factory=Counter)
    lost: set[int] = field(default_factory=set)


class _Subject(NamedTuple):
    """An idea as far as counting needs it."""

    id: int
    campaign_id: int
    author_id: int
    votes: int
    submitted_at: datetime


def count_ballots(ballots: list[Ballot]) -> list[Result]:
    """Store each ballot, or say why not: one result for each, in their order. Does not commit.

    Cast again, a vote counts once; repeated with the same key, it brings the first receipt. Acts of one person on one idea
    are done one after the other, as they came.
    """
    begin_writing()
    at, results = now(), dict[int, Result]()
    ideas = _lock_ideas({ballot.idea for ballot in ballots})
    campaigns = campaigns_by_id({idea.campaign_id for idea in ideas.values()})
    refused = _refusals(ballots, ideas, campaigns)
    moves = _Moves()
    for places in _rounds(ballots):
        of_round = [ballots[place] for place in places]
        results |= zip(places, _count(of_round, [refused[place] for place in places], ideas, moves, at), strict=True)
    _tell(moves, ideas, campaigns, at)
    return [results[place] for place in range(len(ballots))]


def _rounds(ballots: list[Ballot]) -> Iterator[list[int]]:
    rounds: list[list[int]] = []
    turns: dict[tuple[int, int], int] = defaultdict(int)
    for place, ballot in enumerate(ballots):
        turn = turns[ballot.voter, ballot.idea]
        turns[ballot.voter, ballot.idea] += 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(place)
    return iter(rounds)


def _count(
    ballots: list[Ballot], refused: list[Refused | None], ideas: dict[int, _Subject], moves: _Moves, at: datetime
) -> list[Result]:
    allowed = [ballot for ballot, no in zip(ballots, refused, strict=True) if no is None]
    numbers = _write_down(allowed, ideas, at)
    _move([ballot for ballot in allowed if (ballot.voter, ballot.idea) in numbers], ideas, moves, at)
    known = _done_before(
        ballot
        for ballot, no in zip(ballots, refused, strict=True)
        if not isinstance(no, NotThere) and (ballot.voter, ballot.idea) not in numbers
    )

    def result(ballot: Ballot, no: Refused | None) -> Result:
        number = numbers.get((ballot.voter, ballot.idea))
        done = known.get((ballot.voter, ballot.idea, ballot.key))
        if number is not None:
            return Receipt(number, ballot.idea, ballot.act, ballot.key, at, total(ballot.idea))
        if done is not None and done.act != ballot.act:
            return KeyUsed()
        if done is not None:
            return Receipt(done.id, ballot.idea, done.act, ballot.key, done.at, total(ballot.idea))
        assert no is not None
        return no

    def total(idea: int) -> int:
        return moves.totals.get(idea, ideas[idea].votes)

    return [result(ballot, no) for ballot, no in zip(ballots, refused, strict=True)]


def _lock_ideas(ids: set[int]) -> dict[int, _Subject]:
    # Of an idea that is being withdrawn at this moment we learn afterwards, when the lock is ours.
    table = Idea.__table__.c
    found = (
        db.select(table.id, table.campaign_id, table.author_id, table.votes, table.submitted_at)
        .where(table.id.in_(ids))
        .order_by(table.id)
        .with_for_update(key_share=True)
    )
    return {row.id: _Subject(*row) for row in db.session.execute(found)}


def _refusals(
    ballots: list[Ballot], ideas: dict[int, _Subject], campaigns: dict[int, Campaign]
) -> list[Refused | None]:
    withdrawn = set(db.session.scalars(db.select(Withdrawal.idea_id).where(Withdrawal.idea_id.in_(list(ideas)))))
    accepting = {key for key, campaign in campaigns.items() if campaign.accepts_votes}
    behind_a_door = {key: campaign for key, campaign in campaigns.items() if not campaign.is_open_to_all}
    team = insiders(behind_a_door.values(), {ballot.voter for ballot in ballots})

    def refusal(ballot: Ballot) -> Refused | None:
        idea = ideas.get(ballot.idea)
        if idea is None or (idea.campaign_id in behind_a_door and (idea.campaign_id, ballot.voter) not in team):
            return NotThere()
        if idea.campaign_id not in accepting:
            return VotingClosed()
        if idea.author_id == ballot.voter:
            return OwnIdea()
        return IdeaWithdrawn() if idea.id in withdrawn else None

    return [refusal(ballot) for ballot in ballots]


def _write_down(ballots: list[Ballot], ideas: dict[int, _Subject], at: datetime) -> dict[tuple[int, int], int]:
    if not ballots:
        return {}
    rows = [[ideas[ballot.idea].campaign_id, ballot.idea, ballot.voter, ballot.key, ballot.act] for ballot in ballots]
    asked = given("asked", rows, campaign=Integer, idea=Integer, voter=Integer, key=String, act=String)
    entry = insert(BallotEntry.__table__).from_select(
        ["campaign_id", "idea_id", "voter_id", "key", "act", "at"],
        db.select(*asked.c, literal(at, UTCDateTime)).where(text("true")),  # Without WHERE, SQLite takes ON for a join.
    )
    table = BallotEntry.__table__.c
    stored = db.session.execute(entry.on_conflict_do_nothing().returning(table.id, table.voter_id, table.idea_id))
    return {(row.voter_id, row.idea_id): row.id for row in stored}


def _done_before(ballots: Iterable[Ballot]) -> dict[tuple[int, int, str], Any]:
    keys = [(ballot.voter, ballot.idea, ballot.key) for ballot in ballots]
    if not keys:
        return {}
    table = BallotEntry.__table__.c
    found = db.select(table.voter_id, table.idea_id, table.key, table.id, table.act, table.at).where(
        tuple_(table.voter_id, table.idea_id, table.key).in_(keys)
    )
    return {(row.voter_id, row.idea_id, row.key): row for row in db.session.execute(found)}


def _move(ballots: list[Ballot], ideas: dict[int, _Subject], moves: _Moves, at: datetime) -> None:
    """Votes in and out, totals and heat."""
    gained = _cast([ballot for ballot in ballots if ballot.act == "cast"], at)
    lost = _withdraw([ballot for ballot in ballots if ballot.act == "withdraw"])
    moved = gained.keys() | lost.keys()
    if not moved:
        return
    rows = [
        [
            idea,
            gained.get(idea, 0) - len(lost.get(idea, ())),
            weight_of([at] * gained[idea]) if idea in gained else NOTHING,
            weight_of(lost[idea]) if idea in lost else NOTHING,
            weight_at(ideas[idea].submitted_at),
        ]
        for idea in moved
    ]
    step = given("step", rows, idea=Integer, votes=Integer, gained=Double, lost=Double, birth=Double)
    table = Idea.__table__.c
    change = (
        db.update(Idea.__table__)
        .where(table.id == step.c.idea)
        .values(
            votes=table.votes + step.c.votes,
            heat=warmed(cooled(table.heat, step.c.lost, step.c.birth), step.c.gained),
        )
        .returning(table.id, table.votes)
    )
    moves.totals |= {row.id: row.votes for row in db.session.execute(change)}
    moves.gained.update(gained)
    moves.lost |= lost.keys()


def _tell(moves: _Moves, ideas: dict[int, _Subject], campaigns: dict[int, Campaign], at: datetime) -> None:
    """Count the minute and announce what moved, once for each campaign and in the order of their numbers."""
    for campaign in sorted({ideas[idea].campaign_id for idea in moves.totals}):
        totals = {idea: total for idea, total in moves.totals.items() if ideas[idea].campaign_id == campaign}
        _count_minute(campaign, sum(moves.gained[idea] for idea in totals), at)
        happened = (("vote.cast", moves.gained.keys()), ("vote.withdrawn", moves.lost))
        kinds = [kind for kind, some in happened if some & totals.keys()]
        announce(campaigns[campaign].board, *kinds, votes=totals)


def _cast(ballots: list[Ballot], at: datetime) -> dict[int, int]:
    """How many new votes each idea has. Who supports it already is passed over: a second click, or a second tab."""
    new: dict[int, int] = defaultdict(int)
    if ballots:
        asked = given("asked", [[ballot.idea, ballot.voter] for ballot in ballots], idea=Integer, voter=Integer)
        put = insert(Vote.__table__).from_select(
            ["idea_id", "voter_id", "cast_at"], db.select(*asked.c, literal(at, UTCDateTime)).where(text("true"))
        )
        for idea in db.session.scalars(put.on_conflict_do_nothing().returning(Vote.__table__.c.idea_id)):
            new[idea] += 1
    return dict(new)


def _withdraw(ballots: list[Ballot]) -> dict[int, list[datetime]]:
    """When the votes that are taken back had been cast, by idea."""
    gone: dict[int, list[datetime]] = defaultdict(list)
    if ballots:
        table = Vote.__table__.c
        asked = given("asked", [[ballot.idea, ballot.voter] for ballot in ballots], idea=Integer, voter=Integer)
        take = db.delete(Vote.__table__).where(tuple_(table.idea_id, table.voter_id).in_(db.select(*asked.c)))
        for idea, cast_at in db.session.execute(take.returning(table.idea_id, table.cast_at)):
            gone[idea].append(cast_at)
    return dict(gone)


def _count_minute(campaign: int, votes: int, at: datetime) -> None:
    if not votes:
        return
    table = VoteMinute.__table__.c
    minute = insert(VoteMinute.__table__).values(campaign_id=campaign, minute=int(at.timestamp() // 60), votes=votes)
    db.session.execute(
        minute.on_conflict_do_update(index_elements=["campaign_id", "minute"], set_={"votes": table.votes + votes})
    )
