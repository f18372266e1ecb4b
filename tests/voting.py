"""One vote of one person, for tests that have an idea and a voter in hand. The caller commits."""

from campaign.accounts.models import Person
from campaign.campaigns.models import Stage
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import Entry
from campaign.ideas.models import Idea
from campaign.ledger.models import BallotLog
from campaign.ledger.witnessing import ALL
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import Ballot, Receipt
from campaign.votes.facts import CHAIN


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


def vote_anew_by(stage: Stage, method: str, **settings: int) -> None:
    """Let people vote in the stage like this, as if nobody had voted in the campaign before. Commits."""
    stage.method, stage.method_settings, stage.first_ballot_at = method, settings, None
    for told in (Entry.subject == CHAIN, Entry.what == "stage.rules_frozen"):
        db.session.execute(db.delete(Entry).where(Entry.subject_id.in_((stage.campaign_id, ALL)), told))
    db.session.execute(db.update(BallotLog).values(witnessed_at=None))
    db.session.commit()
