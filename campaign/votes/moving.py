"""Votes move from one idea to another by no act of their voters: two ideas become one, or are two again.

Each is taken back and given in the book like a vote, so the book, the log and the totals agree afterwards.
"""

from collections.abc import Collection
from random import SystemRandom
from uuid import uuid4

from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.trending import warmed, weight_at, weight_of
from campaign.votes.actions import AT_ONCE, count_ballots
from campaign.votes.ballots import MOVED, Ballot
from campaign.votes.models import Vote


def move_votes(taken: dict[int, Collection[int]], given: dict[int, Collection[int]]) -> None:
    """Take the votes of these people from some ideas, and give them to others: {idea: voters} each. Ideas are held by then.

    Needs no open vote and no room under a cap. Who has no vote where it is taken, or has one where it is given, keeps it so.
    """
    key = f"{MOVED}{uuid4().hex}"
    acts = [Ballot(voter, idea, key, "withdraw") for idea, voters in taken.items() for voter in voters]
    casts = [Ballot(voter, idea, key, "cast") for idea, voters in given.items() for voter in voters]
    # In another order than they were taken: the log calls a voter otherwise for each idea, and their places would tell them alike.
    for some in (acts, casts):
        SystemRandom().shuffle(some)
    acts += casts
    for first in range(0, len(acts), AT_ONCE):
        count_ballots(acts[first : first + AT_ONCE], returning=True)


def recount(idea: Idea) -> None:
    """Make an idea's totals and its heat anew from the votes that it has, after their dates or versions were put right."""
    db.session.flush()
    votes = db.session.execute(db.select(Vote.cast_at, Vote.version).where(Vote.idea_id == idea.id, ~Vote.aside)).all()
    db.session.refresh(idea, ["votes", "heat", "unconfirmed"])
    idea.votes, idea.unconfirmed = len(votes), sum(version < idea.worded for _at, version in votes)
    idea.heat = warmed(weight_at(idea.submitted_at), weight_of(at for at, _version in votes))
