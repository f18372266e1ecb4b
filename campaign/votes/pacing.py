"""Who votes so much that somebody has to look: counted here for nothing, and asked of the database only from then on.

Each process counts the ballots that come to it, by person and hour. Nobody who votes by hand comes near the number from which a
slice above is asked whether they may go on, and how many more they may give: it is asked again after a quarter of these.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from campaign.clock import now
from campaign.errors import Refused
from campaign.extensions import db
from campaign.votes.models import BallotEntry

HOUR = timedelta(hours=1)
LOOKED_AT_FROM = 100  # Ballots of one person, within an hour, in one process.
PROCESSES = (
    4  # That may all serve one person, and know nothing of each other, before so much as one vote goes beyond a limit.
)

Pace = Callable[[set[int]], dict[int, Refused | int]]
_paces: list[Pace] = []
_seen: Counter[int] = Counter()
_next_look: dict[int, int] = {}  # Of whom was asked: when they have had so many.
_hour = -1


def pace_votes_with(pace: Pace) -> None:
    """Have a slice say how many more each of some people who vote a lot may give within the hour, or why none."""
    _paces.append(pace)


def slowed(voters: Iterable[int]) -> dict[int, Refused]:
    """Count one ballot of each, and say who may not go on. No query, unless it is time to look at somebody who votes a lot."""
    global _hour
    hour = int(now().timestamp() // HOUR.total_seconds())
    if hour != _hour:
        forget()
        _hour = hour
    voters = list(voters)
    _seen.update(voters)
    many = {voter for voter in voters if _seen[voter] > _next_look.get(voter, LOOKED_AT_FROM)}
    if not many:
        return {}
    refused: dict[int, Refused] = {}
    for pace in _paces:
        for voter, more in pace(many).items():
            if isinstance(more, Refused):
                refused[voter] = more
            else:
                _next_look[voter] = _seen[voter] + (more - 1) // PROCESSES
    return refused


def forget() -> None:
    """Begin to count anew, as in each hour."""
    _seen.clear()
    _next_look.clear()


def votes_within(voters: set[int], time: timedelta) -> dict[int, int]:
    """How many acts of each are in the book since then. One query along the key."""
    asked = db.select(BallotEntry.voter_id, db.func.count()).group_by(BallotEntry.voter_id)
    asked = asked.where(BallotEntry.voter_id.in_(voters), BallotEntry.at > now() - time)
    return dict(db.session.execute(asked).all())
