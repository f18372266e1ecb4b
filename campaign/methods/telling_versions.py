"""Telling those who voted that how they vote has a new version. There may be very many, so a worker does it, some at a time."""

from typing import Any

from campaign.accounts.models import Person
from campaign.accounts.wished_mail import who_want
from campaign.campaigns.access import sees
from campaign.campaigns.models import Stage
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import found_in
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.methods.models import VotingVersion
from campaign.votes.models import StageBallot, Vote

SOME = 100  # Voters of one transaction: a mail is told once to those whom the version says were told.
CHANGES = "idea-reworded"  # Who wants no mail when what they voted for changes wants none of this either.


@job("voting.tell")
def tell_voters() -> None:
    """Write to everybody who has voted in the stage and may still see the campaign, unless they want no such mails."""
    due = db.select(VotingVersion).where(VotingVersion.told_until.is_not(None)).order_by(VotingVersion.id).limit(1)
    # Where several workers are at it, each has a version of its own.
    while (version := db.session.scalar(due.with_for_update(skip_locked=True))) is not None:
        _tell_some(version)
        db.session.commit()


def _tell_some(version: VotingVersion) -> None:
    stage = db.session.get_one(Stage, version.stage_id)
    campaign = stage.campaign
    assert version.told_until is not None
    some = db.session.scalars(_voters(stage, after=version.told_until).limit(SOME)).all()
    seeing = db.select(Person).where(Person.id.in_(some), sees(campaign)).order_by(Person.id)
    for person in who_want(db.session.scalars(seeing).all(), CHANGES):
        told = {"campaign": campaign, "stage": stage, "version": version, "reader": person, "brand": campaign.brand}
        send_mail(person.email, person.language, "voting-changed", **told)
    version.told_until = some[-1] if len(some) == SOME else None


def _voters(stage: Stage, after: int) -> Any:
    """A statement for who voted in the stage, in the order of their numbers. It goes on along an index from where the last piece ended."""
    if stage.method == "approval":
        voter = Vote.voter_id
        voted = db.select(voter).join(Idea, Idea.id == Vote.idea_id).where(found_in(stage.campaign))
    else:
        voter = StageBallot.voter_id
        voted = db.select(voter).where(StageBallot.stage_id == stage.id)
    return voted.where(voter > after).distinct().order_by(voter)
