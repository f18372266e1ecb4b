"""The board's list: five orders, filters, search, and pages that continue where the last one ended."""

import base64
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Category, Tag
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import CoAuthor, Idea, Withdrawal, disclose, idea_tag
from campaign.ideas.searching import matching

PAGE = 48
ORDERS = ("shuffled", "new", "trending", "supported", "discussed")
BY_VOTES = frozenset({"trending", "supported"})  # What these orders say is how many votes there are.
LOTS = 2_147_483_647  # A prime (2^31 - 1): multiplying by anything below it only rearranges the lots.


class NoSuchPage(Refused):
    code, message, status = (
        "no_such_page",
        _l("That page of the list doesn’t exist. Start again from the first."),
        404,
    )


@dataclass(frozen=True)
class Wish:
    """Which ideas somebody wants to see, and in which order."""

    order: str = "new"
    query: str = ""
    tag: str = ""
    category: str = ""
    seed: int = 1  # The visitor's own, for the shuffled order.
    unanswered: bool = False  # Only those that the brand has not answered yet.


@dataclass(frozen=True)
class Page:
    """As much of a list of ideas as is read at once."""

    ideas: list[Idea]
    total: int  # How many match, on all pages.
    cursor: str | None  # Where the next page begins.


def list_ideas(campaign: Campaign, wish: Wish, cursor: str | None = None, size: int = PAGE) -> Page:
    """One page of a campaign's ideas. Raises NoSuchPage for a cursor that we didn't give.

    The number of queries is fixed, whatever the number of ideas.
    """
    among = _among(campaign, wish)
    key, downwards = _order(wish)
    listed = db.select(Idea, key.label("standing")).where(*among).options(*card_parts())
    if cursor:
        last_key, last_id = _read_cursor(cursor, wish.order)
        beyond = key < last_key if downwards else key > last_key
        listed = listed.where(or_(beyond, and_(key == last_key, Idea.id < last_id)))
    listed = listed.order_by(key.desc() if downwards else key, Idea.id.desc()).limit(size + 1)
    rows = db.session.execute(listed).unique().all()
    total = db.session.scalar(db.select(db.func.count()).select_from(Idea).where(*among)) or 0
    more = _write_cursor(wish.order, rows[size - 1].standing, rows[size - 1].Idea.id) if len(rows) > size else None
    ideas = [row.Idea for row in rows[:size]]
    disclose(campaign, ideas)
    return Page(ideas, total, more)


def card_parts() -> tuple[Any, ...]:
    """What a card shows besides the idea's own row, fetched with the list."""
    return (
        joinedload(Idea.author),
        joinedload(Idea.category),
        joinedload(Idea.withdrawal),
        joinedload(Idea.coauthors),
        selectinload(Idea.pictures),
    )


def ideas_by_id(campaign: Campaign, ids: list[int]) -> list[Idea]:
    """These ideas of a campaign as cards, in the order of their ids."""
    found = db.select(Idea).where(Idea.id.in_(ids)).options(*card_parts()).order_by(Idea.id)
    ideas = list(db.session.scalars(found).unique())
    disclose(campaign, ideas)
    return ideas


def of_others(person: Person) -> ColumnElement[bool]:
    """The condition for an idea to be none that this person wrote, alone or with others."""
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.idea_id == Idea.id, CoAuthor.person_id == person.id)
    return and_(Idea.author_id != person.id, ~joined.exists())


def withdrawn_ideas(campaign: Campaign) -> list[Idea]:
    """What its authors took back, the latest first."""
    taken = db.select(Idea).join(Withdrawal).where(Idea.campaign_id == campaign.id).options(*card_parts())
    ideas = list(db.session.scalars(taken.order_by(Withdrawal.at.desc()).limit(500)).unique())
    disclose(campaign, ideas)
    return ideas


class Figures(NamedTuple):
    """A board in figures: its ideas, their votes and remarks in all, and the latest idea's id (0: none)."""

    ideas: int
    votes: int
    comments: int
    newest: int


def count_ideas(campaign: Campaign) -> Figures:
    """The figures of what stands on the board. One query.

    It reads along the indexes alone and then takes off what was withdrawn, which is little. To ask of every idea whether
    it was, and for its row, takes eight times as long, and a board in a lively hour is counted with every message.
    """
    theirs, count, total = Idea.campaign_id == campaign.id, db.func.count(), db.func.sum
    sums = count.label("ideas"), total(Idea.votes).label("votes"), total(Idea.comments).label("comments")
    gone = db.select(*sums).join_from(Withdrawal, Idea).where(theirs).subquery()
    all_of_them = (
        db.select(count).select_from(Idea).where(theirs),
        db.select(total(Idea.votes)).where(theirs, Idea.votes > 0),
        db.select(total(Idea.comments)).where(theirs, Idea.comments > 0),
        db.select(Idea.id).where(*on_board(campaign)).order_by(Idea.id.desc()).limit(1),
    )
    figures = db.session.execute(db.select(*(part.scalar_subquery() for part in all_of_them), gone)).one()
    ideas, votes, comments, newest, *without = (figure or 0 for figure in figures)
    return Figures(ideas - without[0], votes - without[1], comments - without[2], newest)


def count_unanswered(campaign: Campaign) -> int:
    """How many ideas on the board the brand has not answered yet. One query."""
    waiting = db.select(db.func.count()).select_from(Idea).where(*on_board(campaign), Idea.answered_at.is_(None))
    return db.session.scalar(waiting) or 0


def tags_in_use(campaign: Campaign) -> list[Any]:
    """The campaign's tags with how many ideas on the board carry each, the most used first."""
    counted = (
        db.select(Tag.slug, Tag.name, db.func.count().label("count"))
        .join(idea_tag, idea_tag.c.tag_id == Tag.id)
        .join(Idea, Idea.id == idea_tag.c.idea_id)
        .where(*on_board(campaign))
        .group_by(Tag.id)
        .order_by(db.desc("count"), Tag.name)
    )
    return list(db.session.execute(counted).all())


def on_board(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    """The condition for an idea to stand on the campaign's board."""
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    return Idea.campaign_id == campaign.id, ~withdrawn


def _among(campaign: Campaign, wish: Wish) -> list[ColumnElement[bool]]:
    among = list(on_board(campaign))
    if wish.tag:
        tagged: Select[Any] = (
            db.select(idea_tag.c.idea_id).join(Tag).where(Tag.campaign_id == campaign.id, Tag.slug == wish.tag)
        )
        among.append(Idea.id.in_(tagged))
    if wish.category:
        among.append(Idea.category.has(and_(Category.campaign_id == campaign.id, Category.slug == wish.category)))
    if wish.unanswered:
        among.append(Idea.answered_at.is_(None))
    if wish.query and (found := matching(wish.query)) is not None:
        among.append(found)
    return among


def _order(wish: Wish) -> tuple[Any, bool]:
    """The column to order by, and whether the greatest comes first."""
    if wish.order == "shuffled":
        # Each visitor multiplies the lots by a number of their own: every idea is as often first as any other.
        return (Idea.lot * (wish.seed % (LOTS - 1) + 1)) % LOTS, False
    columns = {"new": Idea.id, "trending": Idea.heat, "supported": Idea.votes, "discussed": Idea.comments}
    return columns[wish.order], True


def _write_cursor(order: str, key: float, idea_id: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, key, idea_id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: str) -> tuple[float, int]:
    if len(cursor) > 200:
        raise NoSuchPage
    try:
        asked, key, idea_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise NoSuchPage from None
    sound = (
        asked == order
        and type(idea_id) is int
        and type(key) in (int, float)
        and abs(key) < 2**63
        and 0 < idea_id < 2**31
    )
    if not sound:
        raise NoSuchPage
    return key, idea_id
