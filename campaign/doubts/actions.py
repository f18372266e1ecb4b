"""Votes leave the totals and come back to them; the votes themselves, and the book, stay as they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, tuple_

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import begin_writing, given, packed
from campaign.doubts.models import Doubt
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.listing import of_others
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.ideas.trending import cooled, warmed, weight_at, weight_of
from campaign.live import announce
from campaign.statuses.qualifying import qualify
from campaign.votes.facts import note_fact
from campaign.votes.models import BallotDoubt, Vote

D = TypeVar("D", Doubt, BallotDoubt)


class NothingToDecide(Refused):
    code, status = "nothing_to_decide", 409
    message = _l("These votes are not under review any more. Look at the list again.")


class NoReason(Refused):
    code, field = "no_reason", "why"
    message = _l("Say why. It stands in the campaign’s history.")


class OwnVotes(Refused):
    code = "own_votes"
    message = _l("The idea is yours, or one of these votes is. Somebody else of the team decides about them.")


class NoBallotsToDecide(Refused):
    code, status = "no_ballots_to_decide", 409
    message = _l("These ballots are not under review any more. Look at the list again.")


class OwnBallot(Refused):
    code = "own_ballot"
    message = _l(
        "One of these ballots is yours, or an idea that they are about. Somebody else of the team decides about them."
    )


def decide(campaign: Campaign, idea: Idea, group: str, by: Person, decision: str, why: str, was: str = "review") -> int:
    """Count these votes, leave them out, or (`decision` "review") put them under review again; gives how many doubts it settles.

    Only those that are as whoever decides saw them (`was`): a colleague may have decided meanwhile, and more may have come.
    Sent twice, it is one decision. Raises NoReason, OwnVotes, and NothingToDecide.
    """
    if not why:
        raise NoReason
    begin_writing()
    mine = db.select(Doubt).where(Doubt.campaign_id == campaign.id, Doubt.idea_id == idea.id, Doubt.group == group)
    mine = mine.order_by(Doubt.id).with_for_update().execution_options(populate_existing=True)
    doubts = db.session.scalars(mine).all()
    if not doubts:
        raise NothingToDecide
    if by.id in {author.id for author in idea.authors} | {doubt.voter_id for doubt in doubts}:
        raise OwnVotes
    changed = _settle(doubts, by, decision, why, was)
    if changed is None:
        raise NothingToDecide
    if not changed:
        return 0
    db.session.flush()
    votes = [(doubt.idea_id, doubt.voter_id) for doubt in changed]
    hold_ideas(votes)
    voters = [doubt.voter_id for doubt in changed]
    fact = note_fact(campaign.id, "decided", idea=idea.id, group=group, decision=changed[0].decision, voters=voters)
    move_votes(campaign, votes, aside=decision != "count")
    what = {"count": "votes.counted", "leave": "votes.left_out", "review": "votes.reviewed_again"}[decision]
    record(what, idea, by=by, why=why, number=len(changed), reasons=group.split(), fact=fact)
    if may_tell(campaign):
        announce(campaign.board, "doubts.decided")
    return len(changed)


def decide_on_ballots(stage: Stage, group: str, by: Person, decision: str, why: str, was: str = "review") -> int:
    """The same about the ballots of a stage. Raises NoReason, OwnBallot, and NoBallotsToDecide."""
    if not why:
        raise NoReason
    begin_writing()
    mine = db.select(BallotDoubt).where(BallotDoubt.stage_id == stage.id, BallotDoubt.group == group)
    mine = mine.order_by(BallotDoubt.id).with_for_update().execution_options(populate_existing=True)
    doubts = db.session.scalars(mine).all()
    if not doubts:
        raise NoBallotsToDecide
    own = db.select(Idea.id).where(*on_board(stage.campaign), ~of_others(by)).limit(1)  # A ballot is about all of them.
    if by.id in {doubt.voter_id for doubt in doubts} or db.session.scalar(own) is not None:
        raise OwnBallot
    changed = _settle(doubts, by, decision, why, was)
    if changed is None:
        raise NoBallotsToDecide
    if not changed:
        return 0
    said = {"stage": stage.id, "group": group, "decision": changed[0].decision}
    fact = note_fact(stage.campaign_id, "decided", **said, voters=[doubt.voter_id for doubt in changed])
    what = {"count": "ballots.counted", "leave": "ballots.left_out", "review": "ballots.reviewed_again"}[decision]
    told: dict[str, Any] = {"stage": named(stage), "number": len(changed), "reasons": group.split(), "fact": fact}
    record(what, stage.campaign, by=by, why=why, **told)
    if may_tell(stage.campaign):
        announce(stage.campaign.board, "doubts.decided")
    return len(changed)


def may_tell(campaign: Campaign) -> bool:
    """Whether open consoles hear of doubts. Not while counts are sealed: a number on the board would tell that somebody voted."""
    return seal_on(campaign) == "always"


def _settle(doubts: Sequence[D], by: Person, decision: str, why: str, was: str) -> list[D] | None:
    """Write a decision to those of these doubts that are as whoever decides saw them, and give them.

    An empty list where it was made before; None where they are otherwise by now.
    """
    wanted, seen = (None if each == "review" else each for each in (decision, was))
    changed = [doubt for doubt in doubts if doubt.decision == seen != wanted]
    for doubt in changed:
        doubt.decision, doubt.why, doubt.decided_at, doubt.decided_by_id = wanted, why, now(), by.id
    return changed if changed or any(doubt.decision == wanted for doubt in doubts) else None


def named(stage: Stage) -> dict[str, Any]:
    """A stage as the history writes it down."""
    return {"id": stage.id, "kind": stage.kind, "names": stage.names}


def move_votes(
    campaign: Campaign, votes: Iterable[tuple[int, int]], aside: bool, held: dict[int, Idea] | None = None
) -> int:
    """Take these votes, as (idea, voter), out of the totals, or bring them back; gives how many moved. Tells the board. Does not commit.

    Those that are there already, and those that were taken back by their voters, are passed over. `held`: what `hold_ideas` gave
    for them, in the same transaction.
    """
    rows = packed(votes)
    if rows == "[]":
        return 0
    ideas, asked = _held(rows) if held is None else held, given("asked", idea=Integer, voter=Integer)
    table = Vote.__table__
    move = (
        db.update(table)
        .where(tuple_(table.c.idea_id, table.c.voter_id).in_(db.select(*asked.c)), table.c.aside == (not aside))
        .values(aside=aside)
        .returning(table.c.idea_id, table.c.cast_at, table.c.version)
    )
    moved: dict[int, list[datetime]] = defaultdict(list)
    for number, at, version in db.session.connection().execute(move, {"asked_rows": rows}):
        moved[number].append(at)
        if version < ideas[number].worded:
            ideas[number].unconfirmed += -1 if aside else 1
    for number, moments in moved.items():
        idea, weight = ideas[number], weight_of(moments)
        if aside:
            idea.votes -= len(moments)
            idea.heat = cooled(idea.heat, weight, weight_at(idea.submitted_at))
        else:
            idea.votes += len(moments)
            idea.heat = warmed(idea.heat, weight)
    db.session.flush()
    if not aside:
        qualify((ideas[number] for number in sorted(moved)), {campaign.id: campaign})
    if moved and seal_on(campaign) != "ended":  # As with votes: a number on the board would tell of them.
        announce(
            campaign.board,
            "vote.set_aside" if aside else "vote.brought_back",
            votes={number: ideas[number].votes for number in sorted(moved)},
        )
    return sum(map(len, moved.values()))


def hold_ideas(votes: Iterable[tuple[int, int]]) -> dict[int, Idea]:
    """Keep everybody else from the ideas of these votes, as (idea, voter), until the commit: before facts are written about them."""
    return _held(packed(votes))


def _held(rows: str) -> dict[int, Idea]:
    begin_writing()
    asked = given("asked", idea=Integer, voter=Integer)
    # As the ballot box locks them, in the order of their numbers, so that nobody waits in a circle.
    locked = (
        db.select(Idea).where(Idea.id.in_(db.select(asked.c.idea))).order_by(Idea.id).with_for_update(key_share=True)
    )
    found = db.session.scalars(locked.execution_options(populate_existing=True), {"asked_rows": rows})
    return {idea.id: idea for idea in found.unique()}
