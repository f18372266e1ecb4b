"""How often something may be tried, by address and by where it comes from. Counted in Redis where there is one."""

import math
import time
from collections.abc import Callable

import structlog
from flask_babel import format_timedelta, ngettext
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from redis import RedisError

from campaign import settings
from campaign.accounts.actions import NotAnAddress, tidy_email
from campaign.errors import Refused
from campaign.extensions import limiter
from campaign.networks import place_of

log = structlog.get_logger()

# Somebody's whole office, school or street may stand behind one IP address; one mailbox is one person's.
MAILS_TO_ONE = RateLimitItemPerHour(5)
FROM_ONE_PLACE = RateLimitItemPerHour(60)
MAILS_BY_ONE = RateLimitItemPerHour(60)

# More than anybody writes who means it; everybody reads it.
REMARKS_BY_ONE = RateLimitItemPerMinute(30, 10)
IDEAS_BY_ONE = RateLimitItemPerHour(30)
EDITS_BY_ONE = RateLimitItemPerMinute(60, 10)
REPORTS_BY_ONE = RateLimitItemPerHour(60)

HELPFUL_BY_ONE = RateLimitItemPerMinute(60, 10)

# What a page asks by itself while somebody types: more than anybody makes pauses.
SIMILAR_BY_ONE = RateLimitItemPerMinute(60)
SIMILAR_FROM_ONE_PLACE = RateLimitItemPerMinute(180)  # Of those without an account.


class TooMany(Refused):
    """Tried too often. The sentence says how long to wait."""

    code, status = "too_many", 429

    def __init__(self, wait: float) -> None:
        self.wait = wait
        minutes = max(1, math.ceil(wait / 60))
        super().__init__(
            ngettext(
                "That was a lot of attempts. You can try again in %(num)s minute.",
                "That was a lot of attempts. You can try again in %(num)s minutes.",
                minutes,
            )
        )


class WrittenALot(TooMany):
    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        minutes = max(1, math.ceil(wait / 60))
        self.message = ngettext(
            "You have written a lot in a short time. Your words are still here: send them again in %(num)s minute.",
            "You have written a lot in a short time. Your words are still here: send them again in %(num)s minutes.",
            minutes,
        )


class WrittenALotForNow(TooMany):
    """As much as somebody may send whom a brand hardly knows yet."""

    def __init__(self, wait: float, limit: RateLimitItem) -> None:
        super().__init__(wait)
        self.message = ngettext(
            "Whoever is new here may send %(most)s of these in %(span)s, which keeps robots away. Your words are still here: "
            "send them again in %(num)s minute.",
            "Whoever is new here may send %(most)s of these in %(span)s, which keeps robots away. Your words are still here: "
            "send them again in %(num)s minutes.",
            max(1, math.ceil(wait / 60)),
            most=limit.amount,
            span=format_timedelta(limit.get_expiry(), granularity="minute", threshold=1.2),
        )


Pace = Callable[[str, int, int], RateLimitItem | None]
_paces: list[Pace] = []


def pace_with(pace: Pace) -> None:
    """Have a slice say how much of something a person may send in a brand's campaigns, by who they are there. None: as anybody."""
    _paces.append(pace)


def count_writing(limit: RateLimitItem, what: str, person_id: int, brand_id: int | None = None) -> None:
    """Count what one person writes for everybody to read; in a brand's campaigns, by how well it knows them. Raises WrittenALot."""
    found = (pace(what, person_id, brand_id) for pace in _paces if brand_id is not None)
    paced = next((one for one in found if one is not None), limit)
    try:
        count(paced, what, str(person_id))
    except TooMany as refusal:
        raise (WrittenALot(refusal.wait) if paced == limit else WrittenALotForNow(refusal.wait, paced)) from None


def sign_in_limits() -> tuple[RateLimitItem, RateLimitItem]:
    """Of failed attempts: for one address, and from one place."""
    attempts = settings.current().attempts
    return RateLimitItemPerMinute(attempts, 15), RateLimitItemPerMinute(5 * attempts, 15)


def count(limit: RateLimitItem, what: str, key: str, cost: int = 1) -> None:
    """Count one attempt. Raises TooMany when it is one too many; counted before it is made, parallel ones can't slip by."""
    try:
        if not limiter.limiter.hit(limit, what, key, cost=cost):
            raise TooMany(limiter.limiter.get_window_stats(limit, what, key).reset_time - time.time())
    except RedisError:
        log.exception("attempts.uncounted", what=what)  # Without Redis, people still get in.


def is_over(limit: RateLimitItem, what: str, key: str) -> bool:
    """Whether one attempt more would be one too many. Counts nothing."""
    try:
        return not limiter.limiter.test(limit, what, key)
    except RedisError:
        return False


def forgive(limit: RateLimitItem, what: str, key: str, cost: int = 1) -> None:
    """Take one attempt back: it was a good one."""
    try:
        limiter.limiter.hit(limit, what, key, cost=-cost)
    except RedisError:
        log.exception("attempts.uncounted", what=what)


def forget(limit: RateLimitItem, what: str, key: str) -> None:
    """Begin the count anew."""
    try:
        limiter.limiter.clear(limit, what, key)
    except RedisError:
        log.exception("attempts.uncounted", what=what)


def mailbox_of(email: str) -> str:
    """What attempts at an address are counted under: the mailbox that it leads to, however it is spelled."""
    try:
        return tidy_email(email)
    except NotAnAddress:
        return email.casefold()


def place() -> str:
    """Where the asker comes from."""
    return place_of(get_remote_address())
