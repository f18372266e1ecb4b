"""The door to answering: for who may answer on the idea's campaign, while the idea is on the board."""

from campaign.answers.actions import check_answerable
from campaign.brands.access import Asker
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea


def idea_to_answer_for(person: Asker, idea_id: int) -> Idea:
    """The idea, if a role of this person allows answering it. Raises IdeaWithdrawn where there is nothing to answer."""
    idea = idea_for_team(person, idea_id, to="answer")
    check_answerable(idea)
    return idea
