"""What keeps two ideas from becoming one, or from being two again: said before anything is written, while both are held."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.database import lock
from campaign.doubts.models import Doubt
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.statuses.freezing import check_votes
from campaign.votes.models import Vote


class SameIdea(Refused):
    code, message, field = "same_idea", _l("Choose another idea: this one is the same already."), "other"


class OtherCampaign(Refused):
    code, message, field = "other_campaign", _l("Choose an idea of the same campaign."), "other"


class CampaignOver(Refused):
    code, message = "campaign_over", _l("This campaign is not open, so its ideas stay as they are.")


class VotingOver(Refused):
    code, message = "voting_over", _l("Voting is over, so ideas stay as they were voted on.")


class CountsSealed(Refused):
    code = "counts_sealed"
    message = _l(
        "Counts are sealed now. To move votes would tell how many there are, so it can be done when the counts are shown."
    )


class BallotsBegun(Refused):
    code = "ballots_begun"

    def __init__(self, stage: str) -> None:
        super().__init__(
            _(
                "In “%(stage)s” people have begun to vote with a ballot of these ideas. What they chose between stays as it was.",
                stage=stage,
            )
        )


class UnderReview(Refused):
    code = "under_review"
    message = _l("Some votes for these ideas are under review. Decide about them first.")


class HasMerged(Refused):
    code = "has_merged"

    def __init__(self, idea: Idea) -> None:
        super().__init__(
            _(
                "Other ideas were merged into “%(title)s”. Merge into that one instead, or undo those merges first.",
                title=idea.title,
            )
        )


class OwnPair(Refused):
    code, status = "own_pair", 403
    message = _l("One of the two is your own. Somebody else of the team decides about them.")


class ReasonMissing(Refused):
    code, message, field = "reason_missing", _l("Say why. It stands on the idea’s page."), "reason"


def hold(*ideas: Idea) -> None:
    """Keep everybody else from these ideas until the commit. Always in the order of their numbers, so nobody waits in a circle."""
    for idea in sorted(ideas, key=lambda idea: idea.id):
        lock(idea)


def hold_campaign(campaign: Campaign) -> None:
    """Keep votes, ballots and other merges of the campaign waiting, and see its stages as they are now. Ideas are held before."""
    lock(campaign)
    for stage in campaign.stages:
        db.session.refresh(stage)


def check_pair(idea: Idea, other: Idea) -> None:
    """Raise what keeps these two from being taken for the same by anybody: SameIdea, OtherCampaign, or one has left the board."""
    if idea.id == other.id:
        raise SameIdea
    if idea.campaign_id != other.campaign_id:
        raise OtherCampaign
    for each in (idea, other):
        if each.withdrawal:
            raise why_gone(each.withdrawal.kind)


def check_not_own(by: Person, *ideas: Idea) -> None:
    """Raise OwnPair where whoever decides wrote one of these, alone or with others: nobody decides about their own."""
    if any(idea.is_by(by) for idea in ideas):
        raise OwnPair


def check_votes_can_move(campaign: Campaign, ideas: tuple[Idea, Idea]) -> None:
    """Raise what keeps votes from moving between these ideas. The campaign is held by then, so no ballot comes meanwhile."""
    check_votes_change(campaign, *ideas)
    if seal_on(campaign) != "always":
        raise CountsSealed
    for stage in campaign.stages:
        if stage.method != "approval" and stage.first_ballot_at is not None:
            raise BallotsBegun(stage.name)
    if _under_review(ideas):
        raise UnderReview


def check_votes_change(campaign: Campaign, *ideas: Idea) -> None:
    """Raise CampaignOver or VotingOver where no vote changes any more: who has won is known by then. And VotesFrozen for these ideas."""
    if not campaign.is_open:
        raise CampaignOver
    if voting_is_over(campaign):
        raise VotingOver
    check_votes(*ideas)


def voting_is_over(campaign: Campaign) -> bool:
    """Whether people have voted, and no stage is left in which they do."""
    return any(stage.accepts_votes for stage in campaign.stages) and not campaign.awaits("accepts_votes")


def why_votes_stay(campaign: Campaign, ideas: tuple[Idea, Idea], by: Person) -> Any:
    """The sentence that says so, for a page that would otherwise ask in vain. None: this person can move them."""
    try:
        check_not_own(by, *ideas)
        check_votes_can_move(campaign, ideas)
    except Refused as no:
        return no.message
    return None


def _under_review(ideas: tuple[Idea, Idea]) -> bool:
    same = db.and_(Vote.idea_id == Doubt.idea_id, Vote.voter_id == Doubt.voter_id)
    waiting = db.select(Doubt.id).join(Vote, same).where(Doubt.decision.is_(None), Vote.aside)
    return db.session.scalar(waiting.where(Doubt.idea_id.in_([idea.id for idea in ideas])).limit(1)) is not None
