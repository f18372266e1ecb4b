"""The words from which lots are drawn: fixed by the first ballot, and known to nobody before the ideas and the last ballot are in.

They end with the mark of the first ballot, the salt of its leaf in the log. While people vote it is on the server alone, and fixed by
the log as soon as that ballot is in. So nobody can choose a moment, an idea or a ballot for the lot that it brings, and a vote that goes
on, once its lots were told, ends with the same ones: whoever closes a campaign and opens it again draws nothing anew.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from campaign.campaigns.models import Stage
from campaign.extensions import db
from campaign.votes.ballots import HANDED_BACK
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry

AROUND = timedelta(hours=1)  # The first ballot, nothing of its stage was done.
MEANWHILE = timedelta(seconds=30)  # Ballots wait for each other at most so long; which is the first, the book says.


@dataclass(frozen=True)
class Seed:
    """What a stage's lots are drawn from. `provisional`: other words will decide."""

    words: str
    provisional: bool


def seed_of(stage: Stage) -> Seed:
    """The seed of this stage: a provisional one as long as a ballot or an idea may still come.

    Support goes from stage to stage, so its lots are those of the stage in which the first was given, however many follow.
    """
    of = f"{stage.campaign.slug} {(stage.supported_before or stage).id}"
    first = _first_ballot(stage) if _is_settled(stage) else None
    return Seed(f"{of} provisional", True) if first is None else Seed(f"{of} {_mark_of(first)}", False)


def _is_settled(stage: Stage) -> bool:
    """Whether neither a ballot of this stage nor an idea can come any more. Support goes from stage to stage."""
    campaign = stage.campaign
    if campaign.is_closed:
        return True
    same = [each for each in campaign.stages if each.accepts_votes and each.method == stage.method == "approval"]
    return all(each.has_passed for each in campaign.stages if each is stage or each in same or each.accepts_ideas)


def _first_ballot(stage: Stage) -> BallotEntry | None:
    """The first that was cast, as the book has it: its leaf stands before those of all others. Taken back since, it stays the first."""
    book = BallotEntry.__table__.c
    about = book.stage_id.is_(None) if stage.method == "approval" else book.stage_id == stage.id
    theirs: list[Any] = [
        book.campaign_id == stage.campaign_id,
        about,
        book.act == "cast",
        ~book.key.startswith(HANDED_BACK),
    ]
    if stage.method != "approval" and stage.first_ballot_at is not None:
        # So that all that was done in earlier stages is passed over.
        theirs.append(book.at >= stage.first_ballot_at - AROUND)
    earliest = db.session.scalar(db.select(BallotEntry.at).where(*theirs).order_by(book.at).limit(1))
    if earliest is None:
        return None
    # The sum keeps SQLite from walking through the whole book in its order.
    first = db.session.scalar(db.select(db.func.min(book.id + 0)).where(*theirs, book.at <= earliest + MEANWHILE))
    return db.session.get(BallotEntry, first)


def _mark_of(entry: BallotEntry) -> str:
    """The salt of its leaf; made again where the entry is from before there were marks."""
    if entry.mark:
        return entry.mark
    keys, at, act = log_keys(), micros(entry.at), (entry.voter_id, entry.key, entry.act)
    if entry.stage_id is not None:
        return keys.ballot_mark(entry.campaign_id, entry.stage_id, *act, at, entry.content or "")
    return keys.mark(entry.campaign_id, entry.idea_id or 0, *act, at)
