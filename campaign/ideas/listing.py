"""The board's list: five orders, filters, search, and pages that continue where the last one ended."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.ideas.filtering import MOST, Filter, Wish, count_found, filters_of
from campaign.ideas.models import UNSEEN, CoAuthor, Idea, Withdrawal, disclose
from campaign.ideas.orders import Line, Near, line_of
from campaign.ideas.totals import Standing, count_standing, found_in, on_board, stands

PAGE = 48
NEAR = (200, 3000)  # Ideas among which a page is sought first, where many match, and then.

Keep: TypeAlias = Callable[[Hashable, Callable[[], Any]], Any]


@dataclass(frozen=True)
class Page:
    """As much of a list of ideas as is read at once."""

    ideas: list[Idea]
    total: int  # How many match, on all pages.
    cursor: str | None  # Where the next page begins.
    many: bool = False  # More match than that: they weren't all counted.


def afresh(what: Hashable, find: Callable[[], Any]) -> Any:
    """Count this now."""
    return find()


def list_ideas(
    campaign: Campaign,
    wish: Wish,
    cursor: str | None = None,
    size: int = PAGE,
    keep: Keep = afresh,
    besides: Sequence[Filter] = (),
) -> Page:
    """One page of a campaign's ideas. Raises NoSuchPage for a cursor that we didn't give.

    `keep(what, find)` gives what is counted over the whole board from where that is kept. The number of queries is bounded, whatever the
    number of ideas; and the ids are chosen along an index, so that little more is read than the page. `besides`: filters that are the
    reader's own, so what they leave is counted for each.
    """
    filters = [*filters_of(campaign, wish), *besides]
    standing: Standing = keep("standing", lambda: count_standing(campaign))
    total, many = standing.ideas, False
    if filters:
        passed = ("found", wish.query, wish.tag, wish.category, wish.status, wish.unanswered)
        total = count_found(campaign, filters) if besides else keep(passed, lambda: count_found(campaign, filters))
        total, many = min(total, MOST), total > MOST
    line = line_of(wish.order, wish.seed, cursor, standing.ideas)
    rows = None
    if many or (not filters and wish.order == "shuffled"):
        for some in NEAR if filters else (size,):
            if (rows := _read_near(filters, line.near(campaign, some), line, size)) is not None:
                break
    if rows is None:  # Few match, or an index has them in this very order.
        rows = _read_all(campaign, filters, line, size)
    found = {idea.id: idea for idea in ideas_by_id(campaign, [row.id for row in rows[:size]])}
    ideas = [found[row.id] for row in rows[:size] if row.id in found]
    return Page(ideas, total, line.cursor(rows[size - 1]) if len(rows) > size else None, many)


def _read_near(filters: list[Filter], near: Near, line: Line, size: int) -> list[Any] | None:
    """The page from the next ideas of the board alone. None where too few of them match to be sure of it."""
    asked = line.read().where(Idea.id.in_(near.ids.correlate(None)), stands(), *(filter.each for filter in filters))
    rows = db.session.execute(asked.limit(size + 1), near.given).all()
    return list(rows) if near.are_all or len(rows) > size else None


def _read_all(campaign: Campaign, filters: list[Filter], line: Line, size: int) -> list[Any]:
    """The page from everything that matches."""
    asked: Select[Any] = line.read().limit(size + 1)
    if not filters:
        return list(db.session.execute(asked.where(*on_board(campaign))).all())
    first, *others = filters
    found = first.ids.subquery()
    asked = asked.join(found, found.c.id == Idea.id).where(found_in(campaign), stands())
    return list(db.session.execute(asked.where(*(filter.each for filter in others))).all())


def card_parts() -> tuple[Any, ...]:
    """What a card shows besides the idea's own row, fetched with the list."""
    return (
        joinedload(Idea.author),
        joinedload(Idea.category),
        joinedload(Idea.withdrawal),
        joinedload(Idea.status),
        joinedload(Idea.climb),
        joinedload(Idea.recorded),
        joinedload(Idea.coauthors),
        selectinload(Idea.pictures),
    )


def ideas_by_id(campaign: Campaign, ids: list[int]) -> list[Idea]:
    """These ideas of a campaign as cards, in the order of their ids."""
    found = db.select(Idea).where(Idea.id.in_(ids), found_in(campaign)).options(*card_parts()).order_by(Idea.id)
    ideas = list(db.session.scalars(found).unique())
    disclose(campaign, ideas)
    return ideas


def of_others(person: Person) -> ColumnElement[bool]:
    """The condition for an idea to be none that this person wrote, alone or with others."""
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.idea_id == Idea.id, CoAuthor.person_id == person.id)
    return and_(Idea.author_id != person.id, ~joined.exists())


def withdrawn_ideas(campaign: Campaign, expired: bool = False) -> list[Idea]:
    """What left the board, the latest first, with what stands for it now. `expired`: only what ran out of time."""
    into = joinedload(Idea.withdrawal).joinedload(Withdrawal.into).joinedload(Idea.withdrawal)
    taken = (
        db.select(Idea)
        .join(Idea.withdrawal)
        .where(Idea.campaign_id == campaign.id, Withdrawal.kind.not_in(UNSEEN))
        .options(*card_parts(), into, joinedload(Idea.expiry))
    )
    if expired:
        taken = taken.where(Withdrawal.kind == "expired")
    ideas = list(db.session.scalars(taken.order_by(Withdrawal.at.desc()).limit(500)).unique())
    disclose(campaign, ideas)
    return ideas
