"""Standing by a vote after the idea was reworded: the vote is then for what the idea says now."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.sealing import seal_on
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea, IdeaVersion
from campaign.live import announce
from campaign.votes.ballots import VotingClosed
from campaign.votes.models import Vote


class RewordedAgain(Refused):
    code = "reworded_again"
    message = _l(
        "The idea has changed once more meanwhile. Here is what it says now: confirm your vote if you still want to."
    )


@dataclass(frozen=True)
class Rereading:
    """What somebody supported once, and what stands there now."""

    voted: IdeaVersion
    present: IdeaVersion


def rereading_of(person: Asker, idea: Idea) -> Rereading | None:
    """What this person has to look at before they confirm their vote. None: they have no vote that asks for it."""
    if not person.is_authenticated or idea.withdrawn:
        return None
    vote = db.session.get(Vote, (idea.id, person.id), populate_existing=True)
    if vote is None or vote.version >= idea.worded:
        return None
    voted, present = (db.session.get_one(IdeaVersion, (idea.id, number)) for number in (vote.version, idea.version))
    return Rereading(voted, present)


def confirm_vote(idea: Idea, voter: Person, read: int | None) -> None:
    """Let the voter's vote be for what the idea says now, which they have `read`. Confirmed again, it stays as it is.

    Counts nothing, so it is possible as long as the campaign is open, also between two votes.
    """
    lock(idea)
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind)
    if not idea.campaign.is_open:
        raise VotingClosed
    check_not_suspended(idea.campaign.brand_id, voter)
    vote = db.session.get(Vote, (idea.id, voter.id), populate_existing=True)
    if vote is None or vote.version >= idea.worded:
        return
    if read is None or read < idea.worded:
        raise RewordedAgain
    vote.version = idea.version
    idea.unconfirmed -= not vote.aside  # What was set aside is in no total.
    if seal_on(idea.campaign) == "always":  # Otherwise it would tell that the idea has supporters.
        announce(idea.campaign.board, "vote.confirmed", ideas=[idea.id])
