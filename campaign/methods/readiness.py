"""What a stage with a ballot lacks before anybody can fill it in: ideas, and for a budget what they cost."""

from collections.abc import Iterator

from flask_babel import gettext as _

from campaign.campaigns.models import Stage
from campaign.campaigns.readiness import Lack, find_lacks_with
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board


def missing_ideas(stage: Stage) -> Iterator[Lack]:
    """One query, and none for a stage without a ballot."""
    if not stage.accepts_votes or stage.method == "approval":
        return
    if stage.method == "budget":
        if not _there(stage, 1, Idea.cost.is_not(None)):
            yield Lack("", _("No idea has a price yet: nobody could spend the budget."), "prices")
    elif stage.accepts_ideas:
        return  # They may come while it is open.
    elif stage.method == "duels":
        if not _there(stage, 2):
            yield Lack("", _("A duel needs two ideas on the board."), "")
    elif not _there(stage, 1):
        yield Lack("", _("There is no idea to vote on."), "")


def _there(stage: Stage, least: int, *where: object) -> bool:
    """Whether so many ideas stand on the board. It looks at no more of them."""
    found = db.select(Idea.id).where(*on_board(stage.campaign), *where).limit(least)
    return len(db.session.scalars(found).all()) >= least


find_lacks_with(missing_ideas)
