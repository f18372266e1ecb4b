"""Totals of many campaigns at once, for the pages that list them."""

from dataclasses import dataclass

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal


@dataclass(frozen=True)
class Counts:
    """What stands on a campaign's board, in figures."""

    ideas: int = 0
    votes: int = 0
    comments: int = 0


def count_into(campaigns: list[Campaign]) -> list[Campaign]:
    """Give each of these campaigns its `counts`. One query, however many there are."""
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    counted = (
        db.select(Idea.campaign_id, db.func.count(), db.func.sum(Idea.votes), db.func.sum(Idea.comments))
        .where(Idea.campaign_id.in_([campaign.id for campaign in campaigns]), ~withdrawn)
        .group_by(Idea.campaign_id)
    )
    found = {campaign_id: Counts(*figures) for campaign_id, *figures in db.session.execute(counted)}
    for campaign in campaigns:
        campaign.counts = found.get(campaign.id, Counts())
    return campaigns
