"""The door to an idea that ran out of time: who manages its campaign may give it more."""

from campaign.brands.access import Asker
from campaign.errors import NotThere
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea


def expired_idea_for(person: Asker, idea_id: int) -> Idea:
    """The idea, if its time ran out and this person manages its campaign."""
    idea = idea_for_team(person, idea_id, to="manage")
    if idea.expiry is None:
        raise NotThere
    return idea
