"""How alive a board is: its votes of the last minutes, and what happened last."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import joinedload

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.models import Idea, disclose
from campaign.ideas.totals import ANSWERED, on_board
from campaign.votes.access import votes_per_minute

LATELY = timedelta(days=1)  # What was imported keeps its dates, and isn’t happening now.


@dataclass(frozen=True)
class Pulse:
    """How alive the board is."""

    points: list[int]  # Votes in each of the last minutes, the running one last. None where none is told or can come.
    recent: list[dict[str, Any]]

    @property
    def line(self) -> list[int]:
        """What a line is drawn from: the whole minutes, and the last sixty seconds, so that it ends where the sentence says.

        With the running minute as it is, it would always end with a fall.
        """
        return [*self.points[:-1], self.last_minute] if self.points else []

    @property
    def last_minute(self) -> int:
        """About how many votes came in the last sixty seconds: counts are kept by the minute."""
        if not self.points:
            return 0
        before, running = self.points[-2:]
        return round(running + before * (1 - now().second / 60))


def pulse_of(campaign: Campaign, shown: bool = True) -> Pulse:
    """The board's last minutes and its latest ideas and answers. At most four queries, whatever happened.

    No minutes are told while counts are sealed, nor of a draft and a campaign that is over: their line would stay flat.
    """
    told = shown and not campaign.is_draft and not campaign.is_over
    return Pulse(votes_per_minute(campaign) if told else [], lately_on(campaign))


def lately_on(campaign: Campaign, shown: int = 4) -> list[dict[str, Any]]:
    """The latest ideas and answers of the board, none older than a day, the last first. Three queries."""
    ideas = (
        db.select(Idea)
        .where(*on_board(campaign))
        .options(joinedload(Idea.author), joinedload(Idea.recorded), joinedload(Idea.coauthors))
    )
    proposed = db.session.scalars(ideas.order_by(Idea.id.desc()).limit(shown)).unique().all()
    latest = ideas.where(ANSWERED).order_by(Idea.answered_at.desc()).limit(2)
    answered = db.session.scalars(latest).unique().all()
    disclose(campaign, proposed)
    recent = [
        {"kind": "answer", "idea": idea, "name": campaign.brand.name, "at": idea.answered_at} for idea in answered
    ]
    recent += [{"kind": "idea", "idea": idea, "name": idea.byline, "at": idea.submitted_at} for idea in proposed]
    recent = [event for event in recent if event["at"] > now() - LATELY]
    return sorted(recent, key=lambda event: event["at"], reverse=True)[:shown]
