"""Qualified for review: an idea that reaches the number of supporters that its campaign asks gets the mark, once, by the system.

A mark tells a figure. So while totals are sealed it waits, unseen, and is given within some seconds of their being shown.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

import structlog
from flask import Flask

from campaign.campaigns.access import who_see
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import insert, lock
from campaign.extensions import db, socketio
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.notices.posting import tell
from campaign.statuses.models import WaitingMark

LOOK = 5.0  # Seconds between two looks for marks whose seal has ended.

log = structlog.get_logger()


class Counted(Protocol):
    """An idea as whoever counts its votes knows it, locked."""

    id: int
    campaign_id: int
    votes: int
    qualified: bool


def qualify(ideas: Iterable[Counted], campaigns: Mapping[int, Campaign]) -> None:
    """Mark those of these ideas that have as many supporters as their campaign asks. Those that have the mark keep it.

    To be said by whoever has just moved their totals, in the same transaction.
    """
    for idea in ideas:
        number = campaigns[idea.campaign_id].qualifies_at
        if number is None or idea.qualified or idea.votes < number:
            continue
        if seal_on(campaigns[idea.campaign_id]) == "always":
            _mark(db.session.get_one(Idea, idea.id), number)
        else:
            waits = insert(WaitingMark).values(idea_id=idea.id, number=number)
            db.session.execute(waits.on_conflict_do_nothing())


def _mark(idea: Idea, number: int) -> None:
    idea.qualified_at = now()
    record("idea.qualified", idea, number=number)
    announce(idea.campaign.board, "idea.qualified", ideas=[idea.id])
    authors, said = who_see(idea.campaign, idea.authors), {"number": number}
    tell(authors, "own", "qualified", idea.campaign, idea, mail="idea-qualified", said=said)


def keep_marking(app: Flask) -> None:
    """Give the marks whose seal has ended, for as long as the process serves."""
    while True:
        try:
            with app.app_context():
                mark_unsealed()
        except Exception:
            log.exception("ideas.unmarked")  # The next look tries it again.
        socketio.sleep(LOOK)


def mark_unsealed() -> None:
    """Give the marks that wait no longer. However many processes do this at once, each is given once. Commits."""
    waiting = db.select(WaitingMark.idea_id, Idea.campaign_id).join(WaitingMark.idea).order_by(WaitingMark.idea_id)
    due = db.session.execute(waiting).all()
    campaigns = {campaign: db.session.get_one(Campaign, campaign) for _idea, campaign in due}
    shown = {key for key, campaign in campaigns.items() if seal_on(campaign) == "always"}
    for idea_id in [idea for idea, campaign in due if campaign in shown]:
        _give(idea_id)
        db.session.commit()
    db.session.rollback()


def _give(idea_id: int) -> None:
    idea = db.session.get_one(Idea, idea_id)
    lock(idea)
    waiting = db.session.get(WaitingMark, idea_id, populate_existing=True)
    if waiting is None:
        return  # Another process was first.
    # Votes that were taken back since, or an idea that has left the board: there is nothing to mark any more.
    if idea.qualified_at is None and not idea.withdrawn and idea.votes >= waiting.number:
        _mark(idea, waiting.number)
    db.session.delete(waiting)
