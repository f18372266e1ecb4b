"""How much comes in now, beside what is usual on this campaign; and when that is so much more that somebody should look.

The rule: in the last five minutes came more than five times the usual, and at least as many as LEAST says. The usual is what came in the
24 hours before the last one. In a campaign's first two hours nothing is usual yet, and nothing is said.

It is read from dates that are kept anyway and from the votes of each minute, so whoever votes or writes waits for nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import true

from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import shown_to_reader
from campaign.clock import now
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.votes.ballots import HANDED_BACK
from campaign.votes.models import BallotEntry, VoteMinute

TIMES = 5  # The usual.
LEAST = {"ideas": 10, "remarks": 20, "votes": 100}
LATELY, HOUR, BEFORE = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=24)
# The latest that are looked at, so that it takes no longer where millions are kept. Of remarks, those of all campaigns.
NEWEST = {"ideas": 5_000, "remarks": 10_000, "ballots": 20_000}


@dataclass(frozen=True)
class Rate:
    """How many of something came in."""

    what: str  # "ideas", "remarks" or "votes".
    lately: int  # In the last five minutes.
    hour: int
    usual: float | None  # Of an hour. None: the campaign is too young to tell.

    @property
    def usual_lately(self) -> float:
        return (self.usual or 0) * (LATELY / HOUR)

    @property
    def floods(self) -> bool:
        """Whether so many came that somebody should look."""
        return self.usual is not None and self.lately >= LEAST[self.what] and self.lately > TIMES * self.usual_lately


def rates_of(campaign: Campaign) -> list[Rate]:
    """What came in to this campaign; votes only while whoever reads it may know how many there are. Two queries at most."""
    moment = now()
    told = shown_to_reader(campaign)
    parts = {"ideas": _ideas(campaign, moment), "remarks": _remarks(campaign, moment)}
    if told:
        parts["votes"] = _minutes(campaign, moment)
        if any(stage.method != "approval" for stage in campaign.stages):
            parts["ballots"] = _ballots(campaign, moment)
    first, *others = tables = [part.subquery(name) for name, part in parts.items()]
    asked = db.select(*(column for table in tables for column in table.c)).select_from(first)
    for other in others:
        asked = asked.join(other, true())
    row = [number or 0 for number in db.session.execute(asked).one()]
    came = {name: row[3 * place : 3 * place + 3] for place, name in enumerate(parts)}
    if "ballots" in came:
        came["votes"] = [sum(pair) for pair in zip(came["votes"], came.pop("ballots"), strict=True)]
    hours = _hours_before(campaign, moment)
    return [
        Rate(what, lately, hour, before / hours if hours else None) for what, (lately, hour, before) in came.items()
    ]


def _hours_before(campaign: Campaign, moment: datetime) -> float | None:
    """How many hours the usual is measured over; None where it is too early to tell."""
    if campaign.publication is None:
        return None
    since = max(campaign.publication.at, moment - HOUR - BEFORE)
    hours = (moment - HOUR - since) / HOUR
    return hours if hours >= 1 else None


def _three(at: Any, moment: datetime) -> tuple[Any, ...]:
    """Of the rows with these moments, how many came in the last five minutes, in the last hour, and before that."""
    number = db.func.count()
    return (
        number.filter(at > moment - LATELY).label("lately"),
        number.filter(at > moment - HOUR).label("hour"),
        number.filter(at <= moment - HOUR, at > moment - HOUR - BEFORE).label("before"),
    )


def _ideas(campaign: Campaign, moment: datetime) -> Any:
    newest = db.select(Idea.submitted_at.label("at")).where(Idea.campaign_id == campaign.id)
    newest = newest.order_by(Idea.id.desc()).limit(NEWEST["ideas"]).subquery()
    return db.select(*_three(newest.c.at, moment)).select_from(newest)


def _remarks(campaign: Campaign, moment: datetime) -> Any:
    newest = db.select(Comment.at, Comment.idea_id).order_by(Comment.id.desc()).limit(NEWEST["remarks"]).subquery()
    recent = db.select(*_three(newest.c.at, moment)).select_from(newest).join(Idea, Idea.id == newest.c.idea_id)
    return recent.where(Idea.campaign_id == campaign.id, newest.c.at > moment - HOUR - BEFORE)


def _minutes(campaign: Campaign, moment: datetime) -> Any:
    last, minute = int(moment.timestamp() // 60), VoteMinute.minute
    votes, hour = db.func.sum(VoteMinute.votes), last - HOUR // timedelta(minutes=1)
    since = hour - BEFORE // timedelta(minutes=1)
    return db.select(
        votes.filter(minute > last - LATELY // timedelta(minutes=1)).label("lately"),
        votes.filter(minute > hour).label("hour"),
        votes.filter(minute <= hour).label("before"),
    ).where(VoteMinute.campaign_id == campaign.id, minute > since, minute <= last)


def _ballots(campaign: Campaign, moment: datetime) -> Any:
    newest = db.select(BallotEntry.at).where(
        BallotEntry.campaign_id == campaign.id,
        BallotEntry.at > moment - HOUR - BEFORE,
        BallotEntry.stage_id.is_not(None),
        BallotEntry.act == "cast",
        ~BallotEntry.key.startswith(HANDED_BACK),
    )
    newest = newest.order_by(BallotEntry.at.desc()).limit(NEWEST["ballots"]).subquery()
    return db.select(*_three(newest.c.at, moment)).select_from(newest)
