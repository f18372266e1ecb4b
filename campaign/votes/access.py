"""What a person may know about votes: their own, and the totals."""

from typing import Any

from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.models import Vote, VoteMinute


def votes_of(person: Asker, idea_ids: list[int]) -> dict[int, bool]:
    """Which of these ideas the person supports, and whether each says something else since then."""
    if not person.is_authenticated or not idea_ids:
        return {}
    mine = db.select(Vote.idea_id, Vote.version < Idea.worded).join(Idea, Idea.id == Vote.idea_id)
    found = db.session.execute(mine.where(Vote.voter_id == person.id, Vote.idea_id.in_(idea_ids)))
    return {idea: bool(reworded) for idea, reworded in found}


def votes_per_minute(campaign: Campaign, minutes: int = 15) -> list[int]:
    """How many votes came in each of the last minutes, the running one last."""
    last = int(now().timestamp() // 60)
    since = db.select(VoteMinute.minute, VoteMinute.votes).where(
        VoteMinute.campaign_id == campaign.id, VoteMinute.minute > last - minutes
    )
    by_minute: dict[Any, int] = dict(db.session.execute(since).all())
    return [by_minute.get(minute, 0) for minute in range(last - minutes + 1, last + 1)]
