"""What a campaign's team has to answer: what is due when, what is overdue, whose it is, and what was answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Select, cast, extract
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import Person
from campaign.answers.assigning import stamp_of_assignment
from campaign.answers.clock import EPOCH, due_before, due_seconds
from campaign.answers.models import Answer, AnswerDraft, Assignment, stamp_of
from campaign.campaigns.errands import Errand, ask_of_team
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.orders import NoSuchPage
from campaign.ideas.totals import ANSWERED, WAITING, of_board, on_board, withdrawn_from

SHOWN = 30  # On one page.
SOON = timedelta(days=2)
VIEWS = ("waiting", "overdue", "drafts", "answered")
WHOSE = ("all", "mine", "unassigned")


@dataclass(frozen=True)
class Line:
    """An idea in the queue."""

    idea: Idea
    due: datetime
    assignment: Assignment | None
    draft: AnswerDraft | None
    answer: Answer | None

    @property
    def state(self) -> str:
        """Whether its time is up, nearly up, or not; or how it was answered."""
        if self.answer is not None:
            return "in_time" if self.answer.at <= self.due else "late"
        moment = now()
        return "overdue" if self.due < moment else "soon" if self.due < moment + SOON else "waiting"

    @property
    def assignment_stamp(self) -> str:
        return stamp_of_assignment(self.assignment)

    @property
    def draft_stamp(self) -> str:
        return stamp_of(None, self.draft)


@dataclass(frozen=True)
class Queue:
    """One page of it."""

    lines: list[Line]
    cursor: str | None  # Where the next page begins.


def queue(
    campaign: Campaign, person: Person, view: str, whose: str, team: Collection[Person], after: str | None
) -> Queue:
    """One page: what is due first comes first; of what was answered, the latest. Raises NoSuchPage. The number of queries is fixed.

    What is somebody's who answers no more is nobody's.
    """
    place: Any = _seconds(Idea.answered_at) if view == "answered" else due_seconds(campaign)
    order = place.desc() if view == "answered" else place.asc()
    found = _lines(campaign).where(_in_view(campaign, view), _of(whose, person, team))
    if after is not None:
        last, idea = _position(after)
        beyond = place < last if view == "answered" else place > last
        further = Idea.id < idea if view == "answered" else Idea.id > idea
        found = found.where(db.or_(beyond, db.and_(place == last, further)))
    found = found.add_columns(place.label("place"))
    found = found.order_by(order, Idea.id.desc() if view == "answered" else Idea.id.asc())
    rows = db.session.execute(found.limit(SHOWN + 1)).all()
    shown = rows[:SHOWN]
    cursor = f"{int(shown[-1].place)}-{shown[-1].Idea.id}" if len(rows) > SHOWN else None
    return Queue([_line(row) for row in shown], cursor)


def lines_of(campaign: Campaign, ideas: Collection[int]) -> list[Line]:
    """These ideas as lines of the queue, wherever they are by now."""
    return [_line(row) for row in db.session.execute(_lines(campaign).where(Idea.id.in_(ideas)).order_by(Idea.id))]


def counts_of(campaign: Campaign, person: Person, view: str, whose: str, team: Collection[Person]) -> dict[str, int]:
    """How many ideas each view has of those, and each choice of whose in this view. One query."""
    mine = _of(whose, person, team)
    counted = {
        **{each: db.and_(_in_view(campaign, each), mine) for each in VIEWS},
        **{each: db.and_(_in_view(campaign, view), _of(each, person, team)) for each in WHOSE},
    }
    asked = db.select(*(db.func.count().filter(where).label(each) for each, where in counted.items()))
    asked = _joined(asked).where(*on_board(campaign))
    return dict(db.session.execute(asked).one()._mapping)


def _count(campaign: Campaign, *where: Any) -> Any:
    """How many ideas of the board are like this, as an expression: see ideas/totals.py for why what was withdrawn is taken off."""
    every = db.select(db.func.count()).select_from(Idea).where(WAITING, *where)
    return every.where(*of_board(campaign)).scalar_subquery() - every.where(*withdrawn_from(campaign)).scalar_subquery()


def _count_mine(campaign: Campaign, person: Person) -> Any:
    mine = db.select(db.func.count()).select_from(Assignment).join(Idea, Idea.id == Assignment.idea_id)
    return mine.where(Assignment.person_id == person.id, *on_board(campaign), WAITING).scalar_subquery()


def _count_soon(campaign: Campaign, person: Person) -> Any:
    moment = now()
    return _count(campaign, due_before(campaign, moment + SOON), ~due_before(campaign, moment))


ask_of_team(
    Errand(
        "answers_overdue",
        "answer",
        _l("Answers overdue"),
        "/answers?view=overdue",
        lambda campaign, person: _count(campaign, due_before(campaign, now())),
        place=10,
        urgent=True,
        only_some=True,
    ),
    Errand("answers_soon", "answer", _l("Due within two days"), "/answers", _count_soon, place=11, only_some=True),
    Errand(
        "answers_mine", "answer", _l("Yours to answer"), "/answers?whose=mine", _count_mine, place=12, only_some=True
    ),
    Errand(
        "answers",
        "answer",
        _l("Without an answer"),
        "/answers",
        lambda campaign, person: _count(campaign),
        place=13,
    ),
)


def _lines(campaign: Campaign) -> Select[Any]:
    found = _joined(db.select(Idea, Assignment, AnswerDraft, Answer, due_seconds(campaign).label("due")))
    whole = joinedload(Idea.author), selectinload(Idea.coauthors), joinedload(Idea.recorded), joinedload(Idea.status)
    # What not every idea has must not take away those that lack it.
    parts = Assignment.person, Assignment.by, AnswerDraft.by, Answer.by
    return found.where(*on_board(campaign)).options(*whole, *(joinedload(part, innerjoin=False) for part in parts))


def _joined(asked: Select[Any]) -> Select[Any]:
    asked = asked.select_from(Idea)
    for kept in (Assignment, AnswerDraft, Answer):
        asked = asked.outerjoin(kept, kept.idea_id == Idea.id)
    return asked


def _line(row: Any) -> Line:
    return Line(row.Idea, EPOCH + timedelta(seconds=int(row.due)), row.Assignment, row.AnswerDraft, row.Answer)


def _in_view(campaign: Campaign, view: str) -> Any:
    return {
        "waiting": lambda: WAITING,
        "overdue": lambda: db.and_(WAITING, due_before(campaign, now())),
        "drafts": lambda: db.and_(WAITING, AnswerDraft.idea_id.is_not(None)),
        "answered": lambda: ANSWERED,
    }[view]()


def _of(whose: str, person: Person, team: Collection[Person]) -> Any:
    if whose == "mine":
        return Assignment.person_id == person.id
    if whose == "unassigned":
        answering = [colleague.id for colleague in team]
        return db.or_(Assignment.person_id.is_(None), Assignment.person_id.not_in(answering))
    return db.true()


def _position(cursor: str) -> tuple[int, int]:
    place, _dash, idea = cursor.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 13 for part in (place, idea)):
        raise NoSuchPage
    return int(place), int(idea)


def _seconds(moment: Any) -> Any:
    return cast(extract("epoch", moment), BigInteger)
