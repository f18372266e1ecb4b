"""A brand's team, and whom it has asked to join, as they are read."""

from dataclasses import dataclass
from datetime import datetime

from campaign.accounts.models import Person
from campaign.brands.access import INVITATIONS_LAST
from campaign.brands.models import Brand, Invitation, Membership
from campaign.brands.roles import NAMES
from campaign.clock import now
from campaign.extensions import db


@dataclass(frozen=True)
class Member:
    """A membership as it was read. The row may be gone by the time that a refusal shows the page again."""

    id: int
    person_id: int
    person: Person
    role: str
    campaign_id: int | None


@dataclass(frozen=True)
class Invited:
    """An open invitation as it was read, for the same reason."""

    id: int
    email: str
    role: str
    campaign_id: int | None
    invited_at: datetime


def members_of(brand: Brand) -> list[Member]:
    """The brand's team: owners first, then by name."""
    found = db.select(Membership).where(Membership.brand_id == brand.id).options(db.joinedload(Membership.person))
    members = [
        Member(row.id, row.person_id, row.person, row.role, row.campaign_id) for row in db.session.scalars(found)
    ]
    order = list(NAMES)
    return sorted(
        members,
        key=lambda member: (member.campaign_id or 0, order.index(member.role), member.person.name.casefold()),
    )


def invitations_of(brand: Brand) -> list[Invited]:
    """What was sent and is still open, the newest first."""
    found = db.select(Invitation).where(Invitation.brand_id == brand.id).order_by(Invitation.id.desc())
    return [
        Invited(row.id, row.email, row.role, row.campaign_id, row.invited_at)
        for row in db.session.scalars(found)
        if row.invited_at >= now() - INVITATIONS_LAST
    ]
