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
    """One query or two, and none for a stage without a ballot."""
    if not stage.accepts_votes or stage.method == "approval":
        return
    if stage.method == "budget":
        if waits_in_vain(stage):
            yield _nothing_to_price(stage)
        elif not _there(stage, 1, Idea.cost.is_not(None)):
            yield Lack("", _("No idea has a price yet: nobody could spend the budget."), "prices")
    elif stage.accepts_ideas:
        return  # They may come while it is open.
    elif stage.method == "duels":
        if not _there(stage, 2):
            yield Lack("", _("A duel needs two ideas on the board."), "")
    elif not _there(stage, 1):
        yield Lack("", _("There is no idea to vote on."), "")


def unpriced_for_a_draft(campaign: Campaign) -> Iterator[Lack]:
    """A budget that would wait for prices for ever, told before the campaign is published. One query for each such stage."""
    for stage in campaign.stages:
        if waits_in_vain(stage):
            yield _nothing_to_price(stage)


def waits_in_vain(stage: Stage) -> bool:
    """Whether it is a vote on a budget before which no idea can have a price: none is there, and none comes before it opens.

    Without a price it stays shut, so none comes in it either. One query at most.
    """
    if not (stage.accepts_votes and stage.method == "budget" and (stage.is_coming or stage.campaign.is_draft)):
        return False
    before = [each for each in stage.campaign.stages if each.opens_at < stage.opens_at and not each.has_passed]
    return not any(each.accepts_ideas for each in before) and not _there(stage, 1)


def _nothing_to_price(stage: Stage) -> Lack:
    return Lack(
        "stages",
        _(
            "“%(stage)s” is a vote on a budget, and no idea can come before it opens: none would have a price. "
            "Let ideas come in a stage before it.",
            stage=stage.name,
        ),
    )


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
miss_with(unpriced_for_a_draft)
miss_with(too_many_for_a_draft)
