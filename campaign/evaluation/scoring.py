"""What a reviewer does with a card: keep it as a draft, and submit it. Then it is final, and its words go to whom they are for."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.access import who_see
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.evaluation.criteria import scorecard_of
from campaign.evaluation.models import LEAST, MOST, Card, CardMark, Scorecard
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.notices import posting


class OwnIdea(Refused):
    code, message = "own_idea", _l("You are one of its authors, so others evaluate this idea.")


class CardSubmitted(Refused):
    code, message = "card_submitted", _l("You have submitted your card for this idea, so it stays as it is.")


class CriteriaChanged(Refused):
    code = "criteria_changed"
    message = _l("The criteria were changed meanwhile. See what is asked now, and give your marks by that.")


class MarksMissing(Refused):
    code, message = "marks_missing", _l("Give a mark for each criterion, then submit. A draft can wait.")


@dataclass(frozen=True)
class Given:
    """What a reviewer gives an idea."""

    marks: Mapping[int, int]  # {criterion: mark}
    to_team: str = ""
    to_authors: str = ""
    marks_to_authors: bool = False

    @property
    def tells(self) -> tuple[str, str, bool]:
        return self.to_team, self.to_authors, self.marks_to_authors


def card_of(idea: Idea, reviewer: Person, scorecard: Scorecard) -> Card | None:
    """Their card by this version of the criteria."""
    theirs = db.select(Card).filter_by(idea_id=idea.id, reviewer_id=reviewer.id, scorecard_id=scorecard.id)
    return db.session.scalar(theirs)


def check_no_conflict(idea: Idea, reviewer: Person) -> None:
    """Raise OwnIdea where the reviewer is one of the idea's authors, and IdeaWithdrawn where it has left the board."""
    if idea.is_by(reviewer):
        raise OwnIdea
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so there is nothing to evaluate."))


def save_card(idea: Idea, reviewer: Person, read: int, given: Given, submit: bool = False) -> Card:
    """Keep what a reviewer gives an idea, as a draft that only they see, or submitted: then it counts, and is final.

    `read`: the version of the criteria that they had before them. On submission, words to the authors are mailed to them.
    Sent twice, it is kept once. Raises OwnIdea, CriteriaChanged, CardSubmitted and MarksMissing.
    """
    check_no_conflict(idea, reviewer)
    scorecard = scorecard_of(idea.campaign)
    if scorecard is None or scorecard.number != read:
        raise CriteriaChanged
    lock(scorecard)  # Who sets the criteria anew waits for this card, or is seen by it.
    if scorecard_of(idea.campaign) is not scorecard:
        raise CriteriaChanged
    criteria = {criterion.id for criterion in scorecard.criteria}
    marks = {key: mark for key, mark in given.marks.items() if key in criteria and LEAST <= mark <= MOST}
    card = card_of(idea, reviewer, scorecard)
    if card is not None and card.is_submitted:
        if submit and card.marks == marks and (card.to_team, card.to_authors, card.marks_to_authors) == given.tells:
            return card  # A second click.
        raise CardSubmitted
    if submit and marks.keys() != criteria:
        raise MarksMissing(field=f"mark_{min(criteria - marks.keys())}")
    if card is None:
        card = Card(idea_id=idea.id, reviewer=reviewer, scorecard=scorecard)
        db.session.add(card)
    there = {one.criterion_id: one for one in card.given}
    for key, mark in marks.items():
        if key in there:
            there[key].mark = mark
        else:
            card.given.append(CardMark(criterion_id=key, mark=mark))
    card.given = [one for one in card.given if one.criterion_id in marks]
    card.to_team, card.to_authors, card.marks_to_authors = given.tells
    card.saved_at = now()
    db.session.flush()
    if submit:
        card.submitted_at = card.saved_at
        db.session.flush()
        record("evaluation.submitted", idea, reviewer, number=scorecard.number)
        _tell_authors(idea, card)
    return card


def _tell_authors(idea: Idea, card: Card) -> None:
    if not (card.to_authors or card.marks_to_authors):
        return
    authors, by = who_see(idea.campaign, idea.authors), card.reviewer
    posting.tell(authors, "own", "private", idea.campaign, idea, by=by, mail="evaluation-words", said={"card": card})
