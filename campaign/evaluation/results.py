"""What submitted cards come to: mean, spread and number by criterion, and the weighted total, in exact arithmetic; and who may read it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from campaign.brands.access import Asker, rights_of
from campaign.campaigns.models import Campaign
from campaign.evaluation.models import Card, CardMark, Criterion, Reviewing, Scorecard
from campaign.extensions import db
from campaign.ideas.models import CoAuthor, Idea


@dataclass(frozen=True)
class Spread:
    """How some marks lie. Whole numbers are kept, so that nothing is rounded before it is shown."""

    n: int = 0
    total: int = 0
    squares: int = 0

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.n)

    @property
    def variance(self) -> Fraction:
        """Of these marks, as participants' feedback has it."""
        return Fraction(self.n * self.squares - self.total**2, self.n**2)

    @property
    def deviation(self) -> Decimal:
        """The standard deviation to two places, rounded half up: its root is rarely a fraction."""
        return Decimal((isqrt(int(40_000 * self.variance)) + 1) // 2).scaleb(-2)


def in_hundredths(value: Fraction) -> Decimal:
    """To two places, half up, for showing."""
    return Decimal((200 * value.numerator + value.denominator) // (2 * value.denominator)).scaleb(-2)


@dataclass(frozen=True)
class Result:
    """Where the evaluation of one idea is."""

    asked: int = 0  # Reviewers,
    submitted: int = 0  # and how many of their cards are in.
    by_criterion: dict[int, Spread] = field(default_factory=dict)
    weighted: Fraction | None = None  # From 1 to 5; none before a card is in.

    @property
    def widest(self) -> Fraction:
        """The largest spread among its criteria: where reviewers disagree."""
        return max((spread.variance for spread in self.by_criterion.values()), default=Fraction(0))


def weighted_mean(criteria: Iterable[Criterion], spreads: dict[int, Spread]) -> Fraction | None:
    """The means of the criteria, each as much as it weighs."""
    counted = [(one.weight, spreads[one.id].mean) for one in criteria if one.id in spreads]
    return (
        sum((weight * mean for weight, mean in counted), Fraction(0)) / sum(w for w, _mean in counted)
        if counted
        else None
    )


def results_of(scorecard: Scorecard, ideas: Collection[int] | None = None) -> dict[int, Result]:
    """What cards by this version come to, by idea: of these, or of all that somebody evaluates. Two queries.

    The card of somebody who is an author of the idea by now counts no more, nor less once that is undone.
    """
    of = [Card.scorecard_id == scorecard.id, Card.submitted_at.is_not(None), no_conflict()]
    asked = db.select(Reviewing.idea_id, db.func.count()).join(Idea, Idea.id == Reviewing.idea_id)
    asked = asked.where(Idea.campaign_id == scorecard.campaign_id).group_by(Reviewing.idea_id)
    if ideas is not None:
        of.append(Card.idea_id.in_(ideas))
        asked = asked.where(Reviewing.idea_id.in_(ideas))
    marks = (
        db.select(
            Card.idea_id,
            CardMark.criterion_id,
            db.func.count(),
            db.func.sum(CardMark.mark),
            db.func.sum(CardMark.mark * CardMark.mark),
        )
        .join(CardMark, CardMark.card_id == Card.id)
        .join(Idea, Idea.id == Card.idea_id)
        .where(*of)
        .group_by(Card.idea_id, CardMark.criterion_id)
    )
    spreads: dict[int, dict[int, Spread]] = {}
    for idea, criterion, *sums in db.session.execute(marks):
        spreads.setdefault(idea, {})[criterion] = Spread(*(int(each) for each in sums))
    numbers: dict[int, int] = dict(db.session.execute(asked).all())
    return {
        idea: Result(
            numbers.get(idea, 0),
            max((spread.n for spread in spreads.get(idea, {}).values()), default=0),
            spreads.get(idea, {}),
            weighted_mean(scorecard.criteria, spreads.get(idea, {})),
        )
        for idea in numbers.keys() | spreads.keys()
    }


def no_conflict() -> Any:
    """The condition for a card, joined with its idea, not to be an author's."""
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.idea_id == Idea.id, CoAuthor.person_id == Card.reviewer_id)
    return db.and_(Idea.author_id != Card.reviewer_id, ~joined.exists())


@dataclass(frozen=True)
class Sight:
    """Of which ideas somebody may read what others gave: the same for every channel."""

    reads: bool  # Whether they may read of ideas that they don't evaluate themselves.
    owed: frozenset[int]  # Ideas that they are still to evaluate,
    own: frozenset[int]  # those of which they are an author,
    given: frozenset[int]  # and those for which they have submitted.

    def sees(self, idea_id: int) -> bool:
        return idea_id not in self.owed and idea_id not in self.own and (self.reads or idea_id in self.given)


def sight_of(person: Asker, campaign: Campaign, scorecard: Scorecard | None) -> Sight:
    """What this person may read of what was given by a version of the criteria. The number of queries is fixed.

    It is nothing of an idea that they are still to evaluate by those that stand now: an earlier version would tell them enough.
    """
    nothing: frozenset[int] = frozenset()
    rights = rights_of(person, campaign.brand_id, campaign.id)
    if scorecard is None or not person.is_authenticated or rights.isdisjoint(("evaluate", "analyse")):
        return Sight(False, nothing, nothing, nothing)
    asked = db.select(Reviewing.idea_id).join(Idea, Idea.id == Reviewing.idea_id)
    asked = asked.where(Idea.campaign_id == campaign.id, Reviewing.reviewer_id == person.id)
    submitted = db.select(Card.idea_id, Scorecard.number).join(Scorecard, Scorecard.id == Card.scorecard_id)
    submitted = submitted.where(Scorecard.campaign_id == campaign.id, Card.reviewer_id == person.id)
    theirs = db.session.execute(submitted.where(Card.submitted_at.is_not(None))).all()
    last = db.select(db.func.max(Scorecard.number)).where(Scorecard.campaign_id == campaign.id)
    present = db.session.scalar(last)
    done = frozenset(idea for idea, number in theirs if number == present)
    given = frozenset(idea for idea, number in theirs if number == scorecard.number)
    joined = db.select(CoAuthor.idea_id).join(Idea, Idea.id == CoAuthor.idea_id)
    by = db.select(Idea.id).where(Idea.campaign_id == campaign.id, Idea.author_id == person.id)
    by_them = by.union(joined.where(Idea.campaign_id == campaign.id, CoAuthor.person_id == person.id))
    return Sight(
        "analyse" in rights,
        frozenset(db.session.scalars(asked)) - done,
        frozenset(db.session.scalars(by_them)),
        given if "evaluate" in rights else nothing,
    )


ORDERS = ("mean", "spread", "feedback", "first")


def in_order(order: str, results: dict[int, Result], sight: Sight, feedback: dict[int, Fraction]) -> Sequence[int]:
    """Ideas as the team's view lists them. Those that are sealed for the reader stand last, in the order in which they came."""

    def place(idea: int) -> tuple[Any, ...]:
        result = results[idea]
        if order == "first":
            return (idea,)
        if order == "feedback":
            return (idea not in feedback, -feedback.get(idea, Fraction(0)), idea)
        if not sight.sees(idea) or result.weighted is None:
            return (1, not sight.sees(idea), 0, idea)
        return (0, False, -(result.weighted if order == "mean" else result.widest), idea)

    return sorted(results, key=place)
