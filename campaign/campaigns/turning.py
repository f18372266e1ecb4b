"""Stages open and close by the server's clock: what passed is written down once, and every open board hears of it."""

from datetime import datetime

import structlog
from flask import Flask

from campaign.campaigns.models import Campaign, Publication
from campaign.clock import now
from campaign.extensions import db, socketio
from campaign.history import record
from campaign.live import announce

LOOK = 1.0  # Seconds between two looks: dates move, and other processes publish.
PASSED = {
    "opens_at": "campaign.opened",
    "ideas_until": "campaign.ideas_ended",
    "votes_until": "campaign.votes_ended",
}

log = structlog.get_logger()


def turn_stages(campaign: Campaign, until: datetime) -> list[str]:
    """Write down and tell which of the campaign's dates have passed up to `until`; gives their events.

    However many processes do this at once, and whatever was down meanwhile, each passing is told once.
    """
    publication = campaign.publication
    assert publication is not None
    since = publication.told_until
    mine = (
        db.update(Publication)
        .where(Publication.campaign_id == campaign.id, Publication.told_until == since)
        .values(told_until=until)
        .execution_options(synchronize_session=False)
    )
    if not db.session.execute(mine.returning(Publication.campaign_id)).first():
        return []  # Another process was first.
    moments = {event: getattr(campaign, name) for name, event in PASSED.items()}
    if campaign.ideas_until == campaign.votes_until:
        del moments["campaign.ideas_ended"]  # The end of both is one end.
    events = [event for event, at in moments.items() if since < at <= until]
    for event in events:
        record(event, campaign, at=moments[event])
    if events:
        announce(campaign.board, *events)
    return events


def keep_time(app: Flask) -> None:
    """Turn the stages of all campaigns for as long as the process serves."""
    while True:
        try:
            with app.app_context():
                pause = look()
        except Exception:
            # What keeps one look from being taken must not stop the clock.
            log.exception("stages.unturned")
            pause = LOOK
        socketio.sleep(pause)


def look() -> float:
    """Turn what is due, and say after how many seconds to look again."""
    moment = now()
    soon = moment.timestamp() + LOOK
    for campaign in _waiting(datetime.fromtimestamp(soon, moment.tzinfo)):
        dates = [getattr(campaign, name) for name in PASSED]
        soon = min([soon, *(at.timestamp() for at in dates if at > moment)])
        _turn(campaign, moment)
    return max(soon - now().timestamp(), 0.0)


def _turn(campaign: Campaign, moment: datetime) -> None:
    slug = campaign.slug
    try:
        events = turn_stages(campaign, moment)
        db.session.commit()
    except Exception:
        # One campaign must not keep the others waiting; the next look tries it again.
        db.session.rollback()
        log.exception("stages.unturned", campaign=slug)
        return
    for event in events:
        log.info(event, campaign=slug)


def _waiting(until: datetime) -> list[Campaign]:
    """The published campaigns of which a date passes by then, untold. Those that their team closed wait until it opens them."""
    dates = [getattr(Campaign, name) for name in PASSED]
    passing = db.or_(*(db.and_(date > Publication.told_until, date <= until) for date in dates))
    found = db.select(Campaign).join(Publication, Publication.campaign_id == Campaign.id)
    return list(db.session.scalars(found.where(passing, ~Campaign.closing.has()).order_by(Campaign.id)))
