"""How much somebody may send, by how well the brand knows them: least on their first day, when a robot would send most."""

from typing import Any

from flask_babel import lazy_gettext as _l
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from campaign.accounts.attempts import EDITS_BY_ONE, IDEAS_BY_ONE, REMARKS_BY_ONE, REPORTS_BY_ONE, pace_with
from campaign.accounts.models import Person
from campaign.clock import now
from campaign.errors import Refused
from campaign.extensions import db
from campaign.filters.levels import FIRST_DAY, standing_of
from campaign.votes.pacing import HOUR, pace_votes_with, votes_within

LEVELS: dict[str, Any] = {
    "first": _l("On the first day"),
    "new": _l("New here"),
    "known": _l("Known here"),
    "trusted": _l("Trusted here"),
}
LIMITS: dict[str, dict[str, RateLimitItem]] = {
    "idea": {
        "first": RateLimitItemPerHour(10),
        "new": RateLimitItemPerHour(15),
        "known": IDEAS_BY_ONE,
        "trusted": IDEAS_BY_ONE,
    },
    "remark": {
        "first": RateLimitItemPerMinute(12, 10),
        "new": RateLimitItemPerMinute(20, 10),
        "known": REMARKS_BY_ONE,
        "trusted": REMARKS_BY_ONE,
    },
    "update": {
        "first": RateLimitItemPerHour(10),
        "new": RateLimitItemPerHour(20),
        "known": EDITS_BY_ONE,
        "trusted": EDITS_BY_ONE,
    },
    "report": {
        "first": RateLimitItemPerHour(10),
        "new": RateLimitItemPerHour(20),
        "known": REPORTS_BY_ONE,
        "trusted": REPORTS_BY_ONE,
    },
}
VOTES = {
    "first": 300,
    "later": 1500,
}  # In an hour, wherever they are cast: whoever votes on each idea of a long board has room.


class TooManyVotes(Refused):
    code, status = "too_many_votes", 429
    message = _l("That was a lot of votes within an hour. Those that you gave are stored; go on a little later.")


def _pace(what: str, person_id: int, brand_id: int) -> RateLimitItem | None:
    return LIMITS[what][standing_of(person_id, brand_id).level] if what in LIMITS else None


def _slow(voters: set[int]) -> dict[int, Refused | int]:
    """How many more votes these people may give within the hour; or that they have given too many. Two queries."""
    given = votes_within(voters, HOUR)
    lately = db.select(Person.id).where(Person.id.in_(voters), Person.joined_at > now() - FIRST_DAY)
    fresh = set(db.session.scalars(lately))
    left = {voter: VOTES["first" if voter in fresh else "later"] - given.get(voter, 0) for voter in voters}
    return {voter: more if more > 0 else TooManyVotes() for voter, more in left.items()}


pace_with(_pace)
pace_votes_with(_slow)
