"""Looking for doubtful votes, in the worker: once a minute, at the votes of the last day."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import structlog

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing, lock_words
from campaign.doubts.actions import move_votes
from campaign.doubts.models import Doubt
from campaign.doubts.signals import Cast, doubtful
from campaign.extensions import db
from campaign.feedback.models import Comment, Feedback
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.jobs import job
from campaign.votes.models import Vote, VoteMinute, VoteNetwork
from campaign.votes.networks import forget_networks

BACK = timedelta(days=1)
MOST = 50_000  # Votes looked at in one go, the latest: it must end within its minute.

log = structlog.get_logger()


@job("doubts")
def look_where_voted() -> None:
    """Set aside what is doubtful, in every campaign with votes of the last minutes. Commits one after the other."""
    lately = int((now() - timedelta(minutes=15)).timestamp() // 60)
    moved = db.select(VoteMinute.campaign_id).where(VoteMinute.minute >= lately).distinct()
    for campaign_id in db.session.scalars(moved).all():
        try:
            look(db.session.get_one(Campaign, campaign_id))
            db.session.commit()
        except Exception:
            # One campaign must not keep the others waiting; the next look tries it again.
            db.session.rollback()
            log.exception("doubts.unlooked", campaign=campaign_id)
    forget_networks()


def look(campaign: Campaign) -> int:
    """Set aside the campaign's doubtful votes; gives how many. What a person decided stays as decided. Does not commit."""
    found = doubtful(_votes_of(campaign))
    # From here until the commit nobody decides, and no other worker looks: what is aside is what is decided.
    begin_writing()
    lock_words(f"doubts {campaign.id}")
    doubts = db.select(Doubt.idea_id, Doubt.voter_id, Doubt.decision).where(Doubt.campaign_id == campaign.id)
    known = {
        (idea, voter): decision
        for idea, voter, decision in db.session.execute(doubts.order_by(Doubt.id).with_for_update())
    }
    fresh: dict[tuple[int, str], int] = defaultdict(int)
    for (idea, voter), reasons in sorted(found.items()):
        if (idea, voter) not in known:
            group = " ".join(reasons)
            db.session.add(Doubt(campaign_id=campaign.id, idea_id=idea, voter_id=voter, reasons=reasons, group=group))
            fresh[idea, group] += 1
    # Also what was taken back and cast again since: that answers no doubt.
    standing = [key for key, decision in known.items() if decision != "count"]
    aside = move_votes(campaign, [*standing, *(key for key in found if key not in known)], aside=True)
    for (idea, group), number in fresh.items():
        record("votes.set_aside", db.session.get_one(Idea, idea), number=number, reasons=group.split())
    return aside


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
    # Those who came lately are looked at more closely; for the others nothing hangs on it.
    came = db.select(Person.id).where(Person.joined_at >= since - timedelta(hours=2))
    wrote = set(db.session.scalars(db.select(Idea.author_id).where(Idea.author_id.in_(came))))
    wrote |= set(db.session.scalars(db.select(Comment.author_id).where(Comment.author_id.in_(came))))
    said = db.select(Feedback.author_id).where(db.or_(Feedback.likes != "", Feedback.misses != ""))
    wrote |= set(db.session.scalars(said.where(Feedback.author_id.in_(came))))
    once = db.select(Vote.voter_id).where(Vote.voter_id.in_(came)).group_by(Vote.voter_id)
    once = once.having(db.func.count() == 1)
    only = set(db.session.scalars(once)) - wrote
    networks: dict[int, set[str]] = defaultdict(set)
    for voter, network in db.session.execute(
        db.select(VoteNetwork.voter_id, VoteNetwork.network).where(VoteNetwork.day >= int(since.timestamp() // 86_400))
    ):
        networks[voter].add(network)
    return [
        Cast(idea, voter, at, joined, email, voter in only, frozenset(networks.get(voter, ())))
        for idea, voter, at, joined, email in votes
    ]
