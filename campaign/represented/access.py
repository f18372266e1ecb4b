"""The door to recording: who manages a campaign, and what everybody may know of what was recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea, RecordedIdea, Withdrawal, count_papers_with
from campaign.represented.models import PaperVote, PaperVoter
from campaign.votes.models import Vote


@dataclass(frozen=True)
class Recorder:
    """How much somebody of the team wrote down for others."""

    person: Person
    ideas: int
    votes: int


def recording_for(person: Asker, slug: str) -> Campaign:
    """The campaign, if this person records what others gave for it."""
    return campaign_for(person, slug, to="manage")


def idea_to_record_on(person: Asker, idea_id: int) -> Idea:
    """The idea, if this person records votes for it."""
    return idea_for_team(person, idea_id, to="manage")


def recorded_vote_for(person: Asker, vote_id: int) -> PaperVote:
    """A vote that was recorded, if this person records votes there; while counts are sealed, one's own only."""
    vote = db.session.get(PaperVote, vote_id) if 0 < vote_id < 2**31 else None
    if vote is None:
        raise NotThere
    idea = idea_for_team(person, vote.idea_id, to="manage")
    if vote.by_id != person.id and not counts_shown(idea.campaign, person):
        raise NotThere
    return vote


def papers_counted(campaign: Campaign, ideas: Collection[int]) -> dict[int, int]:
    """Of the votes that count now for these ideas, how many were recorded from paper. One query, and none where it takes nothing on paper."""
    if campaign.paper_since is None:
        return {}
    counted = (
        db.select(Vote.idea_id, db.func.count())
        .join(PaperVoter, PaperVoter.person_id == Vote.voter_id)
        .where(PaperVoter.campaign_id == campaign.id, Vote.idea_id.in_(ideas), ~Vote.aside)
        .group_by(Vote.idea_id)
    )
    found: dict[Any, Any] = dict(db.session.execute(counted).all())
    return found


def votes_recorded(idea: Idea, by: Any = None) -> list[PaperVote]:
    """What was recorded for an idea and for those that were merged into it, the latest first; only what one person recorded, with `by`."""
    found = db.select(PaperVote).where(PaperVote.idea_id.in_([idea.id, *idea.origins])).order_by(PaperVote.id.desc())
    return list(db.session.scalars(found if by is None else found.where(PaperVote.by_id == by.id)))


def recorders_of(campaign: Campaign) -> list[Recorder]:
    """Who wrote down how much, by name: ideas on the board, and votes that count for one. A fixed number of queries."""
    ideas = (
        db.select(RecordedIdea.by_id, db.func.count())
        .join(Idea, Idea.id == RecordedIdea.idea_id)
        .where(Idea.campaign_id == campaign.id, ~Idea.withdrawal.has())
        .group_by(RecordedIdea.by_id)
    )
    # A vote counts for the idea that it was recorded for, or for the one that stands for it now. Recorded for both, it is one vote.
    recorded = (
        db.select(db.func.max(PaperVote.id))
        .join(PaperVoter, PaperVoter.person_id == PaperVote.voter_id)
        .outerjoin(Withdrawal, db.and_(Withdrawal.idea_id == PaperVote.idea_id, Withdrawal.kind == "merged"))
        .join(Vote, _counting())
        .join(Idea, Idea.id == Vote.idea_id)
        .where(PaperVoter.campaign_id == campaign.id, ~PaperVote.removal.has(), ~Idea.withdrawal.has())
        .group_by(Vote.idea_id, Vote.voter_id)
    )
    votes = db.select(PaperVote.by_id, db.func.count()).where(PaperVote.id.in_(recorded)).group_by(PaperVote.by_id)
    wrote: dict[Any, Any] = dict(db.session.execute(ideas).all())
    voted: dict[Any, Any] = dict(db.session.execute(votes).all())
    people = db.session.scalars(
        db.select(Person).where(Person.id.in_({*wrote, *voted})).order_by(Person.name, Person.id)
    )
    return [Recorder(person, wrote.get(person.id, 0), voted.get(person.id, 0)) for person in people]


def _counting() -> Any:
    """That a vote is the one which a paper's row tells of."""
    idea = db.func.coalesce(Withdrawal.into_id, PaperVote.idea_id)
    return db.and_(Vote.idea_id == idea, Vote.voter_id == PaperVote.voter_id, ~Vote.aside)


count_papers_with(papers_counted)
