"""What a reviewer is asked to evaluate, what they have done of it, and how far everybody is."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, lazyload

from campaign.accounts.models import Person
from campaign.campaigns.errands import Errand, ask_of_team
from campaign.campaigns.models import Campaign
from campaign.evaluation.criteria import scorecard_of
from campaign.evaluation.models import Card, Reviewing, Scorecard
from campaign.extensions import db
from campaign.ideas.models import CoAuthor, Idea
from campaign.ideas.totals import on_board


@dataclass(frozen=True)
class Own:
    """One page of somebody's own list: ideas with their card, where they have begun one."""

    ideas: list[tuple[Idea, Card | None]]
    cursor: int | None


@dataclass(frozen=True)
class Progress:
    """How far one reviewer is."""

    person: Person
    asked: int
    begun: int
    done: int

    @property
    def id(self) -> int:
        return self.person.id


def own_ideas(
    campaign: Campaign, person: Person, scorecard: Scorecard | None, done: bool, after: int, most: int
) -> Own:
    """What they are still to evaluate, or have evaluated, by their ideas' numbers. One query."""
    submitted = Card.submitted_at.is_not(None) if done else Card.submitted_at.is_(None)
    found = _asked(db.select(Idea, Card), scorecard).where(Reviewing.reviewer_id == person.id, Idea.id > after)
    found = found.where(*(_theirs(campaign) if done else _open(campaign)), submitted)
    # An idea without a card has no reviewer to join.
    parts = joinedload(Idea.author), lazyload(Card.reviewer), lazyload(Card.given)
    rows = db.session.execute(found.options(*parts).order_by(Idea.id).limit(most + 1)).unique().all()
    shown = [(idea, card) for idea, card in rows[:most]]
    return Own(shown, shown[-1][0].id if len(rows) > most else None)


def own_progress(campaign: Campaign, person: Person, scorecard: Scorecard | None) -> Progress:
    """How far this person is. One query."""
    every = _counted(campaign, scorecard, Reviewing.reviewer_id == person.id)
    return next((Progress(person, *row[1:]) for row in every), Progress(person, 0, 0, 0))


def count_owed(campaign: Campaign, person: Person) -> int:
    """How many ideas this person is still to evaluate. Three queries at most."""
    progress = own_progress(campaign, person, scorecard_of(campaign))
    return progress.asked - progress.done


def _owed(campaign: Campaign, person: Person) -> Any:
    """The same number as an expression. Without criteria nobody has submitted anything by them."""
    newest = db.select(Scorecard.id).where(Scorecard.campaign_id == campaign.id).order_by(Scorecard.number.desc())
    done = db.select(Card.id).where(
        Card.idea_id == Reviewing.idea_id,
        Card.reviewer_id == Reviewing.reviewer_id,
        Card.scorecard_id == newest.limit(1).scalar_subquery(),
        Card.submitted_at.is_not(None),
    )
    asked = db.select(db.func.count()).select_from(Reviewing).join(Idea, Idea.id == Reviewing.idea_id)
    return asked.where(Reviewing.reviewer_id == person.id, *_open(campaign), ~done.exists()).scalar_subquery()


ask_of_team(Errand("evaluation", "evaluate", _l("Yours to evaluate"), "/evaluation", _owed, place=20, only_some=True))


def progress_of_all(campaign: Campaign, scorecard: Scorecard | None) -> list[Progress]:
    """How far everybody is who is asked, by name. Two queries."""
    rows = {row[0]: row[1:] for row in _counted(campaign, scorecard)}
    people = db.session.scalars(db.select(Person).where(Person.id.in_(rows)).order_by(Person.name, Person.id))
    return [Progress(person, *rows[person.id]) for person in people]


def _counted(campaign: Campaign, scorecard: Scorecard | None, *of: Any) -> list[Any]:
    """(person, asked, begun, done): what was submitted counts, whatever became of the idea; what is still asked must be possible."""
    done = db.func.count(Card.submitted_at)
    counted = _asked(db.select(Reviewing.reviewer_id, db.func.count(), db.func.count(Card.id) - done, done), scorecard)
    possible = db.or_(db.and_(*_open(campaign)), db.and_(*_theirs(campaign), Card.submitted_at.is_not(None)))
    return [tuple(row) for row in db.session.execute(counted.where(possible, *of).group_by(Reviewing.reviewer_id))]


def _asked(found: Any, scorecard: Scorecard | None) -> Any:
    by_it = db.and_(
        Card.idea_id == Reviewing.idea_id,
        Card.reviewer_id == Reviewing.reviewer_id,
        Card.scorecard_id == (scorecard.id if scorecard else 0),
    )
    return found.select_from(Reviewing).join(Idea, Idea.id == Reviewing.idea_id).outerjoin(Card, by_it)


def _theirs(campaign: Campaign) -> tuple[Any, ...]:
    return (Idea.campaign_id == campaign.id,)


def _open(campaign: Campaign) -> tuple[Any, ...]:
    """The condition for an idea to be evaluated by who was asked: it is on the board, and they haven't become an author of it."""
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.idea_id == Idea.id, CoAuthor.person_id == Reviewing.reviewer_id)
    return *on_board(campaign), Idea.author_id != Reviewing.reviewer_id, ~joined.exists()
