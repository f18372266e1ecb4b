"""Views are counted in memory and written in batches: nobody who looks at a page waits for it, and a page never writes.

Several processes add up, since each adds what it counted. What a process had not written when it was killed is lost: a second of views.
"""

from collections import Counter
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import Integer

from campaign.commits import commit_unseen
from campaign.database import begin_writing, given, insert, packed
from campaign.exposure.models import IdeaExposure
from campaign.exposure.tickets import Ticket, reports
from campaign.extensions import db, socketio
from campaign.ideas.models import Idea
from campaign.jobs import wake

ROUND = 1.0  # Seconds between two batches.

log = structlog.get_logger()

Tally = Counter[tuple[int, int, str]]  # Campaign, idea, and how it was shown: seen or served.


def count_seen(ticket: Ticket, ideas: set[int]) -> None:
    """These ideas of the page were on a screen. Told again, it changes nothing."""
    for idea in reports().fresh(ticket.page, ideas & set(ticket.ideas)):
        _tally()[ticket.campaign, idea, "seen"] += ticket.weight


def count_served(ticket: Ticket) -> None:
    """The page was read without scripts, which can't tell how far. Told again, it changes nothing."""
    for idea in reports().fresh(ticket.page, ticket.ideas):
        _tally()[ticket.campaign, idea, "served"] += ticket.weight


def keep_writing(app: Flask) -> None:
    """Write what was counted, for as long as the process serves."""
    while True:
        socketio.sleep(ROUND)
        try:
            with app.app_context():
                write_views()
        except Exception:
            log.exception("exposure.unwritten")  # It is still counted, and written a moment later.


def write_views() -> int:
    """Add what this process counted to what is stored; gives how many ideas were seen. Commits."""
    counted = _tally().copy()
    if not counted:
        return 0
    ideas = sorted({(idea, campaign) for campaign, idea, _how in counted})
    rows = [
        (idea, campaign, counted[campaign, idea, "seen"], counted[campaign, idea, "served"]) for idea, campaign in ideas
    ]
    begin_writing()
    db.session.connection().execute(_adding(), {"shown_rows": packed(rows)})
    wake("exposure")
    commit_unseen()
    _tally().subtract(counted)  # Others have counted on meanwhile.
    current_app.extensions["exposure_tally"] = +_tally()
    return len(rows)


def _adding() -> Any:
    table = IdeaExposure.__table__
    shown = given("shown", idea=Integer, campaign=Integer, seen=Integer, served=Integer)
    # One order for all processes, so that they wait for each other and never in a circle.
    rows = (
        db.select(Idea.id, Idea.campaign_id, shown.c.seen, shown.c.served, Idea.votes)
        .join(shown, db.and_(shown.c.idea == Idea.id, shown.c.campaign == Idea.campaign_id))
        .where(db.true())
        .order_by(Idea.id)
    )
    put = insert(table).from_select(["idea_id", "campaign_id", "seen", "served", "votes_before"], rows)
    return put.on_conflict_do_update(
        index_elements=["idea_id"],
        set_={"seen": table.c.seen + put.excluded.seen, "served": table.c.served + put.excluded.served},
    )


def _tally() -> Tally:
    found: Tally = current_app.extensions.setdefault("exposure_tally", Counter())
    return found
