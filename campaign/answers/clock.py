"""The answer clock: within how many days a campaign's team answers, and by when an idea is to have its answer.

A promise binds what came in under it. A new number of days holds for the ideas that come from then on, so that no idea's date moves
behind its author's back.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ColumnElement, cast, extract

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.live import announce

USUAL = 10  # Days, where a campaign says nothing else.
DAYS_MOST = 365
DAY = 86_400
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
CHANGES_MOST = 40  # Of one campaign's promise: each stays a part of every question about it.


class PromisedTooOften(Refused):
    code, field = "promised_too_often", "days"
    message = _l("This promise was changed too often already, so it stays as it is.")


def terms_of(campaign: Campaign) -> list[tuple[datetime, timedelta]]:
    """From when on which time was promised, the first first."""
    given = campaign.answer_days or [[0, USUAL]]
    return [(EPOCH + since * MICROSECOND, timedelta(days=days)) for since, days in given]


def days_of(campaign: Campaign) -> int:
    """Within how many days what comes in now is answered."""
    return terms_of(campaign)[-1][1].days


def due_at(idea: Idea) -> datetime:
    """By when it is to have its answer."""
    days = next(days for since, days in reversed(terms_of(idea.campaign)) if since <= idea.submitted_at)
    return idea.submitted_at + days


def due_before(campaign: Campaign, moment: datetime) -> ColumnElement[bool]:
    """The condition for an idea's time to be up by then."""
    return db.or_(*(db.and_(*given, Idea.submitted_at < moment - days) for given, days in _windows(campaign)))


def in_time(campaign: Campaign) -> ColumnElement[bool]:
    """The condition for an answer to have come in the time that was promised."""
    return db.or_(*(db.and_(*given, taken() <= days.total_seconds()) for given, days in _windows(campaign)))


def due_seconds(campaign: Campaign) -> ColumnElement[int]:
    """By when an idea is to have its answer, in seconds since 1970: to put ideas into that order."""
    came, (*later, first) = _seconds(Idea.submitted_at), list(reversed(terms_of(campaign)))
    days: Any = first[1].days
    if later:
        days = db.case(*((Idea.submitted_at >= since, each.days) for since, each in later), else_=days)
    return came + days * DAY


def taken() -> ColumnElement[Any]:
    """How many seconds an answer took: a difference of dates that both databases can write."""
    return extract("epoch", Idea.answered_at) - extract("epoch", Idea.submitted_at)


def promise_days(campaign: Campaign, by: Person, days: int) -> None:
    """Say within how many days ideas are answered that come from now on. Said again, it changes nothing. Raises PromisedTooOften."""
    lock(campaign)
    before = days_of(campaign)
    if before == days and (campaign.answer_days is not None or days == USUAL):
        return
    if campaign.is_draft:
        campaign.answer_days = [[0, days]]
    else:
        given = campaign.answer_days or [[0, USUAL]]
        if len(given) >= CHANGES_MOST:
            raise PromisedTooOften
        campaign.answer_days = [*given, [(now() - EPOCH) // MICROSECOND, days]]
    record("promise.chosen", campaign, by, days=[before, days])
    if not campaign.is_draft:
        announce(campaign.board, "campaign.changed")


def _windows(campaign: Campaign) -> Iterator[tuple[list[ColumnElement[bool]], timedelta]]:
    """Of each time that was promised, the conditions for an idea to have come in under it."""
    terms = terms_of(campaign)
    for place, (since, days) in enumerate(terms):
        given = [Idea.submitted_at >= since] if place else []
        if place + 1 < len(terms):
            given.append(Idea.submitted_at < terms[place + 1][0])
        yield given, days


def _seconds(moment: Any) -> ColumnElement[int]:
    return cast(extract("epoch", moment), BigInteger)


def _begin_with(campaign: Campaign, days: int | None, by: Person) -> None:
    if days and campaign.answer_days is None and days != USUAL:
        campaign.answer_days = [[0, days]]


carry("answers", days_of, _begin_with)
