"""The ballot box: the one place where votes meet, whichever door they came by.

All that wait are counted in one transaction; the answer is given after its commit, and so means: stored.
"""

from collections.abc import Hashable
from typing import NamedTuple

from flask import current_app
from flask_limiter.util import get_remote_address

from campaign.accounts.access import holders_of
from campaign.accounts.models import Person
from campaign.commits import commit_unseen
from campaign.database import begin_writing
from campaign.errors import BadRequest, NotThere, Refused, SignInFirst
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live.gathering import Gathering
from campaign.votes.actions import count_ballots
from campaign.votes.ballots import HANDED_BACK, ON_PAPER, Ballot, Receipt, Result
from campaign.votes.networks import note_networks
from campaign.votes.pacing import slowed


class Slip(NamedTuple):
    """A ballot as it arrives: by a person, or by a ticket that still has to prove good."""

    voter: int | None
    ticket: Hashable
    idea: int
    key: str
    act: str
    read: int | None = None
    address: str = ""  # From where; see networks.py for what becomes of it.
    named: bool = False  # Whether its voter was told that they are listed.


def deposit(act: str, idea: Idea, voter: Person, key: str, read: int | None = None, named: bool = False) -> Receipt:
    """Cast or withdraw (`act`), with all who vote at this moment, and commit. What is refused is raised, nothing stored."""
    slip = Slip(voter.id, None, idea.id, key, act, read, get_remote_address(), named)
    db.session.rollback()  # While we wait, our connection to the database serves somebody else.
    return ballot_box.ask(current_app._get_current_object(), slip)  # type: ignore[attr-defined]


def ballot_key(text: object) -> str:
    """The id that the voter's device gave to this act: 8 to 64 characters. None that would pass for an act of ours."""
    if not isinstance(text, str) or not 8 <= len(text) <= 64 or not text.isascii() or not text.isprintable():
        raise BadRequest
    if text.startswith((HANDED_BACK, ON_PAPER)):
        raise BadRequest
    return text


def idea_number(number: object) -> int:
    """An idea's id, as a program may send it."""
    if type(number) is not int:
        raise BadRequest
    if not 0 < number < 2**31:
        raise NotThere
    return number


def version_read(number: object) -> int | None:
    """The version of an idea that a voter had before them, as a program may send it. None: it doesn't say."""
    if number is None:
        return None
    if type(number) is not int or not 0 < number < 2**31:
        raise BadRequest
    return number


def told_of_name(answer: object) -> bool:
    """Whether a program says that the voter was told that their name stands under what they vote for."""
    if type(answer) is not bool:
        raise BadRequest
    return answer


def _settle(slips: list[Slip]) -> list[Result]:
    begin_writing()  # Who signs out while we wait for our turn is nobody by then.
    holders = holders_of({slip.ticket for slip in slips if slip.voter is None})
    voters = [slip.voter or (holders[slip.ticket].person if slip.ticket in holders else None) for slip in slips]
    known = [
        Ballot(voter, slip.idea, slip.key, slip.act, slip.read, slip.named)
        for voter, slip in zip(voters, slips, strict=True)
        if voter
    ]
    counted = iter(count_ballots(known, slowed=slowed(ballot.voter for ballot in known)))
    results = [next(counted) if voter else SignInFirst() for voter in voters]
    if any(not isinstance(result, Refused) for result in results):
        commit_unseen()
        note_networks(
            (voter, slip.address)
            for voter, slip, result in zip(voters, slips, results, strict=True)
            if voter and not isinstance(result, Refused)
        )
    else:
        db.session.rollback()
    return results


ballot_box = Gathering(_settle, apart=lambda slip: (slip.voter or slip.ticket, slip.idea))
