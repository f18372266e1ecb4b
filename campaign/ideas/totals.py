"""What stands on a campaign's board, in figures.

All of them read along the indexes alone and then take off what was withdrawn, which is little. To ask of every idea whether it was, and for
its row, takes eight times as long.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select

from campaign.campaigns.models import Campaign, Tag
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal, idea_tag

# For "some time" as a range, which SQLite finds along an index; "is not null" it would ask of each row.
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
ANSWERED = Idea.answered_at > FIRST
WAITING = Idea.answered_at.is_(None)


class Standing(NamedTuple):
    """What no vote moves: a board's ideas, their remarks, and the latest idea's id (0: none)."""

    ideas: int
    comments: int
    newest: int


class Figures(NamedTuple):
    """A board in figures: its ideas, their votes and remarks in all, and the latest idea's id (0: none)."""

    ideas: int
    votes: int
    comments: int
    newest: int


def count_standing(campaign: Campaign) -> Standing:
    """The figures that no vote moves. One query."""
    theirs, count, total = of_board(campaign), db.func.count(), db.func.sum
    all_of_them = (
        db.select(count).select_from(Idea).where(*theirs),
        db.select(total(Idea.comments)).where(*theirs, Idea.comments > 0),
        db.select(Idea.id).where(*on_board(campaign)).order_by(Idea.id.desc()).limit(1),
    )
    gone = db.select(count.label("ideas"), total(Idea.comments).label("comments")).where(*withdrawn_from(campaign))
    figures = db.session.execute(db.select(*(part.scalar_subquery() for part in all_of_them), gone.subquery())).one()
    ideas, comments, newest, *without = (figure or 0 for figure in figures)
    return Standing(ideas - without[0], comments - without[1], newest)


def count_votes(campaign: Campaign) -> int:
    """The votes of all its ideas. One query."""
    every = db.select(db.func.sum(Idea.votes)).where(*of_board(campaign), Idea.votes > 0)
    gone = db.select(db.func.sum(Idea.votes)).where(*withdrawn_from(campaign))
    votes, without = db.session.execute(db.select(every.scalar_subquery(), gone.scalar_subquery())).one()
    return (votes or 0) - (without or 0)


def count_unanswered(campaign: Campaign) -> int:
    """How many ideas on the board the brand has not answered yet. One query."""
    waiting = db.select(db.func.count()).select_from(Idea).where(WAITING)
    every = waiting.where(*of_board(campaign)).scalar_subquery()
    return db.session.scalar(db.select(every - waiting.where(*withdrawn_from(campaign)).scalar_subquery())) or 0


def tags_in_use(campaign: Campaign) -> list[Any]:
    """The campaign's tags with how many ideas on the board carry each, the most used first. One query."""
    return list(db.session.execute(counted_tags(campaign).order_by(db.desc("count"), Tag.name)).all())


def counted_tags(campaign: Campaign) -> Select[Any]:
    """The same as a statement: (slug, name, count)."""
    carried, tag, count = idea_tag.c.idea_id, idea_tag.c.tag_id, db.func.count().label("count")
    uses = db.select(tag, count).group_by(tag)
    every = uses.join(Tag, Tag.id == tag).where(Tag.campaign_id == campaign.id).subquery()
    # Of few ideas, so no database is to begin with all that carry a tag.
    gone = uses.join(Tag, Tag.id == tag + 0).where(Tag.campaign_id == campaign.id)
    gone = gone.where(carried.in_(db.select(Withdrawal.idea_id))).subquery()
    left = every.c.count - db.func.coalesce(gone.c.count, 0)
    return (
        db.select(Tag.slug, Tag.name, left.label("count"))
        .join(every, every.c.tag_id == Tag.id)
        .outerjoin(gone, gone.c.tag_id == Tag.id)
        .where(left > 0)
    )


def on_board(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """The condition for an idea to stand on the campaign's board."""
    return Idea.campaign_id == campaign.id, stands()


def stands() -> ColumnElement[bool]:
    """The condition for an idea not to have been withdrawn."""
    return ~db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()


def found_in(campaign: Campaign) -> ColumnElement[bool]:
    """The condition for an idea that was found otherwise to be one of this campaign.

    Written so that no database begins with all ideas of the campaign, which SQLite takes for few.
    """
    return Idea.campaign_id + 0 == campaign.id


def of_board(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """The condition for an idea to be the campaign's, withdrawn or not."""
    return (Idea.campaign_id == campaign.id,)


def withdrawn_from(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """The condition for an idea to be one of those that were withdrawn from it."""
    return found_in(campaign), Idea.id.in_(db.select(Withdrawal.idea_id))
