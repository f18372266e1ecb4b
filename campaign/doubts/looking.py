"""Looking for doubtful votes and ballots, in the worker: once a minute, at those of the last day."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Integer, tuple_

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.database import begin_writing, given, lock_words, packed
from campaign.doubts.actions import hold_ideas, may_tell, move_votes, named
from campaign.doubts.models import Doubt
from campaign.doubts.signals import Cast, Handed, doubtful, doubtful_ballots
from campaign.extensions import db
from campaign.feedback.models import Comment, Feedback
from campaign.history import record, record_all
from campaign.ideas.models import Idea
from campaign.jobs import job
from campaign.live import announce
from campaign.votes.ballots import HANDED_BACK
from campaign.votes.facts import note_fact, note_facts
from campaign.votes.models import BallotDoubt, BallotEntry, StageBallot, Vote, VoteMinute, VoteNetwork
from campaign.votes.networks import forget_networks

BACK = timedelta(days=1)
MOST = 50_000  # Votes looked at in one go, the latest: it must end within its minute.

log = structlog.get_logger()


@job("doubts")
def look_where_voted() -> None:
    """Set aside what is doubtful, in every campaign with votes or ballots of the last minutes. Commits one after the other."""
    lately = now() - timedelta(minutes=15)
    moved = db.select(VoteMinute.campaign_id).where(VoteMinute.minute >= int(lately.timestamp() // 60)).distinct()
    acts = db.select(BallotEntry.id).where(
        BallotEntry.campaign_id == Stage.campaign_id, BallotEntry.stage_id == Stage.id, BallotEntry.at >= lately
    )
    filled = db.select(Stage.campaign_id).where(Stage.method != "approval", acts.exists()).distinct()
    asked = [(look, moved), (look_at_ballots, filled)]
    for look_at, campaign_id in [(each, number) for each, found in asked for number in db.session.scalars(found).all()]:
        try:
            look_at(db.session.get_one(Campaign, campaign_id))
            db.session.commit()
        except Exception:
            # One campaign must not keep the others waiting; the next look tries it again.
            db.session.rollback()
            log.exception("doubts.unlooked", campaign=campaign_id)
    forget_networks()


def look(campaign: Campaign) -> int:
    """Set aside the campaign's doubtful votes; gives how many. What a person decided stays as decided. Does not commit.

    How many statements that takes while nobody can vote doesn't hang on how many votes or ideas they are.
    """
    found = doubtful(_votes_of(campaign))
    if not (found.keys() - _known(campaign, found) or _counting_still(campaign)):
        return 0  # As mostly: nobody is kept waiting for that.
    # From here until the commit nobody decides, and no other worker looks: what is aside is what is decided.
    begin_writing()
    lock_words(f"doubts {campaign.id}")
    known = _known(campaign, found, held=True)
    fresh: dict[tuple[int, str], list[int]] = defaultdict(list)
    doubts: list[dict[str, Any]] = []
    for (idea, voter), reasons in sorted(found.items()):
        if (idea, voter) not in known:
            group = " ".join(reasons)
            of = {"campaign_id": campaign.id, "idea_id": idea, "voter_id": voter}
            doubts.append({**of, "reasons": reasons, "group": group})
            fresh[idea, group].append(voter)
    # Also what was taken back and cast again since: that answers no doubt.
    leaving = [*_counting_still(campaign, held=True), *(key for key in found if key not in known)]
    ideas = hold_ideas(leaving)
    if doubts:
        db.session.execute(db.insert(Doubt), doubts)
    said = [{"idea": idea, "group": group, "voters": voters} for (idea, group), voters in fresh.items()]
    facts = note_facts(campaign.id, "doubted", said)
    aside = move_votes(campaign, leaving, aside=True, held=ideas)
    told = [
        (ideas[idea], {"number": len(voters), "reasons": group.split(), "fact": fact})
        for ((idea, group), voters), fact in zip(fresh.items(), facts, strict=True)
    ]
    record_all("votes.set_aside", told)
    if fresh and may_tell(campaign):
        announce(campaign.board, "doubts.found")
    return aside


def _known(campaign: Campaign, votes: Iterable[tuple[int, int]], held: bool = False) -> set[tuple[int, int]]:
    """Those of these votes, as (idea, voter), about which there is a doubt already. `held`: about which nobody decides until the commit."""
    asked = given("asked", idea=Integer, voter=Integer)
    doubts = db.select(Doubt.idea_id, Doubt.voter_id).where(
        Doubt.campaign_id == campaign.id, tuple_(Doubt.idea_id, Doubt.voter_id).in_(db.select(*asked.c))
    )
    doubts = doubts.order_by(Doubt.id)
    rows = db.session.execute(doubts.with_for_update() if held else doubts, {"asked_rows": packed(votes)})
    return {(idea, voter) for idea, voter in rows}


def _counting_still(campaign: Campaign, held: bool = False) -> list[tuple[int, int]]:
    """The votes, as (idea, voter), that are in the totals in spite of a doubt that nobody dispelled."""
    same = db.and_(Vote.idea_id == Doubt.idea_id, Vote.voter_id == Doubt.voter_id)
    counting = db.select(Doubt.idea_id, Doubt.voter_id).join(Vote, same).where(~Vote.aside)
    counting = counting.where(Doubt.campaign_id == campaign.id, Doubt.decision.is_distinct_from("count"))
    counting = counting.order_by(Doubt.id)
    found = db.session.execute(counting.with_for_update(of=Doubt) if held else counting)
    return [(idea, voter) for idea, voter in found]


def look_at_ballots(campaign: Campaign) -> int:
    """The same for the ballots of its stages. They leave the count with the doubt: there is no total of theirs to change. Does not commit."""
    found = doubtful_ballots(_ballots_of(campaign))
    if not found:
        return 0
    begin_writing()
    lock_words(f"doubts {campaign.id}")
    stages = {stage.id: stage for stage in campaign.stages}
    doubts = db.select(BallotDoubt.stage_id, BallotDoubt.voter_id).where(BallotDoubt.stage_id.in_(stages))
    known = {(stage, voter) for stage, voter in db.session.execute(doubts)}
    fresh: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (stage, voter), reasons in sorted(found.items()):
        if (stage, voter) not in known:
            group = " ".join(reasons)
            db.session.add(BallotDoubt(stage_id=stage, voter_id=voter, reasons=reasons, group=group))
            fresh[stage, group].append(voter)
    for (stage, group), voters in fresh.items():
        fact = note_fact(campaign.id, "doubted", stage=stage, group=group, voters=voters)
        told: dict[str, Any] = {
            "stage": named(stages[stage]),
            "number": len(voters),
            "reasons": group.split(),
            "fact": fact,
        }
        record("ballots.set_aside", campaign, **told)
    if fresh and may_tell(campaign):
        announce(campaign.board, "doubts.found")
    return sum(map(len, fresh.values()))


def _votes_of(campaign: Campaign) -> list[Cast]:
    """The votes of the last day, with what is known of who gave them. Six questions.

    Without those of people who were brought in from a file: whoever has no password hasn't voted here by themselves.
    """
    since = now() - BACK
    votes: list[Any] = list(
        db.session.execute(
            db.select(Vote.idea_id, Vote.voter_id, Vote.cast_at, Person.joined_at, Person.email)
            .join(Idea, Idea.id == Vote.idea_id)
            .join(Person, Person.id == Vote.voter_id)
            .where(Idea.campaign_id == campaign.id, Vote.cast_at >= since, Person.password_hash.is_not(None))
            .order_by(Vote.cast_at.desc())
            .limit(MOST)
        )
    )
    came = _came_lately(since)
    once = db.select(Vote.voter_id).where(Vote.voter_id.in_(came)).group_by(Vote.voter_id)
    once = once.having(db.func.count() == 1)
    only, networks = (
        set(db.session.scalars(once)) - _who_wrote(came),
        _networks_of({vote.voter_id for vote in votes}, since),
    )
    return [
        Cast(idea, voter, at, joined, email, voter in only, frozenset(networks.get(voter, ())))
        for idea, voter, at, joined, email in votes
    ]


def _ballots_of(campaign: Campaign) -> list[Handed]:
    """The ballots that stand and were handed in or changed in the last day, with what is known of their voters. Six questions."""
    since = now() - BACK
    duels = {stage.id: stage.counted_by["duels"] for stage in campaign.stages if stage.method == "duels"}
    # What it says now, once for each; everybody is asked other pairs, so duels have nothing to be compared by.
    is_last = db.and_(StageBallot.entry_id == BallotEntry.id, BallotEntry.stage_id.not_in(list(duels)))
    acts = (
        db.select(
            BallotEntry.stage_id,
            BallotEntry.voter_id,
            BallotEntry.at,
            Person.joined_at,
            Person.email,
            db.case((is_last, StageBallot.content)).label("content"),
        )
        .join(
            StageBallot,
            db.and_(StageBallot.stage_id == BallotEntry.stage_id, StageBallot.voter_id == BallotEntry.voter_id),
        )
        .join(Person, Person.id == BallotEntry.voter_id)
        .where(
            BallotEntry.campaign_id == campaign.id,
            BallotEntry.at >= since,
            BallotEntry.act == "cast",
            ~BallotEntry.key.startswith(HANDED_BACK),
            Person.password_hash.is_not(None),
        )
        .order_by(BallotEntry.at.desc())
        .limit(MOST)
    )
    moments: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    people: dict[int, tuple[datetime, str]] = {}
    says: dict[tuple[int, int], int] = {}
    for stage, voter, at, joined, email, content in db.session.execute(acts.execution_options(yield_per=1000)):
        moments[stage, voter].append(at)
        people[voter] = joined, email
        if content is not None:
            says[stage, voter] = hash(content)
    came = _came_lately(since)
    # By the book: what was done and taken back was done.
    once = db.select(BallotEntry.voter_id).where(BallotEntry.voter_id.in_(came)).group_by(BallotEntry.voter_id)
    once = once.having(db.func.count(BallotEntry.idea_id) == 0, db.func.count(BallotEntry.stage_id.distinct()) == 1)
    only, networks = set(db.session.scalars(once)) - _who_wrote(came), _networks_of(people, since)
    return [
        Handed(
            stage,
            voter,
            min(at),
            *people[voter],
            voter in only,
            frozenset(networks.get(voter, ())),
            says.get((stage, voter)),
            tuple(at) if stage in duels else (),
            duels.get(stage, 0),
        )
        for (stage, voter), at in moments.items()
    ]


def _came_lately(since: datetime) -> Any:
    """Those who are looked at more closely; for the others nothing hangs on it."""
    return db.select(Person.id).where(Person.joined_at >= since - timedelta(hours=2))


def _who_wrote(came: Any) -> set[int]:
    """Who of them wrote anything. Three questions."""
    wrote = set(db.session.scalars(db.select(Idea.author_id).where(Idea.author_id.in_(came))))
    wrote |= set(db.session.scalars(db.select(Comment.author_id).where(Comment.author_id.in_(came))))
    said = db.select(Feedback.author_id).where(db.or_(Feedback.likes != "", Feedback.misses != ""))
    return wrote | set(db.session.scalars(said.where(Feedback.author_id.in_(came))))


def _networks_of(voters: Collection[int], since: datetime) -> dict[int, set[str]]:
    """From which networks these people voted lately; of all others of the installation nothing is read."""
    networks: dict[int, set[str]] = defaultdict(set)
    asked = given("asked", voter=Integer)
    found = db.select(VoteNetwork.voter_id, VoteNetwork.network).where(
        VoteNetwork.voter_id.in_(db.select(asked.c.voter)), VoteNetwork.day >= int(since.timestamp() // 86_400)
    )
    for voter, network in db.session.execute(found, {"asked_rows": packed([voter] for voter in voters)}):
        networks[voter].add(network)
    return networks
