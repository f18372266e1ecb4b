"""The door to campaigns: a draft is its team's, a members' campaign is its members'."""

from campaign.brands.access import Asker, may
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db


def campaign_for(person: Asker, slug: str, to: str | None = None) -> Campaign:
    """The campaign, if this person may see it; with `to`, if a role of theirs allows that on it."""
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None or not open_to(person, campaign) or (to and not may_on(person, to, campaign)):
        raise NotThere
    return campaign


def open_to(person: Asker, campaign: Campaign) -> bool:
    """Whether this person may see the campaign at all."""
    if not campaign.is_draft and campaign.visibility != "members":
        return True
    return may_on(person, "see", campaign)


def may_on(person: Asker, to: str, campaign: Campaign) -> bool:
    """Whether a role of this person, in the brand or in this campaign, allows `to`."""
    return may(person, to, campaign.brand_id, campaign.id)
