"""Votes come back: an idea that leaves the board, or is closed by a status, frees its votes for their voters, and each of them is told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, contains_eager, foreign, joinedload, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import UTCDateTime, insert
from campaign.extensions import db
from campaign.ideas.actions import votes_follow
from campaign.ideas.models import Idea, Withdrawal
from campaign.statuses.closing import closes, when_closed
from campaign.votes.actions import hand_back
from campaign.votes.allowance import beyond_cap
from campaign.votes.models import Vote


class ReturnedVote(db.Model):
    """A vote that came back to its voter, until they have read so."""

    __table_args__ = (Index("ix_returned_vote_voter", "voter_id", "at"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    idea: Mapped[Idea] = relationship()
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # Where it still is: an idea that waits for more time keeps its votes, and so does one that a status has closed.
    vote: Mapped[Vote | None] = relationship(
        primaryjoin=lambda: db.and_(
            ReturnedVote.idea_id == foreign(Vote.idea_id), ReturnedVote.voter_id == foreign(Vote.voter_id)
        ),
        viewonly=True,
        uselist=False,
    )

    @property
    def is_closed(self) -> bool:
        """Whether it came back because of where the idea stands."""
        return self.idea.status is not None and closes(self.idea.status)


def rest_votes(idea: Idea) -> None:
    """The idea leaves the board: its votes count nowhere any more, and each voter finds a notice. Done twice, it is done once.

    The rows stay as they are. To take them back one by one would lengthen the public log by as many leaves, and so tell under
    seal how many there were.
    """
    _note(Vote.idea_id == idea.id)


def free_votes(ideas: list[int]) -> None:
    """A status closes these ideas: each voter finds a notice, and can give the vote to another. It stays in the idea's total."""
    for some in batched(ideas):
        _note(Vote.idea_id.in_(some))


def bind_votes(ideas: list[int]) -> None:
    """These ideas are open again, so their votes are among those that each person has. Who has given theirs to another keeps it there."""
    for some in batched(ideas):
        db.session.execute(db.delete(ReturnedVote).where(ReturnedVote.idea_id.in_(some)))
    for idea_id in ideas:
        idea = db.session.get_one(Idea, idea_id)
        if full := beyond_cap(idea):
            for voters in batched(full):
                _note(Vote.idea_id == idea_id, Vote.voter_id.in_(voters))
                hand_back(idea, voters)


def _note(*which: Any) -> None:
    of = db.select(Vote.idea_id, Vote.voter_id, db.literal(now(), UTCDateTime)).where(*which)
    noted = insert(ReturnedVote).from_select(["idea_id", "voter_id", "at"], of)
    db.session.execute(noted.on_conflict_do_nothing())


def batched(ids: list[int], most: int = 1000) -> list[list[int]]:
    """A thousand at a time: SQLite takes no more than so many values."""
    return [ids[first : first + most] for first in range(0, len(ids), most)]


def returned_to(person: Person, *seen: Any) -> list[ReturnedVote]:
    """The votes that came back to this person and of which they have not read yet, the latest first. `seen`: conditions on Idea."""
    found = db.select(ReturnedVote).join(ReturnedVote.idea).where(ReturnedVote.voter_id == person.id, *seen)
    into = joinedload(Withdrawal.into).joinedload(Idea.withdrawal)
    idea = contains_eager(ReturnedVote.idea)
    withdrawn = idea.joinedload(Idea.withdrawal).options(into)
    beside = idea.joinedload(Idea.status), idea.joinedload(Idea.expiry), joinedload(ReturnedVote.vote)
    whole = found.options(withdrawn, *beside)
    return list(db.session.scalars(whole.order_by(ReturnedVote.at.desc()).limit(20)).unique())


def note_read(person: Person, ideas: list[int]) -> None:
    """The notices about these ideas were read. What came back since then is still told."""
    db.session.execute(
        db.delete(ReturnedVote).where(ReturnedVote.voter_id == person.id, ReturnedVote.idea_id.in_(ideas))
    )


# It comes back to the board without its votes: their voters may have given them to another since.
votes_follow(rest_votes, hand_back)
when_closed(free_votes, bind_votes)
