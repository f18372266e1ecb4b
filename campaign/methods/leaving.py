"""An idea leaves the board while people vote with ballots: what they gave it counts nowhere, and each of them is told."""

from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.campaigns.models import Stage
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.database import UTCDateTime, insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.actions import stay_where, votes_follow
from campaign.ideas.models import Idea
from campaign.methods.papers import MARKED
from campaign.votes.models import StageBallot
from campaign.votes.returning import ReturnedVote


class OnBallots(Refused):
    code = "on_ballots"
    message = _l("This idea is on ballots that were handed in, so it can’t be withdrawn any more.")


def says_of(stage: Stage, idea: Idea) -> Any:
    """The condition for a ballot of this stage to say something of the idea. It is asked of the text: see papers.py."""
    content, number = StageBallot.content, idea.id
    if stage.method == "scales":
        return content.contains(f"[{number},[")  # A step may have the same number.
    if stage.method in MARKED:
        return content.contains(f"[{number},")
    if stage.method == "duels":
        return db.or_(content.contains(f"[{number},"), content.contains(f',{number},"'))
    return db.or_(*(content.contains(f"{before}{number}{after}") for before in "[," for after in ",]"))


def rest_on_ballots(idea: Idea) -> None:
    """Note for each voter on whose ballot the idea is that what they gave it came back. Done twice, it is done once.

    The ballots stay as they are: to write them anew would tell under seal how many there were. Duels are asked once, so of those
    nothing comes back.
    """
    for stage in _running(idea):
        if stage.method != "duels":
            of = db.select(db.literal(idea.id), StageBallot.voter_id, db.literal(now(), UTCDateTime))
            of = of.where(StageBallot.stage_id == stage.id, says_of(stage, idea))
            noted = insert(ReturnedVote).from_select(["idea_id", "voter_id", "at"], of)
            db.session.execute(noted.on_conflict_do_nothing())


def _why_it_stays(idea: Idea) -> Refused | None:
    if seal_on(idea.campaign) != "always":
        return None
    for stage in _running(idea):
        theirs = db.select(StageBallot.voter_id).where(StageBallot.stage_id == stage.id, says_of(stage, idea))
        if db.session.scalar(theirs.limit(1)) is not None:
            return OnBallots()
    return None


def _running(idea: Idea) -> list[Stage]:
    """The stage in which people hand in ballots now, if there is one. Whoever does meanwhile waits for our commit, or we for theirs."""
    begun = [stage for stage in idea.campaign.stages if stage.opens_at <= now() and not stage.is_over]
    found = [stage for stage in begun if stage.method != "approval"]
    if found:
        lock(idea.campaign)
    return found


stay_where(_why_it_stays, at_last=True)
votes_follow(rest_on_ballots, lambda idea: None)
