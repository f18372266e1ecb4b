"""Stages open and close by the server's clock: what passed is written down once, and every open board hears of it."""

from collections.abc import Callable
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy.orm import aliased, selectinload

from campaign.campaigns.holding import hold_back
from campaign.campaigns.models import Campaign, Publication, Stage
from campaign.campaigns.readiness import hold_unready, unready
from campaign.clock import now
from campaign.extensions import db, socketio
from campaign.history import record
from campaign.live import announce

LOOK = 1.0  # Seconds between two looks: dates move, and other processes publish.

log = structlog.get_logger()
_when_begun: list[Callable[[Campaign, Stage], None]] = []


def when_a_stage_begins(tell: Callable[[Campaign, Stage], None]) -> None:
    """Call `tell(campaign, stage)` once for each stage that begins, in the transaction that writes it down."""
    _when_begun.append(tell)


def turn_stages(campaign: Campaign, until: datetime, closed_at: datetime | None = None) -> list[str]:
    """Write down and tell which stages have begun up to `until`, and whether the campaign has ended; gives the events.

    However many processes do this at once, and whatever was down meanwhile, each is told once. Where no date has passed, nothing
    is written: a stage that is held is looked at every second.

    `closed_at`: since when the campaign was closed until this moment. A stage whose whole time lay within that never opened.
    """
    publication = campaign.publication
    assert publication is not None
    since = publication.told_until
    if not any(since < at <= until for at in campaign.turns):
        return []
    mine = (
        db.update(Publication)
        .where(Publication.campaign_id == campaign.id, Publication.told_until == since)
        .values(told_until=until)
        .execution_options(synchronize_session=False)
    )
    if not db.session.execute(mine.returning(Publication.campaign_id)).first():
        return []  # Another process was first.
    begun = [stage for stage in campaign.stages if since < stage.opens_at <= until]
    for stage in [one for one in begun if closed_at is not None and closed_at <= one.opens_at and one.has_passed]:
        begun.remove(stage)
        stage.held = True  # Its hour came and found it shut, which is no opening to write down.
    held = hold_back(campaign, begun)
    for stage in begun:
        if not stage.held:
            _open(campaign, stage, stage.opens_at)
    events = ["stage.opened"] * (len(begun) > len(held)) + ["stage.held"] * bool(held)
    if campaign.ends_at is not None and since < campaign.ends_at <= until:
        record("campaign.ended", campaign, at=campaign.ends_at)
        events.append("campaign.ended")
    if events:
        announce(campaign.board, *events)
    return events


def open_mended(campaign: Campaign) -> list[str]:
    """Open the stage that was held at its hour, if it lacks nothing any more; gives the events. Told once, by whoever is first."""
    stage = campaign.holds
    if stage is None or stage.has_passed or any(one.stage is stage for one in unready(campaign)):
        return []
    mine = db.update(Stage).where(Stage.id == stage.id, Stage.held).values(held=False).returning(Stage.id)
    if not db.session.execute(mine).first():
        return []
    _open(campaign, stage, now())
    announce(campaign.board, "stage.opened")
    return ["stage.opened"]


def _open(campaign: Campaign, stage: Stage, at: datetime) -> None:
    record("stage.opened", campaign, at=at, stage={"kind": stage.kind, "names": stage.names})
    for tell in _when_begun:
        tell(campaign, stage)


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
        dates = [*(stage.opens_at for stage in campaign.stages), campaign.ends_at or moment]
        soon = min([soon, *(at.timestamp() for at in dates if at > moment)])
        _turn(campaign, moment)
    return max(soon - now().timestamp(), 0.0)


def _turn(campaign: Campaign, moment: datetime) -> None:
    slug = campaign.slug
    try:
        events = turn_stages(campaign, moment) or open_mended(campaign)
        hold_unready(campaign)  # Of what opens before the next look, what is not ready stays shut to the second.
        db.session.commit()
    except Exception:
        # One campaign must not keep the others waiting; the next look tries it again.
        db.session.rollback()
        log.exception("stages.unturned", campaign=slug)
        return
    for event in events:
        log.info(event, campaign=slug)


def _waiting(until: datetime) -> list[Campaign]:
    """The published campaigns of which a stage begins by then, or that end by then, untold; and those that hold a stage.

    Those that their team closed wait until it opens them. A stage that was held until the next one began is waited for no more.
    """
    told, later = Publication.told_until, aliased(Stage)
    begins = db.exists().where(Stage.campaign_id == Campaign.id, Stage.opens_at > told, Stage.opens_at <= until)
    passed = db.exists().where(
        later.campaign_id == Stage.campaign_id, later.opens_at > Stage.opens_at, later.opens_at <= told
    )
    holds = db.exists().where(Stage.campaign_id == Campaign.id, Stage.held, Stage.opens_at <= told, ~passed)
    goes_on = db.or_(Campaign.ends_at.is_(None), Campaign.ends_at > told)
    ends = db.and_(Campaign.ends_at > told, Campaign.ends_at <= until)
    found = db.select(Campaign).join(Publication, Publication.campaign_id == Campaign.id)
    found = found.where(db.or_(begins, ends, db.and_(holds, goes_on)), ~Campaign.closing.has()).order_by(Campaign.id)
    return list(db.session.scalars(found.options(selectinload(Campaign.stages))))
