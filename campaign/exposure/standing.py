"""Places with what is uncertain about them: "1st to 4th". Counted in the worker, told beside the most supported ideas."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import BigInteger

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.counting.places import places, share_interval
from campaign.exposure.models import Standing
from campaign.extensions import db
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.totals import on_board
from campaign.jobs import job
from campaign.languages import ordinal
from campaign.votes.models import Vote

CONFIDENCE = 0.95
NAMED = 5  # Ideas whose places are told.


class Placed(NamedTuple):
    """An idea with the places that its votes leave open."""

    idea: Idea
    first: int
    last: int

    @property
    def words(self) -> str:
        if self.first == self.last:
            return ordinal(self.first)
        return _("%(first)s to %(last)s", first=ordinal(self.first), last=ordinal(self.last))


@job("standing")
def stand_where_moved() -> None:
    """Count the places anew for every campaign in which votes have moved. Commits one after the other."""
    withdrawn = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id).exists()
    totals = (
        db.select(Idea.campaign_id, db.func.sum(Idea.votes).label("votes"), _where_votes_are().label("moved"))
        .where(Idea.votes > 0, ~withdrawn)
        .group_by(Idea.campaign_id)
        .subquery()
    )
    moved = (
        db.select(Campaign)
        .join(totals, totals.c.campaign_id == Campaign.id)
        .outerjoin(Standing, Standing.campaign_id == Campaign.id)
        .where(db.or_(Standing.votes.is_(None), Standing.votes != totals.c.votes, Standing.moved != totals.c.moved))
    )
    for campaign in db.session.scalars(moved).unique().all():
        count_places(campaign)
        db.session.commit()


def _where_votes_are() -> Any:
    """A number that moves also where a vote goes from one idea to another, so that there are as many as before."""
    return db.func.sum(db.cast(Idea.votes, BigInteger) * Idea.id)


def count_places(campaign: Campaign) -> Standing:
    """Between which places each idea of the campaign may stand, by its votes. Does not commit."""
    of_board = db.select(Idea.votes, db.func.count().label("ideas")).where(*on_board(campaign)).group_by(Idea.votes)
    ideas: dict[int, int] = {row.votes: row.ideas for row in db.session.execute(of_board)}
    people = db.session.scalar(
        db.select(db.func.count(Vote.voter_id.distinct())).join(Idea).where(*on_board(campaign), ~Vote.aside)
    )
    standing = db.session.get(Standing, campaign.id) or Standing(campaign_id=campaign.id)
    standing.people, standing.votes = people or 0, sum(votes * count for votes, count in ideas.items())
    standing.moved = int(db.session.scalar(db.select(_where_votes_are()).where(*on_board(campaign))) or 0)
    standing.places = places_by_votes(ideas, standing.people)
    standing.made_at = now()
    db.session.add(standing)
    return standing


def places_by_votes(ideas: dict[int, int], people: int) -> dict[str, list[int]]:
    """{votes: [first place, last place]}, where `ideas` says how many ideas have that many votes.

    As counting.places_of_sums tells it for each idea, but each total is looked at once: ten thousand ideas have few of them.
    """
    error = (1 - CONFIDENCE) / (2 * sum(ideas.values()) or 1)
    intervals = {votes: share_interval(min(votes, people), people, people, error) for votes in ideas}
    each = (interval for votes, interval in intervals.items() for _times in range(ideas[votes]))
    found = places(dict(enumerate(each)))
    told: dict[str, list[int]] = {}
    at = 0
    for votes, count in ideas.items():
        told[str(votes)] = [found[at].best, found[at].worst]
        at += count
    return told


def placed(campaign: Campaign, ideas: Sequence[Idea]) -> list[Placed]:
    """The first of these ideas with their places, for those whose votes were counted. One question."""
    standing = db.session.get(Standing, campaign.id)
    if standing is None or standing.people < 2:
        return []
    known = standing.places
    return [Placed(idea, *known[str(idea.votes)]) for idea in ideas[:NAMED] if str(idea.votes) in known]
