"""One vote of one person, for tests that have an idea and a voter in hand. The caller commits."""

from campaign.accounts.models import Person
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot, Receipt


def cast_vote(idea: Idea, voter: Person, key: str, named: bool = False) -> Receipt:
    return _act(Ballot(voter.id, idea.id, key, "cast", named=named), idea)


def withdraw_vote(idea: Idea, voter: Person, key: str) -> Receipt:
    return _act(Ballot(voter.id, idea.id, key, "withdraw"), idea)


def _act(ballot: Ballot, idea: Idea) -> Receipt:
    db.session.flush()
    [result] = count_ballots([ballot])
    if isinstance(result, Refused):
        raise result
    db.session.expire(idea, ["votes", "heat"])
    return result
