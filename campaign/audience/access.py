"""Who is invited, as a team reads it, and the invitation that a mail's link stands for."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.accounts.access import digest
from campaign.accounts.models import Person
from campaign.campaigns.audience import Invitee
from campaign.campaigns.models import Campaign
from campaign.errors import Refused
from campaign.extensions import db

SHOWN = 50  # On one page.


class InvitationGone(Refused):
    code, status = "invitation_gone", 410
    message = _l("This invitation holds no longer. Ask whoever sent it to you for a new one.")


@dataclass(frozen=True)
class Guest:
    """Somebody invited, as they were read. The row may be gone by the time that a refusal shows the page again."""

    id: int
    email: str
    invited_at: Any
    mailed_at: Any
    came_at: Any
    name: str | None  # Of their account, once they have come: before, nobody is told whether there is one.


@dataclass(frozen=True)
class Guests:
    """One page of those who are invited, by address."""

    people: list[Guest]
    cursor: str | None  # Where the next page begins.


@dataclass(frozen=True)
class Sizes:
    """How many are invited, how many of them were written to, and how many have come."""

    invited: int
    written_to: int
    come: int


def invitation_by(token: str) -> Invitee:
    """The invitation that a mail's link stands for. Raises InvitationGone."""
    found = db.session.scalar(db.select(Invitee).where(Invitee.token_hash == digest(token)))
    if found is None:
        raise InvitationGone
    return found


def sizes_of(campaign: Campaign) -> Sizes:
    counts = db.select(db.func.count(), db.func.count(Invitee.mailed_at), db.func.count(Invitee.came_at))
    return Sizes(*db.session.execute(counts.where(Invitee.campaign_id == campaign.id)).one())


def guests_of(campaign: Campaign, which: str = "", query: str = "", after: str = "") -> Guests:
    """One page of those who are invited: all, those who have "come", or those who are "awaited". One query."""
    found = _guests(campaign).where(Invitee.email > after)
    if which:
        found = found.where(Invitee.came_at.is_not(None) if which == "come" else Invitee.came_at.is_(None))
    if query:
        named = db.and_(Invitee.came_at.is_not(None), Person.name.icontains(query, autoescape=True))
        found = found.where(db.or_(Invitee.email.icontains(query, autoescape=True), named))
    rows = [Guest(*row) for row in db.session.execute(found.limit(SHOWN + 1))]
    return Guests(rows[:SHOWN], rows[SHOWN - 1].email if len(rows) > SHOWN else None)


def every_guest(campaign: Campaign) -> list[Guest]:
    return [Guest(*row) for row in db.session.execute(_guests(campaign))]


def _guests(campaign: Campaign) -> Any:
    name = db.case((Invitee.came_at.is_not(None), Person.name), else_=None)
    told = Invitee.id, Invitee.email, Invitee.invited_at, Invitee.mailed_at, Invitee.came_at, name
    found = db.select(*told).outerjoin(Person, Person.id == Invitee.person_id)
    return found.where(Invitee.campaign_id == campaign.id).order_by(Invitee.email)
