"""The door to where ideas stand: who evaluates or moderates says it, and who manages the campaign goes any way."""

from typing import Any

from campaign.brands.access import Asker, rights_of
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.statuses.actions import check_may_stand
from campaign.statuses.lists import statuses_of
from campaign.statuses.models import Status

SETTING = frozenset({"evaluate", "moderate"})


def may_set(rights: Any) -> bool:
    """Whether who has these rights says where ideas stand."""
    return not SETTING.isdisjoint(rights)


def idea_to_place_for(person: Asker, idea_id: int) -> tuple[Idea, bool]:
    """The idea, if this person says where it stands, and whether they may go any way. Raises IdeaWithdrawn."""
    idea = idea_for(person, idea_id)
    rights = rights_of(person, idea.campaign.brand_id, idea.campaign_id)
    if not may_set(rights):
        raise NotThere
    check_may_stand(idea)
    return idea, "manage" in rights


def status_for(campaign: Campaign, key: str) -> Status:
    """The status of this key, if it is on the campaign's list."""
    status = next((status for status in statuses_of(campaign) if status.key == key), None)
    if status is None:
        raise NotThere
    return status
