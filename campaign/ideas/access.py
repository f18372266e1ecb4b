"""The door to ideas: whoever may see the campaign may see its ideas, withdrawn ones included."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from campaign.brands.access import Asker
from campaign.campaigns.access import campaign_for, may_on, open_to
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.actions import IdeasClosed
from campaign.ideas.models import Idea


class TakenDown(Refused):
    code, status = "taken_down", 410
    message = _l("A moderator has taken this idea down. Its author knows why, and how many were taken down is public.")


def campaign_taking_ideas_for(person: Asker, slug: str) -> Campaign:
    """The campaign, if this person may see it. Raises IdeasClosed where it takes no ideas now, not even such as are built on others."""
    campaign = campaign_for(person, slug)
    if not campaign.accepts_building:
        raise IdeasClosed
    return campaign


def idea_for(person: Asker, idea_id: int, *parts: Any) -> Idea:
    """The idea, if this person may see it. `parts`: what is fetched with it, as loading options."""
    parts = joinedload(Idea.withdrawal), *parts
    idea = db.session.get(Idea, idea_id, options=parts) if 0 < idea_id < 2**31 else None
    if idea is None or not open_to(person, idea.campaign):
        raise NotThere
    if idea.unseen and not idea.is_by(person) and not may_on(person, "see", idea.campaign):
        raise NotThere if idea.withdrawal and idea.withdrawal.kind == "held" else TakenDown
    return idea


def own_idea_for(person: Asker, idea_id: int) -> Idea:
    """The idea, if this person suggested it."""
    idea = idea_for(person, idea_id)
    if not person.is_authenticated or idea.author_id != person.id:
        raise NotThere
    return idea


def authored_idea_for(person: Asker, idea_id: int) -> Idea:
    """The idea, if this person is one of its authors."""
    idea = idea_for(person, idea_id)
    if not idea.is_by(person):
        raise NotThere
    return idea


def idea_for_team(person: Asker, idea_id: int, to: str) -> Idea:
    """The idea, if a role of this person allows `to` on its campaign."""
    idea = idea_for(person, idea_id)
    if not may_on(person, to, idea.campaign):
        raise NotThere
    return idea
