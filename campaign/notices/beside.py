"""What a page tells its reader beside everything else, in one question: what they follow of it, how many notices are unread, and whether they may only read."""

from typing import Any, NamedTuple

from flask import g

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.suspensions import Suspension, standing, suspension_of
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.following import Following
from campaign.ideas.models import Idea
from campaign.notices.listing import counted_unread
from campaign.notices.models import CampaignFollowing, PersonFollowing


class Followed(NamedTuple):
    """What somebody follows of what a page shows."""

    campaign: bool = False
    idea: bool = False
    author: bool = False


def followed_of(person: Asker, campaign: Campaign, idea: Idea | None = None) -> Followed:
    """What this person follows of a board, or of an idea. The header of the same page asks no more for the bell, nor who isn't suspended."""
    if not person.is_authenticated:
        return Followed()
    suspended = Suspension.brand_id == campaign.brand_id, Suspension.person_id == person.id, standing()
    of_campaign = CampaignFollowing.campaign_id == campaign.id, CampaignFollowing.person_id == person.id
    asked = [_is_there(Suspension.brand_id, *suspended), _is_there(CampaignFollowing.campaign_id, *of_campaign)]
    if idea is not None:
        of_idea = Following.idea_id == idea.id, Following.person_id == person.id
        of_author = PersonFollowing.followed_id == idea.author_id, PersonFollowing.person_id == person.id
        asked += [_is_there(Following.idea_id, *of_idea), _is_there(PersonFollowing.followed_id, *of_author)]
    beside = db.session.execute(db.select(counted_unread(person).scalar_subquery(), *asked)).one()
    g.unread_notices, is_suspended, *followed = beside
    if not is_suspended:
        g.takes_part_with = campaign.brand_id
    return Followed(*followed)


def unread_notices(person: Person) -> int:
    """How many this person has not read: one query, unless the page has asked already."""
    if "unread_notices" not in g:
        g.unread_notices = db.session.scalar(counted_unread(person)) or 0
    return int(g.unread_notices)


def suspended_from(person: Asker, brand_id: int) -> Suspension | None:
    """What keeps this person from taking part: one query, unless the page has asked already."""
    return None if g.get("takes_part_with") == brand_id else suspension_of(person, brand_id)


def _is_there(column: Any, *which: Any) -> Any:
    return db.select(column).where(*which).exists()
