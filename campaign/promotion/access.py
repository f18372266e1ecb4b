"""The door to the tools of an idea: its authors', while it is on the board."""

from campaign.brands.access import Asker
from campaign.errors import NotThere
from campaign.ideas.access import idea_for
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea


def promoted_idea_for(person: Asker, idea_id: int) -> Idea:
    """The idea, if this person is one of its authors. Raises IdeaWithdrawn where it has left the board."""
    idea = idea_for(person, idea_id)
    if not idea.is_by(person):
        raise NotThere
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind)
    return idea
