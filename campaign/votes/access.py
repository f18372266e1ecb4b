"""What a person may know about votes: their own, and the totals."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import find_voters_with
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.filtering import Filter
from campaign.ideas.models import CoAuthor, Idea
from campaign.votes.ballots import HANDED_BACK
from campaign.votes.models import BallotEntry, Vote, VoteMinute


def votes_of(person: Asker, idea_ids: list[int]) -> dict[int, bool]:
    """Which of these ideas the person supports, and whether each says something else since then."""
    if not person.is_authenticated or not idea_ids:
        return {}
    mine = db.select(Vote.idea_id, Vote.version < Idea.worded).join(Idea, Idea.id == Vote.idea_id)
    found = db.session.execute(mine.where(Vote.voter_id == person.id, Vote.idea_id.in_(idea_ids)))
    return {idea: bool(reworded) for idea, reworded in found}


def unvoted_by(campaign: Campaign, person: Person) -> Filter:
    """The ideas of a board that this person could support, and does not: their own are none of them."""
    other: Any = aliased(Idea)

    def waits(idea: Any) -> tuple[ColumnElement[bool], ...]:
        joined = db.select(CoAuthor.idea_id).where(CoAuthor.idea_id == idea.id, CoAuthor.person_id == person.id)
        given = db.select(Vote.idea_id).where(Vote.idea_id == idea.id, Vote.voter_id == person.id)
        return ~given.exists(), idea.author_id != person.id, ~joined.exists()

    return Filter(db.select(other.id).where(other.campaign_id == campaign.id, *waits(other)), and_(*waits(Idea)))


def votes_per_minute(campaign: Campaign, minutes: int = 15) -> list[int]:
    """How many votes came in each of the last minutes, the running one last."""
    last = int(now().timestamp() // 60)
    since = db.select(VoteMinute.minute, VoteMinute.votes).where(
        VoteMinute.campaign_id == campaign.id, VoteMinute.minute > last - minutes
    )
    by_minute: dict[Any, int] = dict(db.session.execute(since).all())
    return [by_minute.get(minute, 0) for minute in range(last - minutes + 1, last + 1)]


def voters_of(campaigns: Collection[int] | None, people: Collection[int]) -> dict[tuple[int, int], datetime]:
    """When these people last cast a vote in these campaigns (None: in any), by (campaign, person). One query.

    By an act of their own: what was handed back or moved for them is in the book as well, and opens no seal.
    """
    book = BallotEntry.__table__.c
    found = db.select(book.campaign_id, book.voter_id, db.func.max(book.at).label("last"))
    theirs = book.voter_id.in_(people), book.act == "cast", ~book.key.startswith(HANDED_BACK)
    found = found.where(*theirs).group_by(book.campaign_id, book.voter_id)
    if campaigns is not None:
        found = found.where(book.campaign_id.in_(campaigns))
    return {(row.campaign_id, row.voter_id): row.last for row in db.session.execute(found)}


find_voters_with(voters_of)
