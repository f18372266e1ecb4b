"""Ballots: what a voter asks of the ballot box, and what it answers."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from campaign.errors import Refused

HANDED_BACK = (
    "handed-back-"  # Begins the id of an act by which a vote goes back to its voter, in place of their device's.
)
ON_PAPER = "paper-"  # Begins the id of an act that the brand's team recorded for somebody: see represented/.
# Two kinds of these: a vote moves with an idea that is merged into another, and its voter steps out of that.
MOVED, STEPPED_OUT = f"{HANDED_BACK}moved-", f"{HANDED_BACK}out-"


class VotingClosed(Refused):
    code, message = "voting_closed", _l("Voting on this campaign is not open.")


class VotedByBallot(Refused):
    code, message = (
        "voted_by_ballot",
        _l("In this stage people vote with a ballot for all ideas. You find it at the top of the campaign’s page."),
    )


class OwnIdea(Refused):
    code, message = "own_idea", _l("This is your own idea: the others decide whether they support it.")


class KeyUsed(Refused):
    code, message = (
        "key_used",
        _l("This vote was sent from a page that you had left. Look at the idea again, then choose."),
    )


class NoVote(Refused):
    code, message = "no_vote", _l("There is no vote of yours on this idea, so there is nothing to take back.")


class Ballot(NamedTuple):
    """What one person asks of the ballot box: to cast or withdraw their approval of one idea."""

    voter: int
    idea: int
    key: str  # The id that the voter's device gave to this act.
    act: str  # "cast" or "withdraw"
    read: int | None = None  # The version of the idea that they had before them, where their device tells.
    named: bool = False  # Whether their page told them that their name will stand under the idea.


@lru_cache(maxsize=4)
def told_moment(at: datetime) -> str:
    """A receipt's moment, as programs read it. All that are counted together have the same."""
    return at.isoformat(timespec="milliseconds")


class Receipt(NamedTuple):
    """What a voter holds in hand: this act is stored, under this number."""

    number: int
    idea: int
    act: str
    id: str
    at: datetime
    votes: int | None  # The idea's total; None while that is sealed for the voter.
    left: int | None = None  # How many votes the person can still give, where there is a limit.

    def as_json(self) -> dict[str, Any]:
        told = {
            "number": self.number,
            "idea": self.idea,
            "act": self.act,
            "id": self.id,
            "at": told_moment(self.at),
            "votes": self.votes,
            **({} if self.left is None else {"left": self.left}),
        }
        if self.votes is None:
            del told["votes"]
        return told


Result = Receipt | Refused
