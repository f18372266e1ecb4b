"""Filters of a board's list, and how many ideas pass them.

Each is said in two ways: as the ids that pass it, for what few ideas pass, and as a question to one idea, for what most do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased

from campaign.campaigns.models import Campaign, Category, Tag
from campaign.extensions import db
from campaign.ideas.models import Idea, idea_tag
from campaign.ideas.searching import saying
from campaign.ideas.totals import FIRST, found_in, stands

QUALIFIED = (
    "qualified"  # In place of a status: what has the supporters that were asked, and still stands where all begin.
)
MOST = 1000  # Matching ideas that are counted; beyond it is said that there are more.


@dataclass(frozen=True)
class Wish:
    """Which ideas somebody wants to see, and in which order."""

    order: str = "new"
    query: str = ""
    tag: str = ""
    category: str = ""
    seed: int = 1  # The visitor's own, for the shuffled order.
    unanswered: bool = False  # Only those that the brand has not answered yet.
    status: str = ""  # Only those that stand there: a status by its key, or QUALIFIED.
    unvoted: bool = False  # Only those that wait for the reader's vote: whoever lists them says which those are.


class Filter(NamedTuple):
    """What an idea must be to be listed."""

    ids: Any  # A selection of ids, which may be another campaign's.
    each: ColumnElement[bool]  # A condition on Idea.


def filters_of(campaign: Campaign, wish: Wish) -> list[Filter]:
    """What the wish asks for, beginning with what fewest ideas pass, as a rule."""
    filters = []
    if wish.query and (said := saying(wish.query)) is not None:
        filters.append(Filter(said.ids, said.each))
    if wish.tag:
        filters.append(_tagged(campaign, wish.tag))
    if wish.category:
        filters.append(_in_category(campaign, wish.category))
    if wish.status:
        filters.append(_standing_at(campaign, wish.status))
    if wish.unanswered:
        other = aliased(Idea)
        waiting = db.select(other.id).where(other.campaign_id == campaign.id, other.answered_at.is_(None))
        filters.append(Filter(waiting, Idea.answered_at.is_(None)))
    return filters


def count_found(campaign: Campaign, filters: Sequence[Filter]) -> int:
    """How many ideas on the board pass all filters; of more than MOST, MOST + 1. One query."""
    first, *others = filters
    found = first.ids.subquery()
    some = db.select(Idea.id).join(found, found.c.id == Idea.id).limit(MOST + 1)
    some = some.where(found_in(campaign), stands(), *(filter.each for filter in others))
    return db.session.scalar(db.select(db.func.count()).select_from(some.subquery())) or 0


def _tagged(campaign: Campaign, slug: str) -> Filter:
    tag = db.select(Tag.id).where(Tag.campaign_id == campaign.id, Tag.slug == slug).scalar_subquery()
    carried = db.select(idea_tag.c.idea_id.label("id")).where(idea_tag.c.tag_id == tag)
    return Filter(carried, db.exists().where(idea_tag.c.idea_id == Idea.id, idea_tag.c.tag_id == tag))


def _in_category(campaign: Campaign, slug: str) -> Filter:
    of_campaign = db.select(Category.id).where(Category.campaign_id == campaign.id, Category.slug == slug)
    category, other = of_campaign.scalar_subquery(), aliased(Idea)
    # Where one idea is asked, SQLite is not to begin with all of the category.
    return Filter(db.select(other.id).where(other.category_id == category), Idea.category_id + 0 == category)


def _standing_at(campaign: Campaign, key: str) -> Filter:
    other = aliased(Idea)
    theirs = db.select(other.id).where(other.campaign_id == campaign.id)
    if key == QUALIFIED:
        waiting = theirs.where(other.status_id.is_(None), other.qualified_at > FIRST)
        return Filter(waiting, and_(Idea.status_id.is_(None), Idea.qualified_at.is_not(None)))
    return Filter(theirs.where(other.status_id > 0, other.status.has(key=key)), Idea.status.has(key=key))
