"""The door to evaluation: who evaluates has their own cards, who reads figures has everybody's; and authors what is said to them."""

from typing import Any

from campaign.brands.access import Asker, rights_of
from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.evaluation.clarifying import clarifications_of
from campaign.evaluation.models import Card, Clarification, Reviewing
from campaign.extensions import db
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.statuses.access import may_set

TEAM = frozenset({"evaluate", "analyse"})


def evaluation_for(person: Asker, slug: str) -> tuple[Campaign, set[str]]:
    """The campaign with what this person may do on it, if they evaluate its ideas or read its figures."""
    campaign = campaign_for(person, slug)
    rights = rights_of(person, campaign.brand_id, campaign.id)
    if TEAM.isdisjoint(rights):
        raise NotThere
    return campaign, rights


def idea_to_evaluate_for(person: Asker, idea_id: int) -> tuple[Idea, set[str]]:
    """The same for an idea."""
    idea = idea_for(person, idea_id)
    rights = rights_of(person, idea.campaign.brand_id, idea.campaign_id)
    if TEAM.isdisjoint(rights):
        raise NotThere
    return idea, rights


def is_asked(person: Asker, idea: Idea) -> bool:
    """Whether this person is asked to evaluate the idea."""
    return person.is_authenticated and db.session.get(Reviewing, (idea.id, person.id)) is not None


def idea_in_talk_for(person: Asker, idea_id: int) -> tuple[Idea, bool]:
    """The idea, and whether this person sends it back and goes on with it: if they do, or are one of its authors."""
    idea = idea_for(person, idea_id)
    if idea.is_by(person):
        return idea, False
    if not may_set(rights_of(person, idea.campaign.brand_id, idea.campaign_id)):
        raise NotThere
    return idea, True


def words_to_authors(person: Asker, idea: Idea) -> list[Card]:
    """What reviewers say to the idea's authors, for one of them alone, the latest first. One query, or none."""
    if not idea.is_by(person):
        return []
    said: Any = db.or_(Card.to_authors != "", Card.marks_to_authors)
    found = db.select(Card).where(Card.idea_id == idea.id, Card.submitted_at.is_not(None), said)
    return list(db.session.scalars(found.order_by(Card.submitted_at.desc(), Card.id.desc())))


def clarifications_for(person: Asker, idea: Idea, rights: set[str]) -> list[Clarification]:
    """What its authors were asked, for them and for the team, the latest first. One query, or none."""
    if not idea.is_by(person) and "see" not in rights:
        return []
    return clarifications_of(idea)
