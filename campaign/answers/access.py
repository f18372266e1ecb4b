"""The door to answering: for who may answer on the idea's campaign, while the idea is on the board. What the team notes is the team's."""

from campaign.accounts.models import Person
from campaign.answers.actions import check_answerable
from campaign.brands.access import MAY, Asker
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea


def idea_to_answer_for(person: Asker, idea_id: int) -> Idea:
    """The idea, if a role of this person allows answering it. Raises IdeaWithdrawn where there is nothing to answer."""
    idea = idea_for_team(person, idea_id, to="answer")
    check_answerable(idea)
    return idea


def colleagues_on(campaign: Campaign, to: str) -> list[Person]:
    """Whose role in the brand, or in this campaign, allows `to`; by name. One query."""
    theirs = db.select(Membership.person_id).where(
        Membership.brand_id == campaign.brand_id,
        Membership.role.in_([role for role, rights in MAY.items() if to in rights]),
        db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == campaign.id),
    )
    found = db.session.scalars(db.select(Person).where(Person.id.in_(theirs)))
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))
