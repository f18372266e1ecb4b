"""Telling those who voted that how they vote has a new version. There may be very many, so a worker does it, some at a time."""

from typing import Any

from campaign.accounts.models import Person
from campaign.accounts.wished_mail import who_want
from campaign.campaigns.models import Stage
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.methods.models import VotingVersion
from campaign.votes.models import StageBallot, Vote

SOME = 100  # Voters of one transaction: a mail is told once to those whom the version says were told.
CHANGES = "idea-reworded"  # Who wants no mail when what they voted for changes wants none of this either.


@job("voting.tell")
def tell_voters() -> None:
    """Write to everybody who has voted in the stage, unless they want no such mails."""
    due = db.select(VotingVersion).where(VotingVersion.told_until.is_not(None)).order_by(VotingVersion.id).limit(1)
    # Where several workers are at it, each has a version of its own.
    while (version := db.session.scalar(due.with_for_update(skip_locked=True))) is not None:
        _tell_some(version)
        db.session.commit()


def _tell_some(version: VotingVersion) -> None:
    stage = db.session.get_one(Stage, version.stage_id)
    campaign = stage.campaign
    voted = _voters(stage)
    some = db.select(Person).where(Person.id.in_(voted), Person.id > version.told_until).order_by(Person.id).limit(SOME)
    people = list(db.session.scalars(some))
    for person in who_want(people, CHANGES):
        told = {"campaign": campaign, "stage": stage, "version": version, "reader": person, "brand": campaign.brand}
        send_mail(person.email, person.language, "voting-changed", **told)
    version.told_until = people[-1].id if len(people) == SOME else None


def _voters(stage: Stage) -> Any:
    if stage.method == "approval":
        ideas = db.select(Idea.id).where(Idea.campaign_id == stage.campaign_id)
        return db.select(Vote.voter_id).where(Vote.idea_id.in_(ideas))
    return db.select(StageBallot.voter_id).where(StageBallot.stage_id == stage.id)
