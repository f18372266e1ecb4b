"""A campaign's criteria: set by who manages it, frozen once a card is submitted by them, and carried into copies and plans."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.evaluation.models import WEIGHT_MOST, Card, Criterion, Scorecard
from campaign.extensions import db
from campaign.history import record

CRITERIA_MOST = 12


class NoCriteria(Refused):
    code, message = "no_criteria", _l("Name one criterion at least: by it, ideas are marked from 1 to 5.")


class TooManyCriteria(Refused):
    code, message = "too_many_criteria", _l("12 criteria at most: a reviewer marks each of them on each idea.")


class WeightOff(Refused):
    code, message = "weight_off", _l("A criterion weighs from 1 to 100.")


class SetAnew(Refused):
    code = "criteria_set_anew"
    message = _l("The criteria were changed meanwhile. See below what they are now; nothing of yours was kept.")


@dataclass(frozen=True)
class WantedCriterion:
    """A criterion as it should be. Words are by language; `id` is that of one that is changed."""

    names: dict[str, str]
    weight: int
    lows: dict[str, str] = field(default_factory=dict)
    highs: dict[str, str] = field(default_factory=dict)
    id: int | None = None


def scorecard_of(campaign: Campaign) -> Scorecard | None:
    """The version of the criteria that stands. Two queries."""
    every = db.select(Scorecard).where(Scorecard.campaign_id == campaign.id)
    return db.session.scalar(every.order_by(Scorecard.number.desc()).limit(1))


def is_frozen(scorecard: Scorecard) -> bool:
    """Whether somebody has submitted a card by this version, so that it stays as it is."""
    submitted = db.select(Card.id).where(Card.scorecard_id == scorecard.id, Card.submitted_at.is_not(None))
    return db.session.scalar(submitted.limit(1)) is not None


def set_criteria(
    campaign: Campaign, by: Person, wanted: Sequence[WantedCriterion], read: int | None = None
) -> Scorecard:
    """Let ideas be evaluated by these criteria. Said again, it changes nothing.

    Where a card was submitted by those that stand, these are another version: what was submitted stays with its own, and reviewers
    evaluate by the new one. `read`: the number of the version that was before their eyes, 0 for none. Raises SetAnew.
    """
    lock(campaign)
    present = scorecard_of(campaign)
    if read is not None and read != (present.number if present else 0):
        raise SetAnew
    if not wanted:
        raise NoCriteria
    if len(wanted) > CRITERIA_MOST:
        raise TooManyCriteria
    if not all(1 <= one.weight <= WEIGHT_MOST for one in wanted):
        raise WeightOff
    before = told_criteria(present) if present else []
    if before == [_told(one) for one in wanted]:
        assert present is not None
        return present
    if present is not None:
        lock(present)  # A card that is being submitted is waited for, and seen.
    if present is None or is_frozen(present):
        present = Scorecard(campaign_id=campaign.id, number=present.number + 1 if present else 1)
        db.session.add(present)
    present.by_id, present.at = by.id, now()
    _write(present, wanted)
    db.session.flush()
    record("evaluation.criteria_set", campaign, by, number=present.number, criteria=[before, told_criteria(present)])
    return present


def told_criteria(scorecard: Scorecard) -> list[dict[str, Any]]:
    """The criteria as the history, a plan or a copy keeps them."""
    return [_told(criterion) for criterion in scorecard.criteria]


def _told(one: WantedCriterion | Criterion) -> dict[str, Any]:
    return {"names": dict(one.names), "weight": one.weight, "lows": dict(one.lows), "highs": dict(one.highs)}


def _write(scorecard: Scorecard, wanted: Sequence[WantedCriterion]) -> None:
    there = {criterion.id: criterion for criterion in scorecard.criteria}
    criteria = []
    for place, one in enumerate(wanted):
        criterion = there.pop(one.id or 0, None) or Criterion()
        criterion.position, criterion.weight = place, one.weight
        criterion.names, criterion.lows, criterion.highs = dict(one.names), dict(one.lows), dict(one.highs)
        criteria.append(criterion)
    scorecard.criteria = criteria


def _tell(campaign: Campaign) -> list[dict[str, Any]]:
    scorecard = scorecard_of(campaign)
    return told_criteria(scorecard) if scorecard else []


def _begin(campaign: Campaign, told: list[dict[str, Any]], by: Person) -> None:
    if not told or scorecard_of(campaign):
        return
    scorecard = Scorecard(campaign_id=campaign.id, number=1, by_id=by.id)
    db.session.add(scorecard)
    _write(scorecard, [WantedCriterion(**one) for one in told])


carry("criteria", _tell, _begin)
