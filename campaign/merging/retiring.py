"""An author retires their idea in favour of another. Nobody's vote is moved: each supporter is asked, and gives it anew or not."""

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import take_off
from campaign.ideas.models import Idea, Withdrawal
from campaign.live import announce
from campaign.merging.checks import (
    HasMerged,
    OtherCampaign,
    ReasonMissing,
    SameIdea,
    check_pair,
    check_votes_change,
    hold,
)
from campaign.merging.telling import tell_supporters
from campaign.votes.ended import check_result_stays


def retire_idea(idea: Idea, into: Idea, by: Person, reason: str) -> None:
    """Take one's idea off the board in favour of another one, also where people support it, until voting is over.

    Its votes go back to their voters, who are told, and may give them to the other by one click. Retired again, nothing happens.
    """
    if idea.id == into.id:
        raise SameIdea
    if idea.campaign_id != into.campaign_id:
        raise OtherCampaign
    hold(idea, into)
    if idea.retired_for == into:
        return
    check_pair(idea, into)
    if not reason:
        raise ReasonMissing
    check_votes_change(idea.campaign, idea)
    check_result_stays(idea)
    check_not_suspended(idea.campaign.brand_id, by)
    if idea.absorbed:
        raise HasMerged(idea)
    take_off(idea, Withdrawal(kind="retired", into=into, reason=reason))
    record("idea.retired", idea, by=by, why=reason, into=into.id, title=into.title)
    db.session.flush()
    announce(idea.campaign.board, "idea.retired", gone=[idea.id])
    tell_supporters("retired", idea)
