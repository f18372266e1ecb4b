"""The board in the order that guarantees exposure. A page is a slice of a drawing, so it costs the same on any board."""

import re
from array import array

from campaign.campaigns.models import Campaign
from campaign.exposure.drawing import newest_drawing
from campaign.exposure.models import Drawing, DrawingLane
from campaign.extensions import db
from campaign.ideas.listing import PAGE, NoSuchPage, Page, Wish, card_parts, count_ideas, on_board
from campaign.ideas.models import Idea, disclose

BYTES = array("I").itemsize
assert BYTES == 4


def list_fairly(campaign: Campaign, wish: Wish, cursor: str | None = None, size: int = PAGE) -> Page | None:
    """One page in the drawn order; None where another order is asked for, or nothing is drawn yet. Raises NoSuchPage.

    What somebody searches or filters comes in the plain shuffled order, which prefers nobody either.
    """
    if wish.order != "shuffled" or wish.query or wish.tag or wish.category or wish.unanswered:
        return None
    if cursor:
        return _continued(campaign, cursor, size)
    if campaign.exposure != "guaranteed" or not campaign.accepts_votes:
        return None
    drawing = newest_drawing(campaign)
    return _slice(campaign, drawing, wish.seed % drawing.lanes, 0, size) if drawing else None


def _continued(campaign: Campaign, cursor: str, size: int) -> Page | None:
    read = re.fullmatch(r"d([0-9]{1,9})-([0-9]{1,2})-([0-9]{1,7})", cursor, re.ASCII)
    if read is None:
        return None  # Of a list that began in the plain order.
    number, lane, place = map(int, read.groups())
    drawing = db.session.get(Drawing, number)
    if drawing is None or drawing.campaign_id != campaign.id or not lane < drawing.lanes or not place < drawing.ideas:
        raise NoSuchPage
    return _slice(campaign, drawing, lane, place, size)


def _slice(campaign: Campaign, drawing: Drawing, lane: int, place: int, size: int) -> Page:
    part = db.func.substr(DrawingLane.places, place * BYTES + 1, size * BYTES)
    kept = db.session.scalar(db.select(part).where(DrawingLane.drawing_id == drawing.id, DrawingLane.lane == lane))
    ids = array("I", bytes(kept or b""))
    listed = db.select(Idea).where(Idea.id.in_(ids.tolist()), *on_board(campaign)).options(*card_parts())
    found = {idea.id: idea for idea in db.session.scalars(listed).unique()}
    disclose(campaign, found.values())
    last = place + len(ids)
    more = f"d{drawing.id}-{lane}-{last}" if last < drawing.ideas else None
    return Page([found[idea] for idea in ids if idea in found], count_ideas(campaign).ideas, more)
