"""Asking to be told what becomes of the ideas that one's ballot is for."""

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.models import Stage
from campaign.clock import now
from campaign.database import insert
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.following import Following
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.methods.access import ballot_of
from campaign.methods.papers import favoured_in


def follow_ballot(voter: Person, stage: Stage) -> int:
    """Tell this person what becomes of the ideas that their ballot is for; gives how many those are. Asked again, it changes nothing.

    An idea that they vote for later is followed when they ask anew. Raises NotThere without a ballot. Does not commit.
    """
    content = ballot_of(voter, stage)
    if content is None:
        raise NotThere
    found = db.select(Idea.id).where(*on_board(stage.campaign), Idea.id.in_(favoured_in(stage.method, content)))
    ideas = db.session.scalars(found).all()
    if ideas:
        asked = insert(Following).values([{"idea_id": idea, "person_id": voter.id, "at": now()} for idea in ideas])
        db.session.execute(asked.on_conflict_do_nothing())
    return len(ideas)


def may_follow(person: Asker, stage: Stage, content: str | None) -> bool:
    """Whether their ballot is for an idea that they aren't told about yet. One question, and none without a ballot."""
    favoured = favoured_in(stage.method, content)
    if not person.is_authenticated or not favoured:
        return False
    followed = db.select(Following.idea_id).where(Following.person_id == person.id)
    untold = db.select(Idea.id).where(*on_board(stage.campaign), Idea.id.in_(favoured), Idea.id.not_in(followed))
    return db.session.scalar(untold.limit(1)) is not None
