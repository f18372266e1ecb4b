"""Duels: two ideas at a time, drawn at random, kept as they were shown, and answered once."""

import random
from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, Select

from campaign.accounts.models import Person
from campaign.campaigns.models import Stage
from campaign.campaigns.voting import settings_of
from campaign.database import given, insert, packed
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.listing import of_others
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.methods.actions import Stored, hand_in
from campaign.methods.papers import UNDECIDED, BallotRefused, Frame, duels_in, written
from campaign.statuses.freezing import may_be_chosen
from campaign.votes.models import BallotEntry, ShownPair

KEY = "pair-"  # Of an answer in the book, before the pair's number.
FEW = 1000  # Ideas, up to which all are read for each pair.
DRAWN = 2000  # Numbers of ideas that are drawn where they are more.
TRIES = 200  # At another pair, until two are found that were not shown yet.


class NoSuchPair(Refused):
    code, message = "no_such_pair", _l("This pair is no longer asked. Here is another.")


class AllAnswered(Refused):
    code, message = "all_answered", _l("You have answered as many pairs as each person is asked here. Thank you!")


class NoAnswer(Refused):
    code, message, status = "no_answer", _l("Choose one of the two, or say why you can’t decide."), 422


def open_pair(stage: Stage, voter: Person, before: str | None) -> ShownPair | None:
    """The pair that this person is asked now; a new one is drawn and kept where all before it are answered.

    None once they have answered as many as the stage asks, or all there are. Does not commit.
    """
    if len(duels_in(before)) >= settings_of(stage.method, stage.method_settings)["duels"]:
        return None
    answered = _answered(stage, voter)
    mine = db.select(ShownPair).filter_by(stage_id=stage.id, voter_id=voter.id).order_by(ShownPair.number)
    shown = list(db.session.scalars(mine))
    left = [pair for pair in shown if pair.number not in answered]
    asked = {idea for pair in left for idea in (pair.first_id, pair.second_id)}
    among = set(db.session.scalars(_standing(stage, voter, Idea.id).where(Idea.id.in_(asked)))) if asked else set()
    for pair in left:
        if {pair.first_id, pair.second_id} <= among:
            return pair
    both_new = _draw_among(stage, voter, {frozenset((pair.first_id, pair.second_id)) for pair in shown})
    if both_new is None:
        return None
    first, second = both_new
    number = shown[-1].number + 1 if shown else 1
    new = {"stage_id": stage.id, "voter_id": voter.id, "number": number, "first_id": first, "second_id": second}
    # Opened twice in the same moment, the page shows the same pair.
    db.session.execute(insert(ShownPair.__table__).values(new).on_conflict_do_nothing())
    return db.session.get(ShownPair, (stage.id, voter.id, number))


def most_pairs(stage: Stage, voter: Person, before: str | None) -> int:
    """How many pairs this person may be asked: as many as the stage asks of each, and no more than there are. One query."""
    some = (
        _standing(stage, voter, Idea.id).limit(FEW).subquery()
    )  # With so many, there are more pairs than anybody is asked.
    ideas = db.session.scalar(db.select(db.func.count()).select_from(some)) or 0
    asked = settings_of(stage.method, stage.method_settings)["duels"]
    # Beside those that stand, whoever is asked once more has answered pairs with ideas that were taken back.
    return min(asked, max(ideas * (ideas - 1) // 2, len(duels_in(before)) + 1))


def _standing(stage: Stage, voter: Person, what: Any) -> Select[Any]:
    """What is asked about the ideas between which this person can choose."""
    return db.select(what).select_from(Idea).where(*on_board(stage.campaign), may_be_chosen(), of_others(voter))


def _answered(stage: Stage, voter: Person) -> set[int]:
    """The numbers of the pairs that were answered, also where that answer is on the ballot no more: it was given once."""
    book = BallotEntry.__table__.c
    acts = db.select(book.key).where(book.stage_id == stage.id, book.voter_id == voter.id, book.act == "cast")
    numbers = (key.removeprefix(KEY) for key in db.session.scalars(acts.where(book.key.startswith(KEY))))
    return {int(number) for number in numbers if number.isdigit()}


def _draw_among(stage: Stage, voter: Person, shown: Collection[frozenset[int]]) -> tuple[int, int] | None:
    """Two ideas that were not shown together yet, each pair as likely as any other."""
    standing = _standing(stage, voter, Idea.id)
    some = list(db.session.scalars(standing.order_by(Idea.id).limit(FEW)))
    if len(some) < FEW:
        return _draw(some, shown)
    # Of very many, all are never read for one pair. Numbers are drawn, and those that stand are as likely as each other.
    ends = db.select(db.func.min(Idea.id), db.func.max(Idea.id)).where(Idea.campaign_id == stage.campaign_id)
    first, last = db.session.execute(ends).one()
    drawn = packed([number] for number in random.sample(range(first, last + 1), min(DRAWN, last + 1 - first)))
    among = standing.where(Idea.id.in_(db.select(given("asked", idea=Integer).c.idea)))
    # Where hardly any of the numbers are this campaign's, all of its ideas are read after all.
    return _draw(list(db.session.scalars(among, {"asked_rows": drawn})), shown) or _draw(
        list(db.session.scalars(standing)), shown
    )


def _draw(ideas: list[int], shown: Collection[frozenset[int]]) -> tuple[int, int] | None:
    if len(ideas) < 2:
        return None
    for _ in range(TRIES):
        first, second = random.sample(ideas, 2)
        if frozenset((first, second)) not in shown:
            return first, second
    every = ((first, second) for place, first in enumerate(ideas) for second in ideas[place + 1 :])
    return next((pair for pair in every if frozenset(pair) not in shown), None)


def answer_pair(stage_id: int, voter: Person, number: int, answer: str, undecided: str) -> Stored:
    """Keep which of the two is better (`answer`: first or second), or why that can't be said. Answered again, the first answer stays.

    Raises NoSuchPair, NoAnswer and AllAnswered, and what `hand_in` raises. Does not commit.
    """
    pair = db.session.get(ShownPair, (stage_id, voter.id, number))
    if pair is None:
        raise NoSuchPair
    first, second = pair.first_id, pair.second_id
    if answer not in ("first", "second") and undecided not in UNDECIDED:
        raise NoAnswer(field="undecided")

    def add(before: str | None, frame: Frame) -> str:
        # A pair that was left open may have been replaced by another since, because one of its ideas was off the board.
        if len(duels_in(before)) >= frame.settings["duels"]:
            raise AllAnswered
        if first not in frame.ideas or second not in frame.ideas:
            raise BallotRefused(NoSuchPair.message)
        preferred, other = (second, first) if answer == "second" else (first, second)
        chosen = "" if answer in ("first", "second") else undecided
        return written([*duels_in(before), (preferred, other, chosen)])

    return hand_in(stage_id, voter, f"{KEY}{number:04}", add, {first, second})
