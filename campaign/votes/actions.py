"""Casting and withdrawing votes: many ballots at once, in a fixed number of statements, by the same rules for each.

Ideas are locked in the order of their numbers, their campaigns after them in theirs, the book after that, then stages and minutes, and
boards last, each campaign's in their order, so that several processes that count at the same time wait for each other and never in a
circle. Whatever announces therefore comes last. Nobody who holds a campaign asks for an idea.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, Double, Integer, String, bindparam, text, tuple_

from campaign.brands.suspensions import Suspended, Suspension, standing, suspensions_of
from campaign.campaigns.access import campaigns_by_id, insiders
from campaign.campaigns.audience import invited
from campaign.campaigns.models import Campaign
from campaign.campaigns.naming import NameUntold
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import UTCDateTime, begin_writing, given, insert, packed, prepared
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.actions import GONE, IdeaExpired
from campaign.ideas.models import CoAuthor, Idea, Withdrawal
from campaign.ideas.trending import cooled, warmed, weight_at, weight_of
from campaign.ladder.climbing import climb, overdue
from campaign.live import announce
from campaign.statuses.freezing import VotesFrozen, frozen_votes, names_of
from campaign.statuses.qualifying import qualify
from campaign.verifications.access import VerificationNeeded, unverified_voters
from campaign.votes.allowance import keep_within_caps
from campaign.votes.ballots import (
    HANDED_BACK,
    MOVED,
    ON_PAPER,
    Ballot,
    KeyUsed,
    NoVote,
    OwnIdea,
    Receipt,
    Result,
    VotedByBallot,
    VotingClosed,
)
from campaign.votes.book import enter_book
from campaign.votes.freezing import freeze_rules
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry, Vote, VoteMinute

# Told of votes that are taken back, as (idea, voter), in the same transaction; once for all that are counted together. Not of votes
# that move with their idea.
TakenBack = Callable[[list[tuple[int, int]]], None]
_taken_back: list[TakenBack] = []
AT_ONCE = 5000  # Votes handed back together: an idea may have a hundred thousand.


def when_taken_back(tell: TakenBack) -> None:
    """Have another slice see to what it keeps about a vote."""
    _taken_back.append(tell)


@dataclass(slots=True)
class _Subject:
    """An idea as far as counting needs it. Its votes and heat move with the ballots, and are written when all are counted."""

    id: int
    campaign_id: int
    author_id: int
    votes: int
    heat: float
    submitted_at: datetime
    version: int
    worded: int
    unconfirmed: int
    qualified: bool

    def version_for(self, read: int | None) -> int:
        """Which version a vote is for: this one, or an earlier one that its voter had before them."""
        return self.version if read is None else min(read, self.version)


@dataclass
class _Moves:
    """What the ballots of a batch changed."""

    gained: Counter[int] = field(default_factory=Counter)  # Idea: how many new votes.
    lost: set[int] = field(default_factory=set)  # Ideas.

    @property
    def ideas(self) -> list[int]:
        return sorted(self.gained.keys() | self.lost)


def count_ballots(
    ballots: list[Ballot], returning: bool = False, slowed: Mapping[int, Refused] = MappingProxyType({})
) -> list[Result]:
    """Store each ballot, or say why not: one result for each, in their order. Does not commit.

    Cast again, a vote counts once, and brings the first receipt; nothing is written down of it, nor of what isn't there and is taken
    back. Acts of one person on one idea are done one after the other, as they came. `returning`: votes come back to their voters, or move
    with an idea that is merged; that needs no open vote, and is none, so it freezes no rules and is no beat of the board's pulse.
    `slowed`: who may cast nothing new now, and why.
    """
    begin_writing()
    at, results = now(), dict[int, Result]()
    ideas = _lock_ideas({ballot.idea for ballot in ballots})
    campaigns = _lock_campaigns({idea.campaign_id for idea in ideas.values()})
    refused: list[Refused | None] = [None] * len(ballots) if returning else _refusals(ballots, ideas, campaigns, at)
    if slowed:
        refused = [no or slowed.get(ballot.voter) for ballot, no in zip(ballots, refused, strict=True)]
    left = [None] * len(ballots) if returning else keep_within_caps(ballots, refused, ideas, campaigns)
    # Votes that move with an idea stay as they were given: see moving.py.
    naming = {key for key, campaign in campaigns.items() if campaign.names_voters and not returning}
    moves = _Moves()
    for places in _rounds(ballots):
        of_round = [ballots[place] for place in places]
        of_them = [refused[place] for place in places]
        results |= zip(places, _count(of_round, of_them, ideas, naming, moves, at), strict=True)
    seals = {key: seal_on(campaign) for key, campaign in campaigns.items()}
    if any(seal != "always" for seal in seals.values()):
        results = {place: _sealed(result, ideas, campaigns, seals) for place, result in results.items()}
    _write_totals([ideas[idea] for idea in moves.ideas])
    moved = [campaigns[key] for key in sorted({ideas[idea].campaign_id for idea in moves.ideas})]
    if not returning:
        freeze_rules(moved)
        _count_minute(moves, ideas, at)
    for campaign in moved:
        gained = [ideas[idea] for idea in sorted(moves.gained) if ideas[idea].campaign_id == campaign.id]
        qualify(gained, campaigns)
        climb(gained, campaigns, at)
        _tell(campaign, moves, ideas, seals[campaign.id])
    return [_with_allowance(results[place], left[place]) for place in range(len(ballots))]


def _with_allowance(result: Result, left: int | None) -> Result:
    return result if left is None or isinstance(result, Refused) else result._replace(left=left)


def hand_back(idea: Idea, voters: Collection[int] | None = None) -> None:
    """Take back the votes of these people (None: of everybody) for an idea, by no act of theirs and also while voting is closed.

    Each stands in the book like one that they took back themselves, so the book, the log and the totals agree afterwards. Who
    has no vote is passed over. Does not commit.
    """
    begin_writing()
    _lock_ideas({idea.id})  # A vote that is being cast meanwhile is waited for, and handed back too.
    standing = db.select(Vote.voter_id).where(Vote.idea_id == idea.id).order_by(Vote.voter_id).limit(AT_ONCE)
    if voters is not None:
        standing = standing.where(Vote.voter_id.in_(voters))
    key = f"{HANDED_BACK}{uuid4().hex}"
    while some := list(db.session.scalars(standing)):
        count_ballots([Ballot(voter, idea.id, key, "withdraw") for voter in some], returning=True)
    db.session.expire(idea, ["votes", "heat", "unconfirmed"])


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
    ballots: list[Ballot],
    refused: list[Refused | None],
    ideas: dict[int, _Subject],
    naming: set[int],
    moves: _Moves,
    at: datetime,
) -> list[Result]:
    refused = _without_vote(ballots, refused)
    allowed = [ballot for ballot, no in zip(ballots, refused, strict=True) if no is None]
    numbers = _write_down(allowed, ideas, at)
    new = [ballot for ballot in allowed if (ballot.voter, ballot.idea) in numbers]
    _withdraw([ballot for ballot in new if ballot.act == "withdraw"], ideas, moves)
    _cast([ballot for ballot in new if ballot.act == "cast"], ideas, naming, moves, at)
    known = _done_before(
        ballot
        for ballot, no in zip(ballots, refused, strict=True)
        if not isinstance(no, NotThere) and (ballot.voter, ballot.idea) not in numbers
    )

    told = numbers.keys() | {(voter, idea) for voter, idea, _key in known}
    stood = _cast_before([ballot for ballot in allowed if (ballot.voter, ballot.idea) not in told])
    numbered = log_keys().receipt_number

    def result(ballot: Ballot, no: Refused | None) -> Result:
        number = numbers.get((ballot.voter, ballot.idea))
        done = known.get((ballot.voter, ballot.idea, ballot.key))
        if number is not None:
            return Receipt(numbered(number), ballot.idea, ballot.act, ballot.key, at, ideas[ballot.idea].votes)
        if done is not None and done.act != ballot.act:
            return KeyUsed()
        if done is not None:
            return Receipt(numbered(done.id), ballot.idea, done.act, ballot.key, done.at, ideas[ballot.idea].votes)
        if no is None:
            first = stood[ballot.voter, ballot.idea]
            return Receipt(numbered(first.id), ballot.idea, "cast", ballot.key, first.at, ideas[ballot.idea].votes)
        return no

    return [result(ballot, no) for ballot, no in zip(ballots, refused, strict=True)]


def _lock_ideas(ids: set[int]) -> dict[int, _Subject]:
    # Of an idea that is being withdrawn at this moment we learn afterwards, when the lock is ours.
    found = db.session.connection().execute(_locking(), {"asked_rows": packed((idea,) for idea in ids)}).all()
    return {row[0]: _Subject(*row) for row in found}


@prepared
def _locking() -> Any:
    table, asked = Idea.__table__.c, given("asked", idea=Integer)
    whose, when = (table.id, table.campaign_id, table.author_id), (table.submitted_at, table.version, table.worded)
    found = db.select(*whose, table.votes, table.heat, *when, table.unconfirmed)
    found = found.add_columns(table.qualified_at.is_not(None))
    return found.where(table.id.in_(db.select(asked.c.idea))).order_by(table.id).with_for_update(key_share=True)


def _lock_campaigns(ids: set[int]) -> dict[int, Campaign]:
    # Whoever closes one meanwhile waits for our commit, or we for theirs: no vote is stored once a closing is. What is read
    # together with a lock is as it was when the wait began, so the rest is read afterwards. SQLite's writers take turns anyway.
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.connection().execute(_keeping(), {"asked_rows": packed((campaign,) for campaign in ids)})
    return campaigns_by_id(ids)


@prepared
def _keeping() -> Any:
    table, asked = Campaign.__table__.c, given("asked", campaign=Integer)
    found = db.select(table.id).where(table.id.in_(db.select(asked.c.campaign)))
    return found.order_by(table.id).with_for_update(read=True)


@prepared
def _barred() -> Any:
    """Ideas that were withdrawn; ideas with co-authors, each with one of them; ideas whose status freezes votes; and voters whom
    brands suspended, each with one brand.

    As (idea, person, brand, status), whatever is not meant being null.
    """
    asked = db.select(given("asked", idea=Integer).c.idea)
    brands, voters = (
        db.select(given("brands", brand=Integer).c.brand),
        db.select(given("voters", voter=Integer).c.voter),
    )
    none = db.cast(db.null(), Integer)
    withdrawn = db.select(Withdrawal.idea_id, none, none, none).where(Withdrawal.idea_id.in_(asked))
    written = db.select(CoAuthor.idea_id, CoAuthor.person_id, none, none).where(CoAuthor.idea_id.in_(asked))
    frozen = frozen_votes(asked).subquery()
    # The sum keeps SQLite from asking for each voter by the key: most brands have suspended nobody, and then it asks nothing.
    theirs = Suspension.brand_id.in_(brands), (Suspension.person_id + 0).in_(voters)
    suspended = db.select(none, Suspension.person_id, Suspension.brand_id, none).where(*theirs)
    suspended = suspended.where(standing(bindparam("moment", type_=UTCDateTime)))
    return withdrawn.union_all(written, db.select(frozen.c.id, none, none, frozen.c.status_id), suspended)


def _refusals(
    ballots: list[Ballot], ideas: dict[int, _Subject], campaigns: dict[int, Campaign], at: datetime
) -> list[Refused | None]:
    asked = {
        "asked_rows": packed((idea,) for idea in ideas),
        "brands_rows": packed({(campaign.brand_id,) for campaign in campaigns.values()}),
        "voters_rows": packed({(ballot.voter,) for ballot in ballots}),
        "moment": at,
    }
    found = {tuple(row) for row in db.session.connection().execute(_barred(), asked).all()}
    barred = {(idea, person) for idea, person, brand, status in found if brand is status is None}
    gone = {idea for idea, person in barred if person is None}
    how = db.select(Withdrawal.idea_id, Withdrawal.kind).where(Withdrawal.idea_id.in_(gone))
    kinds = dict(db.session.execute(how).all()) if gone else {}
    frozen = {idea: status for idea, _person, _brand, status in found if status is not None}
    statuses = names_of(set(frozen.values())) if frozen else {}
    late = overdue(ideas, campaigns, at)
    suspended = {(brand, person) for _idea, person, brand, _status in found if brand is not None}
    suspensions = suspensions_of(*map(set, zip(*suspended, strict=True))) if suspended else {}
    accepting = {key for key, campaign in campaigns.items() if campaign.accepts_support}
    by_ballot = {key for key, campaign in campaigns.items() if campaign.accepts_ballots}
    behind_a_door = {key: campaign for key, campaign in campaigns.items() if not campaign.is_open_to_all}
    asking = {ballot.voter for ballot in ballots if ballot.act == "cast" and not ballot.key.startswith(ON_PAPER)}
    unverified = unverified_voters(campaigns.values(), asking)
    voters = {ballot.voter for ballot in ballots}
    let_in = insiders(behind_a_door.values(), voters) | invited(behind_a_door.values(), voters)

    def refusal(ballot: Ballot) -> Refused | None:
        idea = ideas.get(ballot.idea)
        if idea is None or (
            idea.campaign_id in behind_a_door
            and (idea.campaign_id, ballot.voter) not in let_in
            and not ballot.key.startswith(ON_PAPER)  # Whoever records it was at the door.
        ):
            return NotThere()
        if suspension := suspensions.get((campaigns[idea.campaign_id].brand_id, ballot.voter)):
            return Suspended(suspension)
        if idea.campaign_id not in accepting:
            return VotedByBallot() if idea.campaign_id in by_ballot else VotingClosed()
        if idea.author_id == ballot.voter or (idea.id, ballot.voter) in barred:
            return OwnIdea()
        if idea.id in kinds:
            return GONE[kinds[idea.id]]()
        if idea.id in frozen:
            return VotesFrozen(statuses[frozen[idea.id]])
        if idea.id in late:
            return IdeaExpired()
        return _lacking(ballot, campaigns[idea.campaign_id], unverified)

    return [refusal(ballot) for ballot in ballots]


def _lacking(ballot: Ballot, campaign: Campaign, unverified: set[tuple[int, int]]) -> Refused | None:
    """What the campaign asks of whoever votes, and this one has not given. Nothing of what was given on paper."""
    if ballot.act != "cast" or ballot.key.startswith(ON_PAPER):
        return None
    if (campaign.id, ballot.voter) in unverified:
        return VerificationNeeded(campaign.slug, "vote", f"/ideas/{ballot.idea}?vote=wanted", goes_there=True)
    return NameUntold() if campaign.names_voters and not ballot.named else None


def _without_vote(ballots: list[Ballot], refused: list[Refused | None]) -> list[Refused | None]:
    """Refuse to take back a vote that doesn't stand: nothing would change, and the book would grow by whoever says so again and again."""
    asked = {
        (ballot.idea, ballot.voter)
        for ballot, no in zip(ballots, refused, strict=True)
        if no is None and ballot.act == "withdraw"
    }
    if not asked:
        return refused
    there = db.session.connection().execute(_standing_of(), {"asked_rows": packed(asked)})
    lacking = asked - {(idea, voter) for idea, voter in there}
    return [
        NoVote() if no is None and ballot.act == "withdraw" and (ballot.idea, ballot.voter) in lacking else no
        for ballot, no in zip(ballots, refused, strict=True)
    ]


def _cast_before(ballots: list[Ballot]) -> dict[tuple[int, int], Any]:
    """The acts by which votes stand that were cast again, by (voter, idea)."""
    if not ballots:
        return {}
    table = BallotEntry.__table__.c
    pairs = tuple_(table.voter_id, table.idea_id).in_([(ballot.voter, ballot.idea) for ballot in ballots])
    last = db.select(db.func.max(table.id)).where(pairs, table.act == "cast").group_by(table.voter_id, table.idea_id)
    found = db.select(table.voter_id, table.idea_id, table.id, table.at).where(table.id.in_(last))
    return {(row.voter_id, row.idea_id): row for row in db.session.execute(found)}


@prepared
def _standing_of() -> Any:
    table, asked = Vote.__table__.c, given("asked", idea=Integer, voter=Integer)
    found = db.select(table.idea_id, table.voter_id)
    return found.where(tuple_(table.idea_id, table.voter_id).in_(db.select(*asked.c)))


def _write_down(ballots: list[Ballot], ideas: dict[int, _Subject], at: datetime) -> dict[tuple[int, int], int]:
    if not ballots:
        return {}
    mark, moment = log_keys().mark, micros(at)
    rows = [
        (campaign, idea, voter, key, act, mark(campaign, idea, voter, key, act, moment), _is_written(key, act))
        for voter, idea, key, act, *_read in ballots
        for campaign in (ideas[idea].campaign_id,)
    ]
    enter_book()
    stored = db.session.connection().execute(_entering(), {"asked_rows": packed(rows), "moment": at}).all()
    return {(voter, idea): number for number, voter, idea in stored}


def _is_written(key: str, act: str) -> int:
    """Whether an act is written down in any case: what the team or the product itself does says something of its own."""
    return int(act != "cast" or key.startswith((ON_PAPER, HANDED_BACK)))


@prepared
def _entering() -> Any:
    """Entries of these acts. Of a vote that stands and is cast again there is none: nothing changes, and the public log would grow."""
    table, vote = BallotEntry.__table__, Vote.__table__.c
    of = {"campaign": Integer, "idea": Integer, "voter": Integer, "key": String, "act": String, "mark": String}
    asked = given("asked", **of, written=Integer)
    stands = db.select(vote.idea_id).where(vote.idea_id == asked.c.idea, vote.voter_id == asked.c.voter).exists()
    earlier = table.alias("earlier").c
    theirs = earlier.voter_id == asked.c.voter, earlier.idea_id == asked.c.idea, earlier.act == "cast"
    cast = db.select(earlier.key).where(*theirs).order_by(earlier.id.desc()).limit(1).scalar_subquery()
    # What came to this idea by a merge was given to another: cast here, it is given to this one, whatever they did here before.
    given_here = db.func.coalesce(cast, HANDED_BACK).not_like(f"{HANDED_BACK}%")
    again = db.and_(asked.c.written == 0, stands, given_here)
    rows = db.select(*(asked.c[name] for name in of), bindparam("moment", type_=UTCDateTime)).where(~again)
    entry = insert(table).from_select(["campaign_id", "idea_id", "voter_id", "key", "act", "mark", "at"], rows)
    return entry.on_conflict_do_nothing().returning(table.c.id, table.c.voter_id, table.c.idea_id)


def _at_moment(asked: Any) -> Any:
    # Without WHERE, SQLite takes ON CONFLICT for the ON of a join.
    return db.select(*asked.c, bindparam("moment", type_=UTCDateTime)).where(text("true"))


def _done_before(ballots: Iterable[Ballot]) -> dict[tuple[int, int, str], Any]:
    keys = [(ballot.voter, ballot.idea, ballot.key) for ballot in ballots]
    if not keys:
        return {}
    table = BallotEntry.__table__.c
    found = db.select(table.voter_id, table.idea_id, table.key, table.id, table.act, table.at).where(
        tuple_(table.voter_id, table.idea_id, table.key).in_(keys)
    )
    return {(row.voter_id, row.idea_id, row.key): row for row in db.session.execute(found)}


def _cast(ballots: list[Ballot], ideas: dict[int, _Subject], naming: set[int], moves: _Moves, at: datetime) -> None:
    """New votes, by name in the campaigns that list voters (`naming`). Who supports an idea already is passed over: a second click, or a second tab."""
    if not ballots:
        return
    asked = {
        "asked_rows": packed(
            # Whoever gave it on paper was not told by a page of ours.
            (
                one.idea,
                one.voter,
                idea.version_for(one.read),
                idea.campaign_id in naming and not one.key.startswith(ON_PAPER),
            )
            for one in ballots
            for idea in (ideas[one.idea],)
        ),
        "moment": at,
    }
    new: Counter[int] = Counter()
    for idea, version in db.session.connection().execute(_casting(), asked).all():
        new[idea] += 1
        ideas[idea].unconfirmed += version < ideas[idea].worded
    for idea, votes in new.items():
        ideas[idea].votes += votes
        ideas[idea].heat = warmed(ideas[idea].heat, weight_at(at) + math.log(votes))
    moves.gained.update(new)


@prepared
def _casting() -> Any:
    asked = given("asked", idea=Integer, voter=Integer, version=Integer, named=Boolean)
    put = insert(Vote.__table__).from_select(["idea_id", "voter_id", "version", "named", "cast_at"], _at_moment(asked))
    return put.on_conflict_do_nothing().returning(Vote.__table__.c.idea_id, Vote.__table__.c.version)


def _withdraw(ballots: list[Ballot], ideas: dict[int, _Subject], moves: _Moves) -> None:
    """Votes that are taken back, with the warmth that they had given."""
    if not ballots:
        return
    asked = {"asked_rows": packed((ballot.idea, ballot.voter) for ballot in ballots)}
    gone: dict[int, list[datetime]] = defaultdict(list)
    for idea, cast_at, version, aside in db.session.connection().execute(_withdrawing(), asked).all():
        if not aside:  # What was set aside is in no total.
            gone[idea].append(cast_at)
            ideas[idea].unconfirmed -= version < ideas[idea].worded
    for idea, moments in gone.items():
        ideas[idea].votes -= len(moments)
        ideas[idea].heat = cooled(ideas[idea].heat, weight_of(moments), weight_at(ideas[idea].submitted_at))
    moves.lost |= gone.keys()
    if theirs := [(ballot.idea, ballot.voter) for ballot in ballots if not ballot.key.startswith(MOVED)]:
        for tell in _taken_back:
            tell(theirs)


@prepared
def _withdrawing() -> Any:
    table, asked = Vote.__table__.c, given("asked", idea=Integer, voter=Integer)
    take = db.delete(Vote.__table__).where(tuple_(table.idea_id, table.voter_id).in_(db.select(*asked.c)))
    return take.returning(table.idea_id, table.cast_at, table.version, table.aside)


def _write_totals(ideas: list[_Subject]) -> None:
    """One update for each idea. They are locked since they were read, so what was counted here is the whole truth."""
    if ideas:
        rows = packed((idea.id, idea.votes, idea.heat, idea.unconfirmed) for idea in ideas)
        db.session.connection().execute(_totalling(), {"counted_rows": rows})


@prepared
def _totalling() -> Any:
    table, counted = Idea.__table__, given("counted", idea=Integer, votes=Integer, heat=Double, unconfirmed=Integer)
    change = db.update(table).where(table.c.id == counted.c.idea)
    return change.values(votes=counted.c.votes, heat=counted.c.heat, unconfirmed=counted.c.unconfirmed)


def _sealed(
    result: Result, ideas: dict[int, _Subject], campaigns: dict[int, Campaign], seals: dict[int, str]
) -> Result:
    """A receipt without the total that its holder may not see.

    Who has cast a vote in this stage has voted; who took one back may never have, and the receipt of an earlier stage says nothing of this one.
    """
    if not isinstance(result, Receipt):
        return result
    campaign = campaigns[ideas[result.idea].campaign_id]
    stage, seal = campaign.stage, seals[campaign.id]
    voted = result.act == "cast" and stage is not None and result.at >= stage.opens_at
    shown = seal == "always" or (seal == "voted" and voted)
    return result if shown else result._replace(votes=None)


def _count_minute(moves: _Moves, ideas: dict[int, _Subject], at: datetime) -> None:
    """The beat of each board's pulse, in the order of their campaigns' numbers."""
    votes: Counter[int] = Counter()
    for idea, gained in moves.gained.items():
        votes[ideas[idea].campaign_id] += gained
    if votes:
        minute = int(at.timestamp() // 60)
        rows = packed((campaign, minute, number) for campaign, number in votes.items())
        db.session.connection().execute(_beating(), {"asked_rows": rows})


@prepared
def _beating() -> Any:
    table, asked = VoteMinute.__table__, given("asked", campaign=Integer, minute=Integer, votes=Integer)
    rows = db.select(*asked.c).where(text("true")).order_by(asked.c.campaign)
    beat = insert(table).from_select(["campaign_id", "minute", "votes"], rows)
    more = {"votes": table.c.votes + beat.excluded.votes}
    return beat.on_conflict_do_update(index_elements=["campaign_id", "minute"], set_=more)


def _tell(campaign: Campaign, moves: _Moves, ideas: dict[int, _Subject], seal: str) -> None:
    """Announce what moved. Where nobody may know, nothing is: neither a message nor the board's next number tells that somebody voted.

    Where some may, the others are told of no number for it.
    """
    if seal == "ended":
        return
    totals = {idea: ideas[idea].votes for idea in moves.ideas if ideas[idea].campaign_id == campaign.id}
    happened = (("vote.cast", moves.gained.keys()), ("vote.withdrawn", moves.lost))
    kinds = [kind for kind, some in happened if some & totals.keys()]
    announce(campaign.board, *kinds, votes=totals, hidden=seal != "always")
