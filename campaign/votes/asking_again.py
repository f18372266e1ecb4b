"""Telling those who voted for an idea that it was reworded. There may be thousands, so a worker does it, some at a time."""

from collections.abc import Callable
from typing import Any

from campaign.accounts.models import Person
from campaign.accounts.wished_mail import who_want
from campaign.campaigns.access import who_see
from campaign.extensions import db
from campaign.ideas.models import Idea, Rewording, Withdrawal
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.votes.models import Vote

# Says who else is to be asked about an edit of this idea, as a statement for their ids; None: nobody.
Others = Callable[[Idea, Rewording], Any]
_others: list[Others] = []

SOME = 100  # Supporters of one transaction: a mail is told once to those whom it says were told.


def ask_as_well(others: Others) -> None:
    """Have another slice say who voted for what an idea said before in another way than by supporting it."""
    _others.append(others)


@job("votes.ask_again")
def ask_again() -> None:
    """Write to everybody whose vote was for what an idea said before, unless they want no such mails or may no longer see it."""
    # While a moderator has not looked at what an edit brought, nobody is asked about it.
    held = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Rewording.idea_id, Withdrawal.kind == "held")
    due = db.select(Rewording).where(~held.exists()).order_by(Rewording.idea_id, Rewording.version).limit(1)
    # Where several workers are at it, each has an edit of its own.
    while (row := db.session.scalar(due.with_for_update(skip_locked=True))) is not None:
        _ask_some(row)
        db.session.commit()


def _ask_some(row: Rewording) -> None:
    idea = db.session.get_one(Idea, row.idea_id)
    # Who was asked about an earlier edit, and has not answered, is not asked twice.
    support = db.select(Vote.voter_id).where(
        Vote.idea_id == row.idea_id, Vote.version.between(row.since, row.version - 1)
    )
    asked = [support, *(found for others in _others if (found := others(idea, row)) is not None)]
    wanted = db.or_(*(Person.id.in_(each) for each in asked))
    some = db.select(Person).where(wanted, Person.id > row.told_until).order_by(Person.id).limit(SOME)
    people = list(db.session.scalars(some))
    told = [] if idea.withdrawn else who_want(who_see(idea.campaign, people), "idea-reworded")
    supporters = set(db.session.scalars(support.where(Vote.voter_id.in_([person.id for person in told]))))
    for person in told:
        mail = "idea-reworded" if person.id in supporters else "ballot-reworded"
        send_mail(person.email, person.language, mail, idea=idea, reader=person, brand=idea.campaign.brand)
    if len(people) < SOME:
        db.session.delete(row)
    else:
        row.told_until = people[-1].id
