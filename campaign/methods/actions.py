"""Handing in a ballot, and taking it back: the act goes into the book, and what was last handed in is what counts.

The campaign is held first, then the voter's turn in the stage, then the book: in the same order as at the ballot box.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import campaigns_by_id
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.naming import NameUntold
from campaign.campaigns.voting import settings_of
from campaign.clock import now
from campaign.database import begin_writing, insert, lock_words
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.listing import of_others
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.methods.papers import Frame, favoured_in, ideas_in, without
from campaign.statuses.freezing import may_be_chosen
from campaign.verifications.access import check_verified
from campaign.votes.ballots import HANDED_BACK, KeyUsed, VotingClosed
from campaign.votes.book import enter_book
from campaign.votes.ended import ended_ballots
from campaign.votes.freezing import freeze_rules
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry, BallotName, StageBallot


class StageOver(Refused):
    code, message = (
        "stage_over",
        _l(
            "The stage that this ballot is for is over, or people vote in it in another way now. Look at the page again."
        ),
    )


class AnswersStay(Refused):
    code = "answers_stay"
    message = _l("Each pair is asked once, and what you answered stays. So there is no ballot to take back here.")


class BallotEmpty(Refused):
    code, status = "ballot_empty", 422
    message = _l("Nothing is marked yet. Mark an idea, then hand the ballot in.")


class BallotNewer(Refused):
    code = "ballot_newer"
    message = _l("You have handed in another ballot since. It stands: take it back on its page if you want to.")


@dataclass(frozen=True)
class Stored:
    """What a voter holds in hand: this act is stored, under this number."""

    number: int
    act: str
    at: datetime
    content: str


# Told of a ballot that was handed in or taken back (content empty): its stage, its voter, what it says now.
Following = Callable[[Stage, Person, str], None]
_following: list[Following] = []


def follow_ballots(tell: Following) -> None:
    """Have another slice see to what it keeps about a ballot, in the same transaction."""
    _following.append(tell)


# Makes the new ballot of the one that was there and what it is checked against.
Filling = Callable[[str | None, Frame], str]


def hand_in(
    stage_id: int, voter: Person, key: str, fill: Filling, about: Collection[int], named: bool = False
) -> Stored:
    """Store what `fill` makes of the voter's ballot, `about` these ideas and those that are on it already.

    Sent again with the same key, it brings the first result. `named`: its voter was told that their name will stand under what they
    vote for.

    Raises KeyUsed, VotingClosed, StageOver, BallotEmpty or NameUntold, and whatever `fill` refuses. Does not commit.
    """
    stage = _held(stage_id)
    if (done := _done_before(stage, voter, key, "cast")) is not None:
        return done
    _check_open(stage)
    check_not_suspended(stage.campaign.brand_id, voter)
    check_verified(stage.campaign, voter, "vote", f"{stage.campaign.url}/ballot")
    if lists_names(stage) and not named:
        raise NameUntold
    there = db.session.get(StageBallot, (stage.id, voter.id), populate_existing=True)
    before = there.content if there else None
    content = fill(before, frame_of(stage, {*about, *ideas_in(stage.method, before)}, voter))
    if not ideas_in(stage.method, content):
        raise BallotEmpty
    return _write_down(stage, voter, key, "cast", content, lists_names(stage))


def lists_names(stage: Stage) -> bool:
    """Whether who votes for an idea on a ballot of this stage is listed under it."""
    return stage.method == "up_down" and stage.campaign.names_voters


def take_back(stage_id: int, voter: Person, key: str) -> Stored | None:
    """Let the voter have handed in nothing. None where there is no ballot: nothing is written down, and no rule freezes.

    The same promises; BallotNewer where they have handed in another since, and AnswersStay where two ideas at a time are asked about.
    """
    stage = _held(stage_id)
    done = _done_before(stage, voter, key, "withdraw")
    there = db.session.get(StageBallot, (stage.id, voter.id), populate_existing=True)
    if done is not None and there is not None:
        raise BallotNewer
    if done is not None:
        return done
    _check_open(stage)
    if stage.method == "duels":
        raise AnswersStay
    check_not_suspended(stage.campaign.brand_id, voter)
    return _write_down(stage, voter, key, "withdraw", "") if there is not None else None


def drop_from_ballots(idea: Idea, voter: Person) -> None:
    """Take an idea off this person's ballots, by no act of theirs: they are one of its authors now. Those of stages that are over stay
    as they were counted. Does not commit.

    What is left is handed in anew, so the book, the log and the count agree afterwards. To be said while the idea is held, and
    before any vote is handed back: whoever writes in the book asks for nothing any more.
    """
    begin_writing()
    campaign = idea.campaign
    db.session.execute(db.select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(read=True))
    for stage in sorted(campaign.stages, key=lambda stage: stage.id):
        if stage.method != "approval":
            lock_words(f"ballot {stage.id} {voter.id}")  # One that is being handed in meanwhile is waited for.
    ballots = db.select(StageBallot).join(Stage, Stage.id == StageBallot.stage_id)
    ballots = ballots.where(Stage.campaign_id == campaign.id, StageBallot.voter_id == voter.id)
    over = ended_ballots(campaign)
    stages = {stage.id: stage for stage in campaign.stages if stage not in over}
    ballots = ballots.where(Stage.id.in_(stages))
    for ballot in db.session.scalars(ballots.execution_options(populate_existing=True)).all():
        stage, content = stages[ballot.stage_id], ballot.content
        if idea.id in ideas_in(stage.method, content):
            _write_down(stage, voter, f"{HANDED_BACK}{uuid4().hex}", "cast", without(idea.id, stage.method, content))


def frame_of(stage: Stage, about: Collection[int], voter: Any) -> Frame:
    """What a ballot of this stage is checked against: of these ideas those that stand and whose votes aren't frozen, without the voter's own."""
    standing = db.select(Idea.id, Idea.cost, Idea.worded).where(
        *on_board(stage.campaign), may_be_chosen(), Idea.id.in_(about)
    )
    if voter.is_authenticated:
        standing = standing.where(of_others(voter))
    rows = db.session.execute(standing).all()
    costs, worded = {row.id: row.cost for row in rows}, {row.id: row.worded for row in rows}
    priced = {idea: int(cost * 100) for idea, cost in costs.items() if cost is not None}
    given = settings_of(stage.method, stage.method_settings)
    return Frame(stage.method, given, costs.keys(), priced, _least(stage, given, voter), worded)


def _least(stage: Stage, given: dict[str, Any], voter: Any) -> int:
    """How many ideas this voter must mark: as many as the brand asks for, or all that they can mark, and pay, where those are fewer."""
    if not (least := given.get("least", 0)):
        return 0
    there = db.select(Idea.cost).where(*on_board(stage.campaign), may_be_chosen())
    if voter.is_authenticated:
        there = there.where(of_others(voter))
    if stage.method != "budget":
        return len(db.session.scalars(there.limit(least)).all())
    costs = db.session.scalars(there.where(Idea.cost.is_not(None)).order_by(Idea.cost).limit(least)).all()
    return sum(1 for spent in accumulate(costs) if spent <= given["budget"])


def _held(stage_id: int) -> Stage:
    """The stage, with its campaign as it is now. Whoever closes it or changes its rules meanwhile waits for our commit, or we for theirs."""
    begin_writing()
    campaign_id = db.session.scalar(db.select(Stage.campaign_id).where(Stage.id == stage_id))
    db.session.execute(db.select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(read=True))
    campaign = campaigns_by_id([campaign_id] if campaign_id else []).get(campaign_id or 0)
    stage = next((stage for stage in campaign.stages if stage.id == stage_id), None) if campaign else None
    if stage is None:
        raise StageOver
    return stage


def _check_open(stage: Stage) -> None:
    campaign = stage.campaign
    if not campaign.accepts_votes:
        raise VotingClosed
    if campaign.stage is not stage or stage.method == "approval":
        raise StageOver


def _done_before(stage: Stage, voter: Person, key: str, act: str) -> Stored | None:
    lock_words(f"ballot {stage.id} {voter.id}")
    found = db.select(BallotEntry).filter_by(stage_id=stage.id, voter_id=voter.id, key=key)
    entry = db.session.scalars(found).one_or_none()
    if entry and entry.act != act:
        raise KeyUsed
    return Stored(entry.id, entry.act, entry.at, entry.content or "") if entry else None


def _write_down(stage: Stage, voter: Person, key: str, act: str, content: str, named: bool | None = None) -> Stored:
    """`named`: whether its ideas are to have the voter's name; None: those that have it keep it."""
    at, campaign = now(), stage.campaign
    mark = log_keys().ballot_mark(campaign.id, stage.id, voter.id, key, act, micros(at), content)
    enter_book()
    entry = BallotEntry(
        campaign_id=campaign.id,
        stage_id=stage.id,
        voter_id=voter.id,
        key=key,
        act=act,
        at=at,
        mark=mark,
        content=content,
    )
    db.session.add(entry)
    db.session.flush()
    mine = {"stage_id": stage.id, "voter_id": voter.id}
    if act == "cast":
        counts = {"entry_id": entry.id, "content": content}
        put = insert(StageBallot.__table__).values(**mine, **counts)
        db.session.execute(put.on_conflict_do_update(index_elements=list(mine), set_=counts))
    else:
        table = StageBallot.__table__.c
        db.session.execute(
            db.delete(StageBallot.__table__).where(table.stage_id == stage.id, table.voter_id == voter.id)
        )
    if stage.method == "up_down":
        _write_names(stage, voter, content, named)
    for tell in _following:
        tell(stage, voter, content)
    if campaign.stage is stage:
        freeze_rules([campaign])
    return Stored(entry.id, act, at, content)


def _write_names(stage: Stage, voter: Person, content: str, named: bool | None) -> None:
    """Let the voter's name stand where the ballot, as it is now, votes for an idea."""
    chosen = sorted(favoured_in(stage.method, content))
    mine = {"stage_id": stage.id, "voter_id": voter.id}
    kept = [] if named is False else chosen
    table = BallotName.__table__.c
    theirs = table.stage_id == stage.id, table.voter_id == voter.id
    db.session.execute(db.delete(BallotName.__table__).where(*theirs, table.idea_id.not_in(kept)))
    if named and chosen:
        rows = [{**mine, "idea_id": idea, "at": now()} for idea in chosen]
        db.session.execute(insert(BallotName.__table__).values(rows).on_conflict_do_nothing())
