"""Putting up a ladder, and giving more time to an idea that ran out of it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import TitleTaken, come_back, take_title
from campaign.ideas.following import tell_followers
from campaign.ideas.models import Idea
from campaign.ideas.similar import twin_of
from campaign.ladder.climbing import begin_climbs, tell_authors
from campaign.ladder.models import RESTING, Climb, LadderClock
from campaign.ladder.timing import DAY, can_climb, clock_at
from campaign.live import announce

STEPS_MOST = 6
DAYS_MOST = 3650


class LadderFrozen(Refused):
    code = "ladder_frozen"
    message = _l("People have voted, so the ladder stays as it is: they count on what they were told.")


class NoSupport(Refused):
    code = "no_support"
    message = _l("A ladder counts supporters. In no stage of this campaign do people support single ideas.")


class LadderUneven(Refused):
    code = "ladder_uneven"


class CampaignOver(Refused):
    code = "campaign_over"
    message = _l("This campaign is over, so more time would change nothing.")


class TimeReasonMissing(Refused):
    code, message, field = (
        "reason_missing",
        _l("Say why: the idea’s authors read it in a mail, and your team in the history."),
        "reason",
    )


class NotWhileSealed(Refused):
    code = "not_while_sealed"
    message = _l("While counts are sealed, the ladder rests. Give the idea more time when they are shown.")


def is_frozen(campaign: Campaign) -> bool:
    """Whether somebody has voted by the ladder as it is."""
    return any(stage.first_ballot_at for stage in campaign.stages)


def check_steps(steps: list[list[int]]) -> None:
    """Raise LadderUneven where this is no ladder: up to six steps, each with more supporters than the one before it."""
    if len(steps) > STEPS_MOST:
        raise LadderUneven(_("%(most)d steps at most.", most=STEPS_MOST))
    for place, (supporters, days) in enumerate(steps):
        if supporters < 1 or not 1 <= days <= DAYS_MOST:
            raise LadderUneven(_("Each step asks for at least one supporter and one day."), f"supporters_{place + 1}")
        if place and supporters <= steps[place - 1][0]:
            raise LadderUneven(
                _("Each step asks for more supporters than the one before it."), f"supporters_{place + 1}"
            )


def set_ladder(campaign: Campaign, by: Person, steps: list[list[int]]) -> None:
    """Let ideas climb these steps, [supporters, days] each; none takes the ladder away. Said again, it changes nothing.

    Raises LadderUneven, NoSupport, and LadderFrozen from the first ballot on.
    """
    check_steps(steps)
    lock(campaign)  # As a first ballot does: so there is none that we don't see.
    for stage in campaign.stages:
        db.session.refresh(stage)
    before = campaign.ladder or []
    if before == steps:
        return
    if is_frozen(campaign):
        raise LadderFrozen
    if steps and not can_climb(campaign):
        raise NoSupport
    _put_up(campaign, steps)
    record("ladder.changed", campaign, by, steps=[before, steps])
    if not campaign.is_draft:
        announce(campaign.board, "campaign.changed")


def _put_up(campaign: Campaign, steps: list[list[int]]) -> None:
    campaign.ladder = [list(step) for step in steps] or None
    if not steps:
        db.session.execute(db.delete(Climb).where(Climb.campaign_id == campaign.id))
        db.session.execute(db.delete(LadderClock).where(LadderClock.campaign_id == campaign.id))
        db.session.expire(campaign, ["ladder_clock"])
        return
    db.session.flush()
    clock = db.session.get(LadderClock, campaign.id)
    if clock is None:
        db.session.add(LadderClock(campaign_id=campaign.id))
    else:
        clock.set_at = now()
    db.session.flush()
    db.session.expire(campaign, ["ladder_clock"])
    # Nobody has voted, so each of them is at the foot.
    due = case((Climb.due >= RESTING, RESTING), else_=Climb.since) + steps[0][1] * DAY
    anew = db.update(Climb).where(Climb.campaign_id == campaign.id).values(due=due)
    db.session.execute(anew.execution_options(synchronize_session="fetch"))
    begin_climbs(campaign)


def give_time(idea: Idea, by: Person, days: int, reason: str) -> None:
    """Put an idea that ran out of time back on the board, for so many days of voting. Done twice, it is done once.

    Votes that went back to their voters stay with them. Raises TimeReasonMissing, CampaignOver, NotWhileSealed, TitleTaken.
    """
    lock(idea)
    expiry = idea.expiry
    if expiry is None:
        return
    if not reason:
        raise TimeReasonMissing
    campaign = idea.campaign
    if campaign.is_over:
        raise CampaignOver
    if seal_on(campaign) != "always":
        raise NotWhileSealed
    take_title(campaign, idea.title)
    if twin := twin_of(campaign, idea.title):
        raise TitleTaken(twin, _("Another idea with this title is on the board by now, so this one stays off it."))
    if expiry.returned:
        come_back(idea)
    idea.withdrawal = idea.expiry = None
    if idea.climb is not None:
        idea.climb.due = clock_at(campaign, now()) + days * DAY
    record("idea.extended", idea, by, reason, days=days)
    announce(campaign.board, "idea.extended", ideas=[idea.id])
    tell_authors("idea-extended", idea, days=days, reason=reason, by=by)
    tell_followers("extended", campaign, idea)


def _begin_with(campaign: Campaign, steps: list[list[int]] | None, by: Person) -> None:
    if steps and not campaign.ladder:
        _put_up(campaign, steps)


carry("ladder", lambda campaign: campaign.ladder, _begin_with)
