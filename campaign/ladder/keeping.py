"""Looks, every some seconds, for ideas whose time has run out, and for those that have reached a step without anybody voting."""

import structlog
from flask import Flask

from campaign.campaigns.models import Campaign, Publication
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import lock
from campaign.extensions import db, socketio
from campaign.history import record
from campaign.ideas.actions import take_off
from campaign.ideas.following import tell_followers
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.totals import stands
from campaign.ladder.climbing import begin_climbs, step_up, tell_authors
from campaign.ladder.models import Climb, Expiry
from campaign.ladder.resting import frozen, write_rests
from campaign.ladder.timing import clock_at, write_clock
from campaign.live import announce

LOOK = 10.0  # Seconds between two looks.
AT_ONCE = 20  # Ideas that are settled in one transaction: whoever votes meanwhile waits no longer.
FRESH = 120.0  # Seconds after a ladder was put up in which ideas may still arrive that knew nothing of it.

log = structlog.get_logger()


def keep_climbing(app: Flask) -> None:
    """Settle what is due for as long as the process serves."""
    while True:
        try:
            with app.app_context():
                look()
        except Exception:
            log.exception("ladders.unsettled")  # The next look tries it again.
        socketio.sleep(LOOK)


def look() -> None:
    """Bring all ladders up to now. However many processes do this at once, each idea is settled once. Commits."""
    laddered = db.select(Campaign.id).join(Publication, Publication.campaign_id == Campaign.id)
    campaigns = db.session.scalars(laddered.where(Campaign.ladder.is_not(None)).order_by(Campaign.id)).all()
    db.session.rollback()
    for campaign_id in campaigns:
        try:
            _turn(campaign_id)
        except Exception:
            db.session.rollback()  # One campaign must not keep the others waiting.
            log.exception("ladder.unsettled", campaign=campaign_id)


def _turn(campaign_id: int) -> None:
    campaign = db.session.get_one(Campaign, campaign_id, populate_existing=True)
    moment = now()
    write_clock(campaign, moment)
    clock = campaign.ladder_clock
    if clock is not None and (moment - clock.set_at).total_seconds() < FRESH:
        begin_climbs(campaign)
    if clock is not None:
        write_rests(campaign, clock_at(campaign, moment))
    db.session.commit()
    if seal_on(campaign) != "always":
        return  # What became of an idea would tell a figure.
    due = list(db.session.scalars(_due(campaign)))
    while due:
        settle(campaign_id, due)
        last = due[-1]
        due = list(db.session.scalars(_due(campaign, last)))


def _due(campaign: Campaign, after: int = 0) -> db.Select[tuple[int]]:
    """The next ideas to look at, by their ids: their time has run out, or they have the supporters of their step."""
    late = Climb.due <= clock_at(campaign, now())
    # By the totals' own index: few ideas have many votes.
    enough = [
        db.and_(Idea.votes >= supporters, Climb.step == step)
        for step, (supporters, _days) in enumerate(campaign.ladder or [])
    ]
    first = db.select(Climb.idea_id).where(Climb.campaign_id == campaign.id, late)
    found = db.select(Climb.idea_id).join(Climb.idea).where(Idea.campaign_id == campaign.id, Climb.due.is_not(None))
    least = min((supporters for supporters, _days in campaign.ladder or []), default=1)
    both = first.union(found.where(Idea.votes >= least, db.or_(*enough))) if enough else first
    ids = both.subquery().c[0]
    return (
        db.select(Idea.id)
        .where(Idea.id.in_(db.select(ids)), stands(), Idea.id > after)
        .order_by(Idea.id)
        .limit(AT_ONCE)
    )


def settle(campaign_id: int, ideas: list[int]) -> None:
    """Let these ideas step up or expire that are still to: whatever was done to them since somebody looked goes first. Commits."""
    gone = []
    for idea_id in ideas:
        idea = db.session.get_one(Idea, idea_id)
        lock(idea)
    # As at the ballot box: ideas first, then the campaign, so that nobody changes the ladder meanwhile.
    db.session.execute(db.select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(read=True))
    campaign = db.session.get_one(Campaign, campaign_id, populate_existing=True)
    clock = clock_at(campaign, now())
    for idea_id in ideas:
        idea = db.session.get_one(Idea, idea_id)
        row = db.session.get(Climb, idea_id, populate_existing=True)
        if row is None or row.due is None or idea.withdrawn or not campaign.ladder or seal_on(campaign) != "always":
            continue  # Another process was first, or its author; or a seal has begun.
        # Its votes were all in time: after it, none is counted.
        if step_up(campaign, idea_id, row.step, row.due, idea.votes, clock):
            continue
        # Whose votes were frozen since we began to look has rested since then.
        if row.due <= clock and row.step < len(campaign.ladder) and not frozen(idea):
            expire(idea, campaign.ladder[row.step][0])
            gone.append(idea_id)
    if gone:
        announce(campaign.board, "idea.expired", gone=gone)
    db.session.commit()


def expire(idea: Idea, supporters: int) -> None:
    """The idea's time has run out: it leaves the board and takes no votes, and each voter finds a notice.

    Where each voter has so many, theirs come back to them. Otherwise they wait with it.
    """
    assert idea.climb is not None
    returned = any(stage.method_settings.get("cap") for stage in idea.campaign.stages if stage.method == "approval")
    take_off(idea, Withdrawal(kind="expired", reason=""))
    idea.expiry = Expiry(step=idea.climb.step + 1, supporters=supporters, votes=idea.votes, returned=returned)
    idea.climb.due = None
    record("idea.expired", idea, supporters=supporters, votes=idea.votes)
    tell_authors("idea-expired", idea, supporters=supporters)
    tell_followers("expired", idea.campaign, idea)
