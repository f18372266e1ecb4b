"""The door to brands, and what each role may do."""

from datetime import timedelta
from typing import Any, TypeAlias

from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin
from sqlalchemy import or_

from campaign.accounts.access import digest
from campaign.accounts.models import Person
from campaign.brands.models import Brand, Invitation, Membership
from campaign.clock import now
from campaign.errors import NotThere, Refused
from campaign.extensions import db

Asker: TypeAlias = Person | AnonymousUserMixin

INVITATIONS_LAST = timedelta(days=14)
RESERVED = frozenset({"new", "palette"})  # Pages below /brands/ of their own.

# What each role may do. Everyone in the team may see drafts.
MAY = {
    "owner": {"see", "analyse", "evaluate", "moderate", "answer", "manage", "own"},
    "manager": {"see", "analyse", "evaluate", "moderate", "answer", "manage"},
    "moderator": {"see", "moderate"},
    "evaluator": {"see", "evaluate"},
    "analyst": {"see", "analyse"},
}


class InvitationOver(Refused):
    code, status = "invitation_over", 410
    message = _l("This invitation was used, withdrawn, or is older than two weeks. Ask for a new one.")


def brand_for(person: Asker, slug: str, to: str | None = None) -> Brand:
    """The brand; with `to`, only for those whose role in the whole brand allows that."""
    brand = db.session.scalar(db.select(Brand).where(Brand.slug == slug))
    if brand is None or (to and not may(person, to, brand.id)):
        raise NotThere
    return brand


def is_taken(slug: str) -> bool:
    """Whether a brand's address is in use."""
    return bool(db.session.scalar(db.select(Brand.id).where(Brand.slug == slug)))


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


def rights_of(person: Asker, brand_id: int, campaign_id: int | None = None) -> set[str]:
    """Everything that the person's roles there allow, for who asks for more than one thing."""
    return set().union(*(MAY[role] for role in roles_of(person, brand_id, campaign_id)))


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


def membership_in(brand: Brand, person: Person, scope: int | None) -> Membership | None:
    """What this person is in the brand as a whole, or in the one campaign of it that `scope` is the id of."""
    return db.session.scalar(
        db.select(Membership).where(
            Membership.brand_id == brand.id,
            Membership.person_id == person.id,
            Membership.campaign_id.is_not_distinct_from(scope),
        )
    )


def invitation_for(person: Asker, slug: str, invitation_id: int) -> Invitation:
    """An open invitation, for the brand's owners."""
    brand = brand_for(person, slug, to="own")
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.brand_id != brand.id:
        raise NotThere
    return invitation


def invitation_by(token: str) -> Invitation:
    """The open invitation that a mail's link stands for, as it was read. Raises InvitationOver."""
    whole = db.joinedload(Invitation.brand), db.joinedload(Invitation.invited_by)
    found = db.session.scalar(db.select(Invitation).where(Invitation.token_hash == digest(token)).options(*whole))
    if found is None or found.invited_at < now() - INVITATIONS_LAST:
        raise InvitationOver
    db.session.expunge(found)  # So that its page can still be shown when somebody else has used it meanwhile.
    return found


def brands_of(person: Asker, to: str | None = None) -> list[Brand]:
    """The brands in whose team a person is, by name; with `to`, those whose role in the whole brand allows that. One query."""
    if not person.is_authenticated:
        return []
    theirs = db.select(Membership.brand_id).where(Membership.person_id == person.id)
    if to is not None:
        allowing = [role for role, rights in MAY.items() if to in rights]
        theirs = theirs.where(Membership.campaign_id.is_(None), Membership.role.in_(allowing))
    return list(db.session.scalars(db.select(Brand).where(Brand.id.in_(theirs)).order_by(Brand.name)))
