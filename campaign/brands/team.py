"""What owners do with their team: change roles, end memberships. A brand is never without an owner."""

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import may
from campaign.brands.models import Brand, Invitation, Membership
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record


class OwnerLess(Refused):
    code = "owner_less"
    message = _l("A brand needs an owner. Make somebody else an owner first.")


class MemberGone(Refused):
    code, message = "member_gone", _l("This person is no longer in the team, so their role stays what it was.")


class OwnsTheWhole(Refused):
    code, field = "owns_the_whole", "role"
    message = _l("An owner owns the whole brand. For one campaign, choose another role.")


def change_role(membership: Membership, by: Person, role: str) -> None:
    """Give a member another role where they have one. Who owns the brand no longer takes their open invitations along."""
    if membership.campaign_id is not None and role == "owner":
        raise OwnsTheWhole
    brand = membership.brand
    there = _still(membership)
    still_owns(by, brand)
    if not there:
        raise MemberGone
    if membership.role == role:
        return
    keep_an_owner(membership, role)
    before, membership.role = membership.role, role
    record(
        "member.role_changed",
        brand,
        by=by,
        person=membership.person_id,
        before=before,
        role=role,
        campaign=membership.campaign_id,
    )
    if before == "owner":
        withdraw_invitations_by(membership.person, brand, by=by)


def remove_member(membership: Membership, by: Person) -> None:
    """End a membership: somebody else's, or one's own. An owner's open invitations end with it. Ended already, it stays so."""
    brand, own = membership.brand, membership.person_id == by.id
    if not _still(membership):
        return
    if not own:
        still_owns(by, brand)
    keep_an_owner(membership, None)
    record(
        "member.left" if own else "member.removed",
        brand,
        by=by,
        person=membership.person_id,
        role=membership.role,
        campaign=membership.campaign_id,
    )
    if membership.role == "owner":
        withdraw_invitations_by(membership.person, brand, by=by)
    db.session.delete(membership)


def keep_an_owner(membership: Membership, role: str | None) -> None:
    """Refuse what would leave a brand without an owner. The brand is locked: of two who leave at once, the second sees."""
    if membership.role != "owner" or membership.campaign_id is not None or role == "owner":
        return
    others = db.select(db.func.count()).where(
        Membership.brand_id == membership.brand_id,
        Membership.campaign_id.is_(None),
        Membership.role == "owner",
        Membership.id != membership.id,
    )
    if not db.session.scalar(others):
        raise OwnerLess


def withdraw_invitations_by(owner: Person, brand: Brand, by: Person) -> None:
    """End what somebody asked others who owns the brand no longer, or a way back in could be waiting in a mailbox."""
    made = db.select(Invitation).where(Invitation.brand_id == brand.id, Invitation.invited_by_id == owner.id)
    for invitation in db.session.scalars(made).all():
        record(
            "member.uninvited",
            brand,
            by=by,
            email=invitation.email,
            role=invitation.role,
            campaign=invitation.campaign_id,
        )
        db.session.delete(invitation)


def _still(membership: Membership) -> bool:
    """Whether a membership is there, read anew, once everybody else who changes this brand's team waits for us."""
    lock(membership.brand)
    again = db.select(Membership).where(Membership.id == membership.id).execution_options(populate_existing=True)
    return db.session.scalar(again) is not None


def still_owns(person: Person, brand: Brand) -> None:
    """Ask at the door again: somebody may have closed it while we waited for the lock."""
    if not may(person, "own", brand.id):
        raise NotThere
