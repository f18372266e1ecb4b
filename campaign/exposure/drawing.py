"""Drawing the orders, in the worker: soon after something was seen, and not more often than it is worth.

A drawing is kept for hours, so that whoever reads along one finds every idea once, however much moves meanwhile.
"""

from array import array
from datetime import timedelta
from random import SystemRandom
from typing import Any

from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.exposure.models import Drawing, DrawingLane, IdeaExposure
from campaign.exposure.ordering import SERVED, Shown, orders
from campaign.extensions import db, socketio
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.jobs import job

AT_LEAST = 10.0  # Seconds between two drawings of one campaign.
A_SECOND = 300  # Ideas for which a drawing must last a second longer: so long lists don't fill the disk.
KEPT = timedelta(hours=6)
RENEWED = timedelta(minutes=20)  # However little moves.
VALID = timedelta(hours=1)  # Older than that, nobody draws: the order would say what was seen least long ago.
PLACES = 32_000  # Of all lanes of a drawing together; a campaign with more ideas has one lane.
LANES = 16


@job("exposure")
def draw_where_due() -> None:
    """Draw anew for every campaign in which people vote and something has moved. Commits one after the other."""
    guaranteed = db.select(Campaign).where(Campaign.exposure == "guaranteed", Campaign.publication.has())
    for campaign in db.session.scalars(guaranteed).unique().all():
        if campaign.accepts_votes and _is_due(campaign):
            draw(campaign)
            db.session.commit()
    db.session.execute(db.delete(Drawing).where(Drawing.made_at < now() - KEPT, Drawing.id.not_in(_newest())))
    db.session.commit()


def draw(campaign: Campaign) -> Drawing:
    """Draw the campaign's orders from what was seen and voted for until now; while totals are sealed, from what was seen. Does not commit."""
    blind = is_blind(campaign)
    at = now()  # Whatever comes from here on may be missing.
    views = IdeaExposure.seen + SERVED * IdeaExposure.served
    since = Idea.votes - IdeaExposure.votes_before
    found = (
        db.select(Idea.id, db.func.coalesce(views, 0), db.func.coalesce(since, 0))
        .outerjoin(IdeaExposure, IdeaExposure.idea_id == Idea.id)
        .where(*on_board(campaign))
    )
    ideas = [Shown(idea, float(seen), max(0, votes)) for idea, seen, votes in db.session.execute(found)]
    lanes = min(LANES, max(1, PLACES // max(1, len(ideas))))
    drawn_from = {"ideas": len(ideas), "views": _views_of(campaign), "blind": blind}
    drawing = Drawing(campaign_id=campaign.id, made_at=at, lanes=lanes, **drawn_from)
    db.session.add(drawing)
    drawn = []
    for order in orders(ideas, lanes, SystemRandom(), blind):
        drawn.append(array("I", order))
        socketio.sleep(0)  # The worker has other things to answer.
    db.session.flush()
    for lane, places in enumerate(drawn):
        db.session.add(DrawingLane(drawing_id=drawing.id, lane=lane, places=places.tobytes()))
    db.session.flush()
    return drawing


def valid_drawing(campaign: Campaign) -> Drawing | None:
    """The one to read along now. None: nothing was drawn yet, or nobody draws any more."""
    last = _last_drawing(campaign)
    if last is None or last.made_at <= now() - VALID or (is_blind(campaign) and not last.blind):
        return None
    return last


def is_blind(campaign: Campaign) -> bool:
    """Whether the order must not tell of votes, because somebody may not know of them. It is the same for those who may."""
    return seal_on(campaign) != "always"


def _last_drawing(campaign: Campaign) -> Drawing | None:
    mine = db.select(Drawing).where(Drawing.campaign_id == campaign.id)
    return db.session.scalars(mine.order_by(Drawing.id.desc()).limit(1)).one_or_none()


def _is_due(campaign: Campaign) -> bool:
    last = _last_drawing(campaign)
    if last is None or last.made_at < now() - RENEWED or last.blind != is_blind(campaign):
        return True
    if now() - last.made_at < timedelta(seconds=max(AT_LEAST, last.ideas / A_SECOND)):
        return False
    ideas = db.session.scalar(db.select(db.func.count()).select_from(Idea).where(*on_board(campaign)))
    return last.ideas != ideas or last.views != _views_of(campaign)


def _views_of(campaign: Campaign) -> int:
    counted = db.func.sum(IdeaExposure.seen + IdeaExposure.served)
    return int(db.session.scalar(db.select(counted).where(IdeaExposure.campaign_id == campaign.id)) or 0)


def _newest() -> Any:
    return db.select(db.func.max(Drawing.id)).group_by(Drawing.campaign_id)
