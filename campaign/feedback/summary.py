"""Feedback on an idea as it is read: each with its author's name, and the marks in sum unless counts are sealed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from math import sqrt

from sqlalchemy import and_, case, or_
from sqlalchemy.orm import joinedload

from campaign.campaigns.incentives import Label, labels_of
from campaign.extensions import db
from campaign.feedback.models import MARKS, Feedback, FeedbackHiding
from campaign.ideas.models import CoAuthor, Idea

SHOWN = 30  # On one page.
LATELY = 3  # On the page of the idea.

_HAS_WORDS = or_(Feedback.likes != "", Feedback.misses != "")
_HIDDEN = (
    db.select(FeedbackHiding.idea_id)
    .where(FeedbackHiding.idea_id == Feedback.idea_id, FeedbackHiding.author_id == Feedback.author_id)
    .exists()
)
_BY_AUTHOR = and_(CoAuthor.idea_id == Feedback.idea_id, CoAuthor.person_id == Feedback.author_id)


@dataclass(frozen=True)
class Marks:
    """How the marks of an idea lie."""

    people: int  # Who gave feedback, with a mark or without.
    counts: dict[int, int]  # {mark: people}, every mark named.

    @property
    def marked(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        return sum(mark * people for mark, people in self.counts.items()) / self.marked

    @property
    def spread(self) -> float:
        """The standard deviation of these marks: how far from the mean they usually lie."""
        return sqrt(sum(people * (mark - self.mean) ** 2 for mark, people in self.counts.items()) / self.marked)


@dataclass(frozen=True)
class FeedbackPage:
    """As much feedback as one page shows, the newest first."""

    feedback: list[Feedback]
    cursor: int | None  # Where the next page begins.
    labels: dict[int, Label] = field(default_factory=dict)  # What is disclosed of the authors, by their ids.
    # What of it a moderator took down, by its idea's and its author's id.
    hidden: dict[tuple[int, int], FeedbackHiding] = field(default_factory=dict)


def marks_of(idea: Idea) -> Marks:
    """How many gave feedback, and how their marks lie. One query."""
    return marks_on([idea])[idea.id]


def marks_on(ideas: Collection[Idea]) -> dict[int, Marks]:
    """The same for many ideas at once, by their ids. One query."""
    return marks_by_id([idea.id for idea in ideas])


def marks_by_id(ideas: Collection[int]) -> dict[int, Marks]:
    """The same for ideas of which no more than the ids is known.

    Each mark belongs to the words that it was given for, so those of an idea that was merged into another stay with it.
    """
    mark = case((CoAuthor.person_id.is_(None), Feedback.mark))  # See Feedback.counted_mark.
    found = (
        db.select(Feedback.idea_id, mark.label("given"), db.func.count().label("people"))
        .outerjoin(CoAuthor, _BY_AUTHOR)
        .where(Feedback.idea_id.in_(ideas), or_(_HAS_WORDS, CoAuthor.person_id.is_(None)))
        .group_by(Feedback.idea_id, mark)
    )
    counted: dict[int, dict[int | None, int]] = {idea: {} for idea in ideas}
    for row in db.session.execute(found):
        counted[row.idea_id][row.given] = row.people
    return {
        idea: Marks(sum(people.values()), {mark: people.get(mark, 0) for mark in MARKS})
        for idea, people in counted.items()
    }


def feedback_on(
    idea: Idea,
    counts_shown: bool,
    most: int = SHOWN,
    after: int = 0,
    reader: int | None = None,
    moderates: bool = False,
) -> FeedbackPage:
    """The newest feedback, skipping `after`, with that on ideas which were merged into this one. Three queries at most.

    Of what was taken down, nothing but the reader's own; all of it where they moderate.

    While counts are sealed, what has no words is left out: it would say only that there is one more.
    """
    on = Feedback.idea_id.in_([idea.id, *(one.idea_id for one in idea.absorbed)])
    found = db.select(Feedback).where(on).options(joinedload(Feedback.author))
    if counts_shown:
        by_author = db.select(CoAuthor.person_id).where(_BY_AUTHOR).exists()
        found = found.where(or_(_HAS_WORDS, ~by_author))
    else:
        found = found.where(_HAS_WORDS)
    if not moderates:
        found = found.where(or_(~_HIDDEN, Feedback.author_id == reader) if reader is not None else ~_HIDDEN)
    found = (
        found.order_by(Feedback.at.desc(), Feedback.author_id.desc(), Feedback.idea_id).offset(after).limit(most + 1)
    )
    rows = list(db.session.scalars(found))
    labels = labels_of(idea.campaign, {row.author_id for row in rows[:most]})
    hidden = hidings_of(rows[:most]) if reader is not None else {}
    return FeedbackPage(rows[:most], after + most if len(rows) > most else None, labels, hidden)


def hidings_of(rows: Collection[Feedback]) -> dict[tuple[int, int], FeedbackHiding]:
    """What of this feedback a moderator took down, by its idea's and its author's id. One query."""
    ideas, authors = {row.idea_id for row in rows}, {row.author_id for row in rows}
    found = db.select(FeedbackHiding).where(FeedbackHiding.idea_id.in_(ideas), FeedbackHiding.author_id.in_(authors))
    return {(one.idea_id, one.author_id): one for one in db.session.scalars(found)}
