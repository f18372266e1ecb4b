"""Building on somebody's idea: what its licence allows, what it asks for, and where an idea comes from.

CC0 asks for nothing, BY for the names, BY-SA for the names and the same licence; where all rights stay with the author, nobody else
builds on it. Names are shown in every case: an idea keeps which one it was built on.
"""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from campaign.brands.access import Asker
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.holding import in_sight
from campaign.ideas.models import Idea

FURTHEST = 20  # Steps of a lineage that a page tells.
MOST = 50  # Ideas built on one that its page names.


class NotShared(Refused):
    code = "not_shared"
    message = _l(
        "All rights to this idea stay with its authors, so nobody else can build on it. You can propose an amendment, or ask them in a remark."
    )


class BuiltOnWithdrawn(Refused):
    code, message = "built_on_withdrawn", _l("This idea has left the board, so nothing can be built on it.")


def may_build_on(idea: Idea, person: Asker) -> bool:
    """Whether the idea's licence lets this person build on it. To its own authors it always does."""
    return LICENCES[idea.licence].url is not None or idea.is_by(person)


def check_building(parent: Idea, campaign: Campaign, by: Asker) -> None:
    """Raise what keeps this person from building on `parent` in this campaign."""
    if parent.campaign_id != campaign.id:
        raise NotThere
    if parent.withdrawn:
        raise BuiltOnWithdrawn
    if not may_build_on(parent, by):
        raise NotShared


def takes(campaign: Campaign, parent: Idea | None) -> bool:
    """Whether the campaign takes an idea now that is built on this one, or on none."""
    return campaign.accepts_ideas or (parent is not None and campaign.accepts_building)


def idea_to_build_on(campaign: Campaign, number: object) -> Idea | None:
    """The idea of this campaign that a form names, if there is one. What is out of sight is not: the page would tell its title."""
    text = str(number or "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    idea = db.session.scalar(db.select(Idea).filter_by(id=int(text), campaign_id=campaign.id))
    return None if idea is None or idea.unseen else idea


def licence_for(campaign: Campaign, parent: Idea | None = None) -> str:
    """Under what an idea is shared that comes in now: as the campaign says, unless what it is built on asks for more."""
    if parent is not None and parent.licence == "by-sa":
        return "by-sa"
    if parent is not None and parent.licence == "by" and campaign.licence == "zero":
        return "by"  # Its words ask for their author's name, whatever the campaign says by now.
    return campaign.licence


def lineage_of(idea: Idea) -> list[Idea]:
    """What the idea was built on, step by step, the first before the others, without what is out of sight. One query."""
    if idea.parent_id is None:
        return []
    line = db.select(Idea.id, Idea.parent_id, db.literal(1).label("step")).where(Idea.id == idea.parent_id)
    chain = line.cte("chain", recursive=True)
    chain = chain.union_all(
        db.select(Idea.id, Idea.parent_id, chain.c.step + 1)
        .join(chain, Idea.id == chain.c.parent_id)
        .where(chain.c.step < FURTHEST)
    )
    found = db.select(Idea).join(chain, chain.c.id == Idea.id).where(in_sight()).order_by(chain.c.step.desc())
    return list(
        db.session.scalars(
            found.options(joinedload(Idea.author), joinedload(Idea.recorded), joinedload(Idea.coauthors))
        ).unique()
    )


def built_on(idea: Idea) -> list[Idea]:
    """What was built on the idea, the first before the others. One query."""
    found = db.select(Idea).where(Idea.parent_id == idea.id, ~Idea.withdrawal.has()).order_by(Idea.id).limit(MOST)
    return list(
        db.session.scalars(
            found.options(joinedload(Idea.author), joinedload(Idea.recorded), joinedload(Idea.coauthors))
        ).unique()
    )
