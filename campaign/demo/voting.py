"""Who of the demo's people voted for what, and when: tastes and days as a real campaign has them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# How many votes came in each of the last minutes: somebody has just passed the link on.
LAST_MINUTES = (1, 2, 1, 3, 2, 4, 3, 3, 5, 4, 6, 5, 7, 6, 8)

# How likely people vote at each hour of their day.
HOURS = (1, 0, 0, 0, 0, 1, 3, 8, 10, 8, 6, 6, 9, 9, 6, 5, 5, 6, 8, 9, 10, 10, 7, 3)


@dataclass(frozen=True)
class Ballot:
    """The votes that one idea should get. Those for a withdrawn one were all taken back before."""

    idea_id: int
    author_id: int
    category: str
    votes: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Act:
    """One person at the ballot box: an idea is given a vote, or loses it."""

    idea_id: int
    voter_id: int
    act: str  # cast or withdraw
    at: datetime


def cast_ballots(
    ballots: list[Ballot],
    known: list[int],
    quiet: list[int],
    today: datetime,
    zone: ZoneInfo,
    dice: random.Random,
) -> list[Act]:
    """Every act at the ballot box, in the order of time."""
    tastes = _tastes(known, quiet, sorted({ballot.category for ballot in ballots}), dice)
    moments = _last_minutes(ballots, today, dice)
    acts = []
    for ballot in ballots:
        voters = _voters(ballot, tastes, dice)
        recent = moments.get(ballot.idea_id, [])
        for number, voter in enumerate(voters):
            at = recent[number] if number < len(recent) else _moment(ballot, today, zone, dice)
            acts.append(Act(ballot.idea_id, voter, "cast", at))
            if ballot.until:
                taken_back = at + (ballot.until - at) * dice.uniform(0.3, 0.95)
                acts.append(Act(ballot.idea_id, voter, "withdraw", taken_back))
    return sorted(acts, key=lambda act: (act.at, act.voter_id))


def _tastes(
    known: list[int], quiet: list[int], categories: list[str], dice: random.Random
) -> dict[int, dict[str, float]]:
    """How much each person cares for each category: who writes votes more, and everybody has favourites."""
    tastes = {}
    for person in [*known, *quiet]:
        zeal = dice.paretovariate(2.2) * (2 if person in known else 1)
        favourites = dice.sample(categories, 2)
        tastes[person] = {one: zeal * (3.0 if one in favourites else 1.0) for one in categories}
    return tastes


def _voters(ballot: Ballot, tastes: dict[int, dict[str, float]], dice: random.Random) -> list[int]:
    # Drawn without replacement by weight (Efraimidis and Spirakis, 2006): the greatest u^(1/weight) win.
    drawn = [
        (dice.random() ** (1 / taste[ballot.category]), person)
        for person, taste in tastes.items()
        if person != ballot.author_id
    ]
    voters = [person for _key, person in sorted(drawn, reverse=True)[: ballot.votes]]
    dice.shuffle(voters)  # Who is keenest is not therefore first.
    return voters


def _last_minutes(ballots: list[Ballot], today: datetime, dice: random.Random) -> dict[int, list[datetime]]:
    """Which ideas got the votes of the last minutes. No idea lives by them alone."""
    standing = [ballot for ballot in ballots if ballot.until is None]
    running = today.replace(second=0, microsecond=0)
    given: dict[int, list[datetime]] = {}
    for back, number in enumerate(reversed(LAST_MINUTES)):
        begin = running - timedelta(minutes=back)
        span = min(today - begin, timedelta(seconds=59))
        for _vote in range(number):
            ballot = dice.choices(standing, [one.votes for one in standing])[0]
            moments = given.setdefault(ballot.idea_id, [])
            if len(moments) < ballot.votes // 4:
                moments.append(begin + span * dice.random())
    return given


def _moment(ballot: Ballot, today: datetime, zone: ZoneInfo, dice: random.Random) -> datetime:
    """A moment of the idea's life so far, rather an early one, and rather by day than by night."""
    # The last quarter of an hour is told minute by minute, above.
    until = (ballot.since + (ballot.until - ballot.since) / 2) if ballot.until else today - timedelta(minutes=16)
    at = ballot.since
    for _try in range(12):
        at = ballot.since + (until - ballot.since) * dice.random() ** 1.5
        if dice.random() * 10 < HOURS[at.astimezone(zone).hour]:
            break
    return at
