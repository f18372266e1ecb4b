"""Merging an idea into another, undoing it, and stepping out of it.

Ideas are held first, in the order of their numbers, then their campaign: so votes, ballots and other merges of the campaign come before
or after, and never in between.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, false

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import insert
from campaign.doubts.models import Doubt
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import TitleTaken, take_title
from campaign.ideas.following import Following
from campaign.ideas.joining import join
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.similar import twin_of
from campaign.live import announce
from campaign.merging.checks import (
    HasMerged,
    OtherCampaign,
    ReasonMissing,
    SameIdea,
    check_not_own,
    check_pair,
    check_votes_can_move,
    check_votes_change,
    hold,
    hold_campaign,
)
from campaign.merging.models import Merge, MergedVote
from campaign.merging.telling import tell_authors, tell_supporters
from campaign.votes.actions import count_ballots
from campaign.votes.allowance import cap_of, counted_on
from campaign.votes.ballots import HANDED_BACK, STEPPED_OUT, Ballot
from campaign.votes.book import last_entry
from campaign.votes.facts import hold_facts, note_fact
from campaign.votes.models import BallotEntry, Vote
from campaign.votes.moving import move_votes, recount


class NotMerged(Refused):
    code, message = "not_merged", _l("These are two ideas again: the merge was undone.")


def merge_ideas(idea: Idea, into: Idea, by: Person, reason: str) -> None:
    """Let `into` stand for both: with the votes of both, each person's once, and with the authors of both. Merged again, nothing happens.

    `idea` leaves the board and leads to the other. Whoever supported it is told, and can step out.
    """
    if idea.id == into.id:
        raise SameIdea
    if idea.campaign_id != into.campaign_id:
        raise OtherCampaign
    hold(idea, into)
    if idea.merged_into == into:
        return
    check_pair(idea, into)
    check_not_own(by, idea, into)
    if not reason:
        raise ReasonMissing
    if idea.absorbed:
        raise HasMerged(idea)
    campaign = idea.campaign
    hold_campaign(campaign)
    hold_facts(campaign.id)
    check_votes_can_move(campaign, (idea, into))
    merge = Merge(idea=idea, into=into, by=by, reason=reason, at=now())
    db.session.add(merge)
    db.session.flush()
    newcomers = idea.author_ids - into.author_ids
    under = {idea.author_id: idea.rules_id, **{one.person_id: one.rules_id for one in idea.coauthors}}
    _note_votes(merge, newcomers)
    for person in (author for author in idea.authors if author.id in newcomers):
        join(into, person, under[person.id], merge.at)
    noted = _noted(merge)
    move_votes(
        {idea.id: noted["moved"] | noted["both"] | noted["own"], into.id: noted["author"]}, {into.id: noted["moved"]}
    )
    _date_as_before(merge, into, noted["moved"])
    _keep_decisions(merge, noted["moved"])
    idea.withdrawal = Withdrawal(kind="merged", into=into, reason=reason, at=merge.at)
    recount(idea)
    recount(into)
    follow = db.select(db.literal(into.id), Following.person_id, db.literal(merge.at, Following.at.type))
    followed = insert(Following).from_select(["idea_id", "person_id", "at"], follow.where(Following.idea_id == idea.id))
    db.session.execute(followed.on_conflict_do_nothing())
    merge.entry = last_entry()
    record("idea.merged", idea, by=by, why=reason, into=into.id, title=into.title)
    announce(campaign.board, "idea.merged", votes={into.id: into.votes}, ideas=[into.id], gone=[idea.id])
    tell_supporters("merged", idea, merge)
    tell_authors(merge, by)
    db.session.expire(into, ["absorbed"])


def undo_merge(idea: Idea, by: Person, reason: str = "") -> None:
    """Make two ideas of one again, each with its votes as they were, and with those that came to either since. Undone twice, it is undone once.

    Who stepped out meanwhile stays out; a vote given to the other idea since then stays there. Remarks stay where they were written.
    Raises what makes it impossible by now.
    """
    into = idea.merged_into
    if into is None:
        return
    hold(idea, into)
    merge = standing_merge(idea)
    if merge is None or merge.into_id != into.id:
        return
    check_not_own(by, idea, into)
    take_title(idea.campaign, idea.title)
    if (twin := twin_of(idea.campaign, idea.title)) and twin != into:
        raise TitleTaken(twin, _("Another idea with this title is on the board by now, so this one stays merged."))
    campaign = idea.campaign
    hold_campaign(campaign)
    check_votes_can_move(campaign, (idea, into))
    others = _others(merge)
    back = _what_comes_back(merge, others)
    _hand_authors_over(merge, others, back)
    merge.undone_at = now()
    db.session.flush()
    move_votes(
        {into.id: back.leaving},
        {idea.id: back.returning, into.id: back.authors},
    )
    _date_as_before(merge, idea, back.returning)
    _date_as_before(merge, into, back.authors)
    idea.withdrawal = None
    recount(idea)
    recount(into)
    came = Following.idea_id == into.id, Following.at == merge.at
    db.session.execute(db.delete(Following).where(*came).execution_options(synchronize_session=False))
    record("idea.unmerged", idea, by=by, why=reason, into=into.id, title=into.title)
    totals = {each.id: each.votes for each in (idea, into)}
    announce(campaign.board, "idea.unmerged", votes=totals, ideas=[idea.id, into.id])
    tell_supporters("undone", idea, merge)
    tell_authors(merge, by)
    db.session.expire(into, ["absorbed", "coauthors"])


def step_out(idea: Idea, person: Person) -> None:
    """Take back the vote that a merge moved to the other idea. Who has none there any more is out already.

    Possible until voting is over, also between two votes: its voter had no say in the move.
    """
    into = idea.merged_into
    if into is None:
        raise NotMerged
    hold(idea, into)
    merge = standing_merge(idea)
    if merge is None:
        raise NotMerged
    check_votes_change(idea.campaign, into)
    theirs = db.session.get(MergedVote, (merge.id, person.id))
    if theirs is None or theirs.what != "moved" or db.session.get(Vote, (into.id, person.id)) is None:
        return
    theirs.read = True
    count_ballots([Ballot(person.id, into.id, f"{STEPPED_OUT}{uuid4().hex}", "withdraw")], returning=True)
    db.session.expire(into, ["votes", "heat", "unconfirmed"])


def standing_merge(idea: Idea) -> Merge | None:
    """The merge by which this idea is part of another now."""
    return db.session.scalar(
        db.select(Merge).filter_by(idea_id=idea.id, undone_at=None).execution_options(populate_existing=True)
    )


def _note_votes(merge: Merge, newcomers: set[int]) -> None:
    """Write down every vote that the merge touches. Those set aside after a review stay where they are, in no total."""
    there = db.select(Vote.idea_id, Vote.voter_id).where(Vote.idea_id == merge.into_id).subquery()
    what = case(
        (Vote.voter_id.in_(merge.into.author_ids | newcomers), "own"),
        (there.c.voter_id.is_not(None), "both"),
        else_="moved",
    )
    columns = ["merge_id", "voter_id", "what", "version", "cast_at", "named", "read"]
    said = db.literal(merge.id), Vote.voter_id
    gone = db.select(*said, what, Vote.version, Vote.cast_at, Vote.named, false())
    gone = gone.outerjoin(there, there.c.voter_id == Vote.voter_id).where(Vote.idea_id == merge.idea_id, ~Vote.aside)
    db.session.execute(insert(MergedVote).from_select(columns, gone))
    theirs = db.select(*said, db.literal("author"), Vote.version, Vote.cast_at, Vote.named, false())
    theirs = theirs.where(Vote.idea_id == merge.into_id, Vote.voter_id.in_(newcomers), ~Vote.aside)
    db.session.execute(insert(MergedVote).from_select(columns, theirs).on_conflict_do_nothing())


def _noted(merge: Merge) -> dict[str, set[int]]:
    noted: dict[str, set[int]] = {"moved": set(), "both": set(), "own": set(), "author": set()}
    for voter, what in db.session.execute(
        db.select(MergedVote.voter_id, MergedVote.what).where(MergedVote.merge_id == merge.id)
    ):
        noted[what].add(voter)
    return noted


def _date_as_before(merge: Merge, idea: Idea, voters: Collection[int]) -> None:
    """Let these votes have the date that they were first given, with a name or without; and on the idea that they were given to, the version too."""
    if not voters:
        return
    before = db.select(MergedVote.cast_at).where(MergedVote.merge_id == merge.id, MergedVote.voter_id == Vote.voter_id)
    version = before.with_only_columns(MergedVote.version).scalar_subquery()
    moved = idea.id == merge.into_id and merge.undone_at is None
    named = before.with_only_columns(MergedVote.named).scalar_subquery()
    as_before = {"cast_at": before.scalar_subquery(), "named": named, **({} if moved else {"version": version})}
    noted = db.select(MergedVote.voter_id).where(MergedVote.merge_id == merge.id)
    for some in _some(voters):
        these = Vote.idea_id == idea.id, Vote.voter_id.in_(some), Vote.voter_id.in_(noted)
        change = db.update(Vote).where(*these).values(as_before)
        db.session.execute(change.execution_options(synchronize_session=False))


def _keep_decisions(merge: Merge, voters: Collection[int]) -> None:
    """What a review decided to count, it counts on: a vote that moved is not doubted anew."""
    columns = ("reasons", "group", "found_at", "decision", "decided_at", "decided_by_id", "why")
    kept = db.select(
        Doubt.campaign_id, db.literal(merge.into_id), Doubt.voter_id, *(getattr(Doubt, column) for column in columns)
    ).where(Doubt.idea_id == merge.idea_id, Doubt.decision == "count")
    counted: dict[str, list[int]] = defaultdict(list)
    for some in _some(voters):
        put = insert(Doubt).from_select(
            ["campaign_id", "idea_id", "voter_id", *columns], kept.where(Doubt.voter_id.in_(some))
        )
        put = put.on_conflict_do_nothing().returning(Doubt.voter_id, Doubt.group)
        for voter, group in db.session.execute(put):
            counted[group].append(voter)
    for group, theirs in sorted(counted.items()):
        told = {"idea": merge.into_id, "group": group, "decision": "count", "voters": sorted(theirs)}
        note_fact(merge.idea.campaign_id, "decided", **told, merged=merge.idea_id)


@dataclass
class _Back:
    """What an undo gives back, and takes."""

    returning: set[int] = field(default_factory=set)  # Who supports the idea again,
    leaving: set[int] = field(default_factory=set)  # and the other one no more.
    # Whose vote for the other had been taken back, as they became an author.
    authors: set[int] = field(default_factory=set)


def _others(merge: Merge) -> list[Merge]:
    found = db.select(Merge).where(Merge.into_id == merge.into_id, Merge.undone_at.is_(None), Merge.id != merge.id)
    return list(db.session.scalars(found.order_by(Merge.id)))


def _what_comes_back(merge: Merge, others: list[Merge]) -> _Back:
    noted = _noted(merge)
    acts = _acts_since(merge)
    out = {voter for voter, act in acts if act == "withdraw"}
    anew = {voter for voter, act in acts if act == "cast"}
    still = set(db.session.scalars(db.select(Vote.voter_id).where(Vote.idea_id == merge.into_id)))
    moved = noted["moved"] - out
    # Where another merged idea of theirs stands there too, the vote there is for that one now.
    by_another: dict[int, Merge] = {}
    for other in others:
        for voter in _noted(other)["both"] & moved:
            by_another.setdefault(voter, other)
    for voter, other in by_another.items():
        db.session.get_one(MergedVote, (other.id, voter)).what = "moved"
    for other in others:  # A vote that came by this merge is not given back by that one.
        for voter in _noted(other)["author"] & noted["moved"]:
            db.session.delete(db.session.get_one(MergedVote, (other.id, voter)))
    back = _Back(
        returning=moved | (noted["both"] - out) | noted["own"],
        leaving=(moved & still) - anew - by_another.keys(),
        authors=noted["author"] - still - out,
    )
    _keep_within_cap(merge, back)
    return back


def _acts_since(merge: Merge) -> set[tuple[int, str]]:
    """What the voters did on the other idea themselves since the merge, as (voter, act)."""
    theirs = db.select(MergedVote.voter_id).where(MergedVote.merge_id == merge.id)
    own = db.select(BallotEntry.voter_id, BallotEntry.act).where(
        BallotEntry.voter_id.in_(theirs),
        BallotEntry.idea_id == merge.into_id,
        BallotEntry.id > merge.entry,
        db.or_(~BallotEntry.key.startswith(HANDED_BACK), BallotEntry.key.startswith(STEPPED_OUT)),
    )
    return {(voter, act) for voter, act in db.session.execute(own.distinct())}


def _keep_within_cap(merge: Merge, back: _Back) -> None:
    """Who gave the vote that the merge had freed to another idea since then keeps it there."""
    cap = cap_of(merge.idea.campaign)
    if cap is None:
        return
    theirs = db.select(Vote.voter_id, db.func.count()).join(Idea, Idea.id == Vote.idea_id)
    held: dict[int, int] = {}
    for some in _some(back.returning | back.authors):
        counted = theirs.where(*counted_on(merge.idea.campaign), Vote.voter_id.in_(some)).group_by(Vote.voter_id)
        held |= dict(db.session.execute(counted).all())
    # Where the other idea has left the board meanwhile, a vote there is none of those that were counted.
    freed = back.leaving if not merge.into.withdrawn else set()
    full = {voter for voter, votes in held.items() if votes - (voter in freed) >= cap}
    back.returning -= full
    back.authors -= full


def _hand_authors_over(merge: Merge, others: list[Merge], back: _Back) -> None:
    """End the co-authorship that came by this merge, but for those who are authors of another idea that is merged there still."""
    elsewhere = {author: other for other in reversed(others) for author in other.idea.author_ids}
    for joined in [one for one in merge.into.coauthors if one.since == merge.at]:
        other = elsewhere.get(joined.person_id)
        if other is None:
            merge.into.coauthors.remove(joined)
            continue
        joined.since = other.at
        if joined.person_id in back.authors:
            row = db.session.get_one(MergedVote, (merge.id, joined.person_id))
            if db.session.get(MergedVote, (other.id, joined.person_id)) is None:
                row.merge_id = other.id
    back.authors -= merge.into.author_ids
    db.session.flush()


def _some(voters: Collection[int], most: int = 1000) -> list[list[int]]:
    """A thousand at a time: SQLite takes no more than so many values."""
    every = sorted(voters)
    return [every[first : first + most] for first in range(0, len(every), most)]
