"""The board in the order that guarantees exposure. A page is a slice of a drawing, so it costs the same on any board."""

import re
from array import array
from collections.abc import Sequence

from campaign.campaigns.models import Campaign
from campaign.exposure.drawing import is_blind, valid_drawing
from campaign.exposure.models import Drawing, DrawingLane
from campaign.extensions import db
from campaign.ideas.dealing import LOTS
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import PAGE, Keep, Page, afresh, card_parts
from campaign.ideas.models import Idea, disclose
from campaign.ideas.orders import NoSuchPage
from campaign.ideas.totals import Standing, count_standing, on_board

BYTES = array("I").itemsize
assert BYTES == 4


def list_fairly(
    campaign: Campaign, wish: Wish, cursor: str | None = None, size: int = PAGE, keep: Keep = afresh
) -> Page | None:
    """One page in the drawn order; None where another order is asked for, or nothing is drawn by now. Raises NoSuchPage.

    Ideas that came since the drawing stand in front: they were seen least. What somebody searches or filters comes in the plain
    shuffled order, which prefers nobody either.
    """
    if wish.order != "shuffled" or wish != Wish("shuffled", seed=wish.seed):
        return None
    if cursor:
        return _continued(campaign, cursor, size, keep)
    if campaign.exposure != "guaranteed" or not campaign.accepts_votes:
        return None
    drawing = valid_drawing(campaign)
    if drawing is None:
        return None
    newer = _newer(campaign, drawing, wish, size // 2 + 1)
    if len(newer) > size // 2:
        return None  # The drawing says too little of the board.
    return _slice(campaign, drawing, wish.seed % drawing.lanes, 0, size, keep, newer)


def _newer(campaign: Campaign, drawing: Drawing, wish: Wish, most: int) -> list[Idea]:
    """What nobody has seen because it is in no drawing yet, in the visitor's own order."""
    listed = db.select(Idea).where(*on_board(campaign), Idea.submitted_at >= drawing.made_at)
    found = db.session.scalars(listed.order_by(Idea.id).limit(most).options(*card_parts())).unique()
    return sorted(found, key=lambda idea: idea.lot * wish.seed % LOTS)


def _continued(campaign: Campaign, cursor: str, size: int, keep: Keep) -> Page | None:
    read = re.fullmatch(r"d([0-9]{1,9})-([0-9]{1,2})-([0-9]{1,7})", cursor, re.ASCII)
    if read is None:
        return None  # Of a list that began in the plain order.
    number, lane, place = map(int, read.groups())
    drawing = db.session.get(Drawing, number)
    if drawing is None or drawing.campaign_id != campaign.id or not lane < drawing.lanes or not place < drawing.ideas:
        raise NoSuchPage
    present = campaign.present
    if present is not None and is_blind(campaign) and not drawing.blind and drawing.made_at >= present.opens_at:
        raise NoSuchPage  # Drawn by votes that are sealed.
    return _slice(campaign, drawing, lane, place, size, keep)


def _slice(
    campaign: Campaign,
    drawing: Drawing,
    lane: int,
    place: int,
    size: int,
    keep: Keep,
    first: Sequence[Idea] = (),
) -> Page:
    part = db.func.substr(DrawingLane.places, place * BYTES + 1, (size - len(first)) * BYTES)
    kept = db.session.scalar(db.select(part).where(DrawingLane.drawing_id == drawing.id, DrawingLane.lane == lane))
    ids = array("I", bytes(kept or b""))
    listed = db.select(Idea).where(Idea.id.in_(ids.tolist()), *on_board(campaign)).options(*card_parts())
    found = {idea.id: idea for idea in db.session.scalars(listed).unique()}
    last = place + len(ids)
    more = f"d{drawing.id}-{lane}-{last}" if last < drawing.ideas else None
    standing: Standing = keep("standing", lambda: count_standing(campaign))
    ideas = [*first, *(found[idea] for idea in ids if idea in found)]
    disclose(campaign, ideas)
    return Page(ideas, standing.ideas, more)
