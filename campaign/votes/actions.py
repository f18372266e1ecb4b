"""Casting and withdrawing an approval vote: one ballot, for who has an idea and a person in hand."""

from campaign.accounts.models import Person
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.counting import Ballot, Receipt, count_ballots


def cast_vote(idea: Idea, voter: Person, key: str) -> Receipt:
    """Give `voter`'s approval to `idea`. Cast again, it counts once; repeated with the same key, the same receipt."""
    return _act(Ballot(voter.id, idea.id, key, "cast"), idea)


def withdraw_vote(idea: Idea, voter: Person, key: str) -> Receipt:
    """Take the approval back while voting is open. Where there is none, nothing changes."""
    return _act(Ballot(voter.id, idea.id, key, "withdraw"), idea)


def _act(ballot: Ballot, idea: Idea) -> Receipt:
    db.session.flush()
    [result] = count_ballots([ballot])
    if isinstance(result, Refused):
        raise result
    db.session.expire(idea, ["votes", "heat"])
    return result
