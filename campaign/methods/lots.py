"""The words from which lots are drawn: known to nobody before the ideas and the last ballot are in.

They end with the mark of that ballot, the salt of its leaf in the log. While people vote it is on the server alone, and fixed by
the log as soon as the ballot is in. So nobody can choose a moment, an idea or a ballot for the lot that it brings.
"""

from dataclasses import dataclass

from campaign.campaigns.models import Stage
from campaign.extensions import db
from campaign.votes.ballots import HANDED_BACK
from campaign.votes.marks import log_keys, micros
from campaign.votes.models import BallotEntry


@dataclass(frozen=True)
class Seed:
    """What a stage's lots are drawn from. `provisional`: other words will decide."""

    words: str
    provisional: bool


def seed_of(stage: Stage) -> Seed:
    """The seed of this stage: a provisional one as long as a ballot or an idea may still come."""
    of = f"{stage.campaign.slug} {stage.id}"
    last = _last_ballot(stage) if _is_settled(stage) else None
    return Seed(f"{of} provisional", True) if last is None else Seed(f"{of} {_mark_of(last)}", False)


def _is_settled(stage: Stage) -> bool:
    """Whether neither a ballot of this stage nor an idea can come any more. Support goes from stage to stage."""
    campaign = stage.campaign
    if campaign.is_closed:
        return True
    same = [each for each in campaign.stages if each.accepts_votes and each.method == stage.method == "approval"]
    return all(each.has_passed for each in campaign.stages if each is stage or each in same or each.accepts_ideas)


def _last_ballot(stage: Stage) -> BallotEntry | None:
    """What is handed back later, because an idea gets another author or comes back to the board, changes no lot; nor what a merge moves."""
    book = BallotEntry.__table__.c
    about = book.stage_id.is_(None) if stage.method == "approval" else book.stage_id == stage.id
    theirs = db.select(BallotEntry).where(
        book.campaign_id == stage.campaign_id, about, ~book.key.startswith(HANDED_BACK)
    )
    return db.session.scalars(theirs.order_by(book.at.desc(), book.id.desc()).limit(1)).first()


def _mark_of(entry: BallotEntry) -> str:
    """The salt of its leaf; made again where the entry is from before there were marks."""
    if entry.mark:
        return entry.mark
    keys, at, act = log_keys(), micros(entry.at), (entry.voter_id, entry.key, entry.act)
    if entry.stage_id is not None:
        return keys.ballot_mark(entry.campaign_id, entry.stage_id, *act, at, entry.content or "")
    return keys.mark(entry.campaign_id, entry.idea_id or 0, *act, at)
