"""Casting and withdrawing an approval vote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.actions import IdeaWithdrawn
from campaign.ideas.models import Idea, Withdrawal
from campaign.ideas.trending import cooled, warmed
from campaign.live import announce
from campaign.votes.models import BallotEntry, Vote, VoteMinute


class VotingClosed(Refused):
    code, message = "voting_closed", _l("Voting on this campaign is not open.")


class OwnIdea(Refused):
    code, message = "own_idea", _l("This is your own idea: the others decide whether they support it.")


class KeyUsed(Refused):
    code, message = (
        "key_used",
        _l("This vote was sent from a page that you had left. Look at the idea again, then choose."),
    )


@dataclass(frozen=True)
class Receipt:
    """What a voter holds in hand: this act is stored, under this number."""

    number: int
    idea: int
    act: str
    id: str
    at: datetime
    votes: int

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "at": self.at.isoformat(timespec="milliseconds")}


def cast_vote(idea: Idea, voter: Person, key: str) -> Receipt:
    """Give `voter`'s approval to `idea`. Cast again, it counts once; repeated with the same key, the same receipt."""
    return _act(idea, voter, key, "cast")


def withdraw_vote(idea: Idea, voter: Person, key: str) -> Receipt:
    """Take the approval back while voting is open. Where there is none, nothing changes."""
    return _act(idea, voter, key, "withdraw")


def total_of(idea: Idea) -> int:
    """The idea's total as it is stored at this moment."""
    return db.session.scalar(db.select(Idea.votes).where(Idea.id == idea.id)) or 0


def _act(idea: Idea, voter: Person, key: str, act: str) -> Receipt:
    if (done := _done_before(idea, voter, key, act)) is not None:
        return done
    lock(idea)  # A vote and a withdrawal of the idea see each other, whichever comes first.
    if not idea.campaign.accepts_votes:
        raise VotingClosed
    if idea.author_id == voter.id:
        raise OwnIdea
    if db.session.get(Withdrawal, idea.id, populate_existing=True):
        raise IdeaWithdrawn
    at = now()
    entry = _write_down(idea, voter, key, act, at)
    if entry is None:  # The same act came twice at once; the other one was first.
        done = _done_before(idea, voter, key, act)
        assert done is not None
        return done
    if act == "cast":
        votes = _cast(idea, voter, at)
        told = "vote.cast"
    else:
        votes = _withdraw(idea, voter)
        told = "vote.withdrawn"
    if votes is None:
        return Receipt(entry, idea.id, act, key, at, total_of(idea))
    announce(idea.campaign.board, told, votes={idea.id: votes})
    return Receipt(entry, idea.id, act, key, at, votes)


def _cast(idea: Idea, voter: Person, at: datetime) -> int | None:
    put = insert(Vote).values(idea_id=idea.id, voter_id=voter.id, cast_at=at).on_conflict_do_nothing()
    if not db.session.execute(put.returning(Vote.idea_id)).first():
        return None  # Already cast: a second click, or a second tab.
    minute = insert(VoteMinute).values(campaign_id=idea.campaign_id, minute=int(at.timestamp() // 60), votes=1)
    db.session.execute(
        minute.on_conflict_do_update(
            index_elements=[VoteMinute.campaign_id, VoteMinute.minute], set_={"votes": VoteMinute.votes + 1}
        )
    )
    return _move(idea, votes=Idea.votes + 1, heat=warmed(Idea.heat, at))


def _withdraw(idea: Idea, voter: Person) -> int | None:
    gone = delete(Vote).where(Vote.idea_id == idea.id, Vote.voter_id == voter.id).returning(Vote.cast_at)
    cast_at = db.session.scalar(gone.execution_options(synchronize_session=False))
    if cast_at is None:
        return None
    return _move(idea, votes=Idea.votes - 1, heat=cooled(Idea.heat, cast_at, idea.submitted_at))


def _move(idea: Idea, **values: Any) -> int:
    moved = update(Idea).where(Idea.id == idea.id).values(**values).returning(Idea.votes)
    total = db.session.scalar(moved.execution_options(synchronize_session=False))
    assert total is not None
    return total


def _write_down(idea: Idea, voter: Person, key: str, act: str, at: datetime) -> int | None:
    entry = insert(BallotEntry).values(
        campaign_id=idea.campaign_id, idea_id=idea.id, voter_id=voter.id, key=key, act=act, at=at
    )
    return db.session.scalar(entry.on_conflict_do_nothing().returning(BallotEntry.id))


def _done_before(idea: Idea, voter: Person, key: str, act: str) -> Receipt | None:
    entry = db.session.scalar(db.select(BallotEntry).filter_by(voter_id=voter.id, idea_id=idea.id, key=key))
    if entry is not None and entry.act != act:
        raise KeyUsed
    return Receipt(entry.id, idea.id, entry.act, key, entry.at, total_of(idea)) if entry else None
