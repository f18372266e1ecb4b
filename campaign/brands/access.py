"""The door to brands, and what each role may do."""

from typing import Any, TypeAlias

from flask_login import AnonymousUserMixin
from sqlalchemy import or_

from campaign.accounts.models import Person
from campaign.brands.models import Brand, Invitation, Membership
from campaign.errors import NotThere
from campaign.extensions import db

Asker: TypeAlias = Person | AnonymousUserMixin

# What each role may do. Everyone in the team may see drafts.
MAY = {
    "owner": {"see", "analyse", "evaluate", "moderate", "answer", "manage", "own"},
    "manager": {"see", "analyse", "evaluate", "moderate", "answer", "manage"},
    "moderator": {"see", "moderate"},
    "evaluator": {"see", "evaluate"},
    "analyst": {"see", "analyse"},
}


def brand_for(person: Asker, slug: str, to: str | None = None) -> Brand:
    """The brand; with `to`, only for those whose role in the whole brand allows that."""
    brand = db.session.scalar(db.select(Brand).where(Brand.slug == slug))
    if brand is None or (to and not may(person, to, brand.id)):
        raise NotThere
    return brand


def roles_of(person: Asker, brand_id: int, campaign_id: int | None = None) -> set[str]:
    """The roles that a person holds in a brand as a whole, and in one of its campaigns where that is given."""
    if not person.is_authenticated:
        return set()
    where: Any = Membership.campaign_id.is_(None)
    if campaign_id is not None:
        where = or_(where, Membership.campaign_id == campaign_id)
    return set(
        db.session.scalars(
            db.select(Membership.role).where(Membership.brand_id == brand_id, Membership.person_id == person.id, where)
        )
    )


def may(person: Asker, to: str, brand_id: int, campaign_id: int | None = None) -> bool:
    """Whether one of the person's roles there allows it."""
    return any(to in MAY[role] for role in roles_of(person, brand_id, campaign_id))


def membership_for(person: Asker, slug: str, membership_id: int, own: bool = False) -> Membership:
    """A membership, for the brand's owners; with `own`, also for the person whose it is."""
    brand = brand_for(person, slug)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.brand_id != brand.id:
        raise NotThere
    theirs = own and person.is_authenticated and membership.person_id == person.id
    if not theirs and not may(person, "own", brand.id):
        raise NotThere
    return membership


def invitation_for(person: Asker, slug: str, invitation_id: int) -> Invitation:
    """An open invitation, for the brand's owners."""
    brand = brand_for(person, slug, to="own")
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.brand_id != brand.id:
        raise NotThere
    return invitation


def brands_of(person: Asker) -> list[Brand]:
    """The brands in whose team a person is, for the whole or for one campaign, by name."""
    if not person.is_authenticated:
        return []
    theirs = db.select(Membership.brand_id).where(Membership.person_id == person.id)
    return list(db.session.scalars(db.select(Brand).where(Brand.id.in_(theirs)).order_by(Brand.name)))
