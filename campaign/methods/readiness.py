"""What a stage with a ballot lacks before anybody can fill it in: ideas, what they cost for a budget, and not too many to be compared."""

from collections.abc import Iterator

from flask_babel import gettext as _

from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.readiness import Lack, find_lacks_with, miss_with
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.languages import number
from campaign.methods.comparing import IDEAS_MOST, most_ideas


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


def too_many_ideas(stage: Stage) -> Iterator[Lack]:
    """More ideas than are compared. One query, and none for a stage that compares none."""
    if not stage.accepts_votes or stage.method not in IDEAS_MOST:
        return
    most = most_ideas(stage.method)
    # Who has no price stands on no ballot of a budget.
    where = (Idea.cost.is_not(None),) if stage.method == "budget" else ()
    if _there(stage, most + 1, *where):
        yield Lack(
            "stages",
            _(
                "“%(stage)s” compares ideas with each other, at most %(most)s, and more are on the board. "
                "Merge some, take some off, or choose another way to vote.",
                stage=stage.name,
                most=number(most),
            ),
        )


def too_many_for_a_draft(campaign: Campaign) -> Iterator[Lack]:
    """The same before the campaign is published: they may have been imported. One query for each stage that compares ideas."""
    for stage in campaign.stages:
        yield from too_many_ideas(stage)


def _there(stage: Stage, least: int, *where: object) -> bool:
    """Whether so many ideas stand on the board. It looks at no more of them."""
    found = db.select(Idea.id).where(*on_board(stage.campaign), *where).limit(least)
    return len(db.session.scalars(found).all()) >= least


find_lacks_with(missing_ideas)
find_lacks_with(too_many_ideas)
miss_with(too_many_for_a_draft)
