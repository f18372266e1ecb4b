"""The door to amendments: whoever may see the idea may read what was proposed to it, and how it ended."""

from campaign.amendments.models import Amendment
from campaign.brands.access import Asker
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea

SHOWN = 50  # On an idea's page.


def amendment_for(person: Asker, amendment_id: int) -> Amendment:
    """The amendment, if this person may see its idea."""
    amendment = db.session.get(Amendment, amendment_id) if 0 < amendment_id < 2**31 else None
    if amendment is None:
        raise NotThere
    idea_for(person, amendment.idea_id)
    return amendment


def own_amendment_for(person: Asker, amendment_id: int) -> Amendment:
    """The amendment, if this person proposed it."""
    amendment = amendment_for(person, amendment_id)
    if not person.is_authenticated or amendment.author_id != person.id:
        raise NotThere
    return amendment


def amendment_to_answer_for(person: Asker, amendment_id: int) -> Amendment:
    """The amendment, if this person is an author of its idea."""
    amendment = amendment_for(person, amendment_id)
    if not amendment.idea.is_by(person):
        raise NotThere
    return amendment


def amendments_of(idea: Idea) -> list[Amendment]:
    """What was proposed to an idea, what waits for its answer first, the latest before the others. One query."""
    found = db.select(Amendment).filter_by(idea_id=idea.id).order_by(Amendment.id.desc()).limit(SHOWN)
    return sorted(db.session.scalars(found).unique(), key=lambda amendment: not amendment.is_open)
