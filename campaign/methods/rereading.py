"""Ideas that were reworded after they came on ballots: a ballot is for what stood there when it was handed in.

A version of an idea and an entry in the book of ballots both have their moment, so nothing else is kept. Who hands a ballot in again
stands by it: its form tells which version of each idea they had before them, and one that was reworded meanwhile is refused (see
papers.py). A ballot that was handed in for its voter, as an idea left it, says nothing of what they have read.

Two ideas at a time are asked about once, and what was answered stays. So there the ideas stay as well, from the first answer on.
"""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _

from campaign.brands.access import Asker
from campaign.campaigns.models import Stage
from campaign.campaigns.sealing import seal_on
from campaign.campaigns.timeline import short_date
from campaign.extensions import db
from campaign.ideas.edit_ends import also_ends_edits
from campaign.ideas.models import Idea, IdeaVersion, Rewording
from campaign.languages import number
from campaign.methods.access import ballot_of
from campaign.methods.counting import counted_at_once
from campaign.methods.doubted import counting
from campaign.methods.leaving import says_of
from campaign.methods.papers import ideas_in
from campaign.votes.asking_again import ask_as_well
from campaign.votes.ballots import HANDED_BACK
from campaign.votes.models import BallotEntry, StageBallot

TOLD = 30  # Ideas of which a page of results tells how many ballots are from before: each is looked for in all of them.


def reworded_since(person: Asker, stage: Stage, content: str | None) -> set[int]:
    """The ideas on this ballot of theirs that were reworded since they handed it in. One query; none where there is no ballot."""
    on_it = ideas_in(stage.method, content)
    if not (person.is_authenticated and on_it):
        return set()
    found = db.select(Idea.id).join(IdeaVersion, _worded_then())
    found = found.where(Idea.id.in_(on_it), Idea.worded > 1, IdeaVersion.at > _said_at(stage.id, person.id))
    return set(db.session.scalars(found))


def is_to_reread(person: Asker, idea: Idea) -> bool:
    """Whether this person's ballot of the stage that is open is for what the idea said before. Two queries, and none for most ideas."""
    stage = idea.campaign.stage
    if idea.worded == 1 or idea.withdrawn or stage is None or not idea.campaign.accepts_ballots:
        return False
    content = ballot_of(person, stage)
    return idea.id in ideas_in(stage.method, content) and idea.id in reworded_since(person, stage, content)


def rewordings_told(stage: Stage, shown: Collection[int]) -> dict[int, str]:
    """Of the ideas that a result shows, what is to be said of those that say something else by now. Two queries at most.

    Where a worker counts, as there are very many ballots, it isn't said how many are from before.
    """
    if stage.method == "approval":
        asked = db.select(Idea).where(Idea.id.in_(shown), Idea.unconfirmed > 0)
        return {
            idea.id: _(
                "%(confirmed)s of %(votes)s confirmed since it was reworded",
                confirmed=number(idea.votes - idea.unconfirmed),
                votes=number(idea.votes),
            )
            for idea in db.session.scalars(asked)
        }
    if stage.first_ballot_at is None:
        return {}
    found = db.select(Idea, IdeaVersion.at).join(IdeaVersion, _worded_then())
    found = found.where(Idea.id.in_(shown), Idea.worded > 1, IdeaVersion.at > stage.first_ballot_at)
    changed = db.session.execute(found.order_by(IdeaVersion.at.desc(), Idea.id)).all()
    counts = _counts(stage, changed[:TOLD]) if changed and counted_at_once(stage) else {}
    return {
        idea.id: _(
            "Reworded on %(date)s: %(confirmed)s of %(ballots)s ballots with it are for what it says now.",
            date=short_date(at),
            confirmed=number(counts[idea.id][0]),
            ballots=number(counts[idea.id][1]),
        )
        if idea.id in counts
        else _("Reworded on %(date)s, after the first ballots.", date=short_date(at))
        for idea, at in changed
        if idea.id not in counts or counts[idea.id][0] < counts[idea.id][1]
    }


def _counts(stage: Stage, changed: Collection[Any]) -> dict[int, tuple[int, int]]:
    """Of the ballots that say something of each of these ideas, how many are from after its rewording, and how many there are."""
    said = _said_at(StageBallot.stage_id, StageBallot.voter_id)
    asked = [(says_of(stage, idea), at) for idea, at in changed]
    sums = [
        db.func.coalesce(db.func.sum(db.case((each, 1), else_=0)), 0)
        for says, at in asked
        for each in (says & (said > at), says)
    ]
    every = db.select(*sums).select_from(StageBallot).where(StageBallot.stage_id == stage.id)
    row = db.session.execute(every.where(counting(StageBallot.stage_id, StageBallot.voter_id))).one()
    return {idea.id: (row[2 * place], row[2 * place + 1]) for place, (idea, _at) in enumerate(changed)}


def _worded_then() -> Any:
    """The version that was the last to say something else."""
    return db.and_(IdeaVersion.idea_id == Idea.id, IdeaVersion.number == Idea.worded)


def _said_at(stage: Any, voter: Any) -> Any:
    """When this voter last handed their ballot in themselves."""
    own = db.select(db.func.max(BallotEntry.at)).where(BallotEntry.stage_id == stage, BallotEntry.voter_id == voter)
    return own.where(BallotEntry.act == "cast", ~BallotEntry.key.startswith(HANDED_BACK)).scalar_subquery()


def _who_has_it_on_a_ballot(idea: Idea, row: Rewording) -> Any:
    stage = idea.campaign.stage
    if stage is None or not idea.campaign.accepts_ballots:
        return None
    versions = db.select(IdeaVersion.number, IdeaVersion.at).where(IdeaVersion.idea_id == idea.id)
    versions = versions.where(IdeaVersion.number.in_([row.since, row.version]))
    moments = {version.number: version.at for version in db.session.execute(versions)}
    said = _said_at(StageBallot.stage_id, StageBallot.voter_id)
    theirs = db.select(StageBallot.voter_id).where(StageBallot.stage_id == stage.id, says_of(stage, idea))
    theirs = theirs.where(said < moments[row.version])
    if row.since in moments:  # Who was asked about an earlier edit, and has not answered, is not asked twice.
        theirs = theirs.where(said >= moments[row.since])
    return theirs


def _why_no_edits(idea: Idea) -> str | None:
    stage = idea.campaign.stage
    if stage is None or stage.method != "duels" or not idea.campaign.accepts_ballots:
        return None
    if (
        not stage.was_voted_in and seal_on(idea.campaign) == "always"
    ):  # Otherwise it would tell that somebody has answered.
        return None
    return _("People choose between ideas two at a time now. What they answered stays, and so does this idea.")


ask_as_well(_who_has_it_on_a_ballot)
also_ends_edits(_why_no_edits)
