"""What pages tell of the ladder: its steps in a sentence, and how far an idea is. A figure is told only where totals are."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ladder.models import StepReached
from campaign.ladder.resting import frozen, time_left
from campaign.ladder.timing import DAY, clock_at, runs
from campaign.languages import number

HOUR = DAY // 24


class Progress(NamedTuple):
    """How far an idea has climbed. `supporters` is what it needs next."""

    step: int
    steps: int
    supporters: int
    left: str  # In words.
    rests: str  # Why the clock stands still now, in words; empty while it runs.
    arrived: bool


def said_steps(steps: list[list[int]] | None) -> str:
    """The ladder as a sentence: 100 supporters within 60 days; then 1,000 within 180 days more."""
    parts = []
    for place, (supporters, days) in enumerate(steps or []):
        many = ngettext("%(count)s supporter", "%(count)s supporters", supporters, count=number(supporters))
        if place == 0:
            parts.append(
                ngettext(
                    "%(supporters)s within %(count)s day",
                    "%(supporters)s within %(count)s days",
                    days,
                    supporters=many,
                    count=number(days),
                )
            )
        else:
            parts.append(
                ngettext(
                    "then %(supporters)s within %(count)s day more",
                    "then %(supporters)s within %(count)s days more",
                    days,
                    supporters=number(supporters),
                    count=number(days),
                )
            )
    between = _("; ")
    return f"{between.join(parts)}." if parts else ""


def progress_of(idea: Idea) -> Progress | None:
    """How far the idea is. None where its campaign has no ladder, or it has left the board."""
    campaign, climb = idea.campaign, idea.climb
    if not campaign.ladder or climb is None or idea.withdrawn:
        return None
    steps, moment = campaign.ladder, now()
    if climb.step >= len(steps):
        return Progress(climb.step, len(steps), steps[-1][0], "", "", True)
    left = time_left(climb.due or 0, clock_at(campaign, moment))
    return Progress(climb.step, len(steps), steps[climb.step][0], said_left(left), _why_rests(idea), False)


def _why_rests(idea: Idea) -> str:
    if frozen(idea):
        return _("the time rests while its votes stay as they are")
    if runs(idea.campaign, now()):
        return ""
    if seal_on(idea.campaign) != "always":
        return _("the time rests until the counts are shown")
    return _("the time rests until people can vote")


def said_left(left: int) -> str:
    """How much time is left, rounded down: who has a day and a half has a day."""
    if left >= DAY:
        days = left // DAY
        return ngettext("%(count)s day left", "%(count)s days left", days, count=number(days))
    if left >= HOUR:
        hours = left // HOUR
        return ngettext("%(count)s hour left", "%(count)s hours left", hours, count=number(hours))
    return _("less than an hour left")


def steps_reached(idea: Idea) -> list[StepReached]:
    """The steps that the idea has reached, in their order. One query, where its campaign has a ladder."""
    if not idea.campaign.ladder:
        return []
    found = db.select(StepReached).where(StepReached.idea_id == idea.id).order_by(StepReached.number)
    return list(db.session.scalars(found))
