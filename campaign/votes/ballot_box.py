"""The ballot box: the one place where votes meet, whichever door they came by.

Each act is its own transaction here; the answer is given after the commit, and so means: stored.
"""

from collections.abc import Callable

from campaign.accounts.models import Person
from campaign.errors import BadRequest
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.actions import Receipt

Act = Callable[[Idea, Person, str], Receipt]


def drop(act: Act, idea: Idea, voter: Person, key: str) -> Receipt:
    """Do `act` (cast_vote or withdraw_vote) and commit it. What it refuses, it raises, and nothing is stored."""
    receipt = act(idea, voter, key)
    db.session.commit()
    return receipt


def ballot_key(text: object) -> str:
    """The id that the voter's device gave to this act: 8 to 64 characters."""
    if not isinstance(text, str) or not 8 <= len(text) <= 64 or not text.isascii() or not text.isprintable():
        raise BadRequest
    return text
