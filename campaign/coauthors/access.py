"""Who is asked to join an idea's author, and who could be. Votes are nobody's business, so voters are not among them."""

from campaign.accounts.models import Person
from campaign.amendments.models import Amendment
from campaign.brands.access import Asker
from campaign.campaigns.access import sees
from campaign.coauthors.models import CoAuthorInvitation
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.access import idea_for
from campaign.ideas.models import CoAuthor, Idea

SHOWN = 30  # People to choose from; the search finds the others.


def invitation_for(person: Asker, idea_id: int) -> CoAuthorInvitation:
    """This person's invitation to an idea that they may see, unless they declined it."""
    idea = idea_for(person, idea_id)
    invitation = open_invitation(person, idea)
    if invitation is None:
        raise NotThere
    return invitation


def open_invitation(person: Asker, idea: Idea) -> CoAuthorInvitation | None:
    """This person's invitation to the idea that waits for their answer. One query."""
    if not person.is_authenticated:
        return None
    asked = db.select(CoAuthorInvitation).filter_by(idea_id=idea.id, person_id=person.id, declined_at=None)
    return db.session.scalar(asked)


def invitations_to(idea: Idea) -> list[CoAuthorInvitation]:
    """Everybody who was asked and has not accepted, the first before the others."""
    asked = db.select(CoAuthorInvitation).filter_by(idea_id=idea.id)
    return list(db.session.scalars(asked.order_by(CoAuthorInvitation.at)).unique())


def could_join(idea: Idea, query: str = "") -> list[Person]:
    """Those who wrote a remark or an amendment to the idea, may see it, and were not asked yet, by name. One query."""
    found = db.select(Person).where(*_took_part(idea))
    if query:
        found = found.where(Person.name.icontains(query, autoescape=True))
    return list(db.session.scalars(found.order_by(Person.name, Person.id).limit(SHOWN)))


def may_join(idea: Idea, person_id: int) -> Person | None:
    """This person, where they are one of those."""
    return db.session.scalar(db.select(Person).where(Person.id == person_id, *_took_part(idea)))


def _took_part(idea: Idea) -> tuple[object, ...]:
    remarked = db.select(Comment.author_id).where(Comment.idea_id == idea.id, ~Comment.deletion.has())
    amended = db.select(Amendment.author_id).where(Amendment.idea_id == idea.id)
    return (
        Person.id.in_(remarked.union(amended)),
        sees(idea.campaign),
        Person.id != idea.author_id,
        Person.id.not_in(db.select(CoAuthor.person_id).where(CoAuthor.idea_id == idea.id)),
        Person.id.not_in(db.select(CoAuthorInvitation.person_id).where(CoAuthorInvitation.idea_id == idea.id)),
    )
