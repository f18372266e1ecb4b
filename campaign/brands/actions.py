"""What people do with brands and their teams. Everything here is written down in the history."""

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from campaign.accounts.access import digest, person_by_email
from campaign.accounts.actions import tidy_email
from campaign.accounts.models import Person
from campaign.brands.access import RESERVED, InvitationOver, may, membership_in
from campaign.brands.models import Brand, Invitation, Membership
from campaign.brands.roles import DOES, NAMES
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record
from campaign.images import keep_image
from campaign.mail import send_mail


class SlugTaken(Refused):
    code, field = "slug_taken", "slug"
    message = _l("Another brand has this address already. Choose a different one.")


class NoSlug(Refused):
    code, field = "no_slug", "slug"
    message = _l("We can’t make an address from this name. Write one with the letters a to z and figures.")


class ConfirmFirst(Refused):
    code, message = "confirm_first", _l("Confirm your e-mail address first: the link is in your mailbox.")


class OwnerLess(Refused):
    code = "owner_less"
    message = _l("A brand needs an owner. Make somebody else an owner first.")


class AlreadyInTeam(Refused):
    code, field = "already_in_team", "email"

    def __init__(self, person: Person) -> None:
        super().__init__(_("%(name)s is in the team already. Change the role in the list below.", name=person.name))


class MemberGone(Refused):
    code, message = "member_gone", _l("This person is no longer in the team, so their role stays what it was.")


class OwnsTheWhole(Refused):
    code, field = "owns_the_whole", "role"
    message = _l("An owner owns the whole brand. For one campaign, choose another role.")


def found_brand(name: str, slug: str, by: Person) -> Brand:
    """Begin a brand, owned by who begins it. Asked twice, it is begun once."""
    if by.confirmed_at is None:
        raise ConfirmFirst
    if not slug:
        raise NoSlug
    if slug in RESERVED:
        raise SlugTaken
    brand = Brand(name=name, slug=slug)
    try:
        with db.session.begin_nested():
            db.session.add(brand)
    except IntegrityError:
        taken = db.session.scalars(db.select(Brand).where(Brand.slug == slug)).one()
        owner = membership_in(taken, by, None)
        if taken.name == name and owner is not None and owner.role == "owner":
            return taken  # The form was sent a second time.
        raise SlugTaken from None
    db.session.add(Membership(brand=brand, person=by, role="owner"))
    record("brand.founded", brand, by=by, name=name)
    return brand


def change_brand(brand: Brand, by: Person, name: str, colour: str) -> None:
    """Change what a brand is called and its colour."""
    wanted = {"name": name, "colour": colour.lower()}
    changes = {what: [getattr(brand, what), new] for what, new in wanted.items() if getattr(brand, what) != new}
    if not changes:
        return
    brand.name, brand.colour = wanted["name"], wanted["colour"]
    record("brand.changed", brand, by=by, changes=changes)


def set_logo(brand: Brand, by: Person, upload: FileStorage | bytes) -> None:
    """Give a brand its mark. The picture is checked and made anew as every other."""
    try:
        logo = keep_image(upload, by=by, alt=brand.name)
    except Refused as error:
        error.field = "logo"
        raise
    brand.logo = logo
    record("brand.logo_set", brand, by=by)


def remove_logo(brand: Brand, by: Person) -> None:
    """Go back to the brand's first letter on its colour."""
    if brand.logo is None:
        return
    brand.logo = None
    record("brand.logo_removed", brand, by=by)


def invite(brand: Brand, by: Person, email: str, role: str, campaign: Any = None) -> None:
    """Invite somebody by mail to a role in the brand, or in one campaign. It replaces an earlier invitation to the same."""
    email = tidy_email(email)
    if campaign is not None and role == "owner":
        raise OwnsTheWhole
    scope = campaign.id if campaign is not None else None
    invited = person_by_email(email)
    if invited is not None and membership_in(brand, invited, scope) is not None:
        raise AlreadyInTeam(invited)
    db.session.execute(
        db.delete(Invitation).where(
            Invitation.brand_id == brand.id,
            Invitation.email == email,
            Invitation.campaign_id.is_not_distinct_from(scope),
        )
    )
    token = secrets.token_urlsafe(32)
    db.session.add(
        Invitation(brand=brand, campaign_id=scope, email=email, role=role, token_hash=digest(token), invited_by=by)
    )
    record("member.invited", brand, by=by, email=email, role=role, campaign=scope)
    send_mail(
        email,
        invited.language if invited else by.language,
        "invitation",
        inviter=by,
        brand=brand,
        role=NAMES[role],
        does=DOES[role],
        campaign=campaign,
        token=token,
    )


def accept_invitation(invitation: Invitation, person: Person) -> None:
    """Join the team. Who has a role there already has the invited one from now on.

    Of two people who follow one link at once, one joins; the other is told that it is over. Raises InvitationOver.
    """
    brand, role, scope = invitation.brand, invitation.role, invitation.campaign_id
    taken = _take(invitation)
    membership = membership_in(brand, person, scope)
    if not taken:
        if membership is not None and membership.role == role:
            return  # A second click.
        raise InvitationOver
    if membership is None:
        membership = Membership(brand=brand, person=person, role=role, campaign_id=scope)
        try:
            with db.session.begin_nested():
                db.session.add(membership)
        except IntegrityError:  # Written meanwhile by somebody who doesn't ask for the lock, as an import.
            membership = membership_in(brand, person, scope)
            if membership is None:
                raise
    if membership.role != role:
        _keep_an_owner(membership, role)
        before, membership.role = membership.role, role
        if before == "owner":
            _withdraw_invitations_by(person, brand, by=person)
    record("member.joined", brand, by=person, role=role, campaign=scope, invited_by=invitation.invited_by_id)


def decline_invitation(invitation: Invitation, person: Person | None) -> None:
    """Say no. The link is enough for that, without an account."""
    brand, email, role = invitation.brand, invitation.email, invitation.role
    if _take(invitation):
        record("member.declined", brand, by=person, email=email, role=role)


def withdraw_invitation(invitation: Invitation, by: Person) -> None:
    """Take an invitation back before it is used."""
    brand, email, role = invitation.brand, invitation.email, invitation.role
    if _take(invitation):
        record("member.uninvited", brand, by=by, email=email, role=role)


def change_role(membership: Membership, by: Person, role: str) -> None:
    """Give a member another role where they have one. Who owns the brand no longer takes their open invitations along."""
    if membership.campaign_id is not None and role == "owner":
        raise OwnsTheWhole
    brand = membership.brand
    there = _still(membership)
    _still_owns(by, brand)
    if not there:
        raise MemberGone
    if membership.role == role:
        return
    _keep_an_owner(membership, role)
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
        _withdraw_invitations_by(membership.person, brand, by=by)


def remove_member(membership: Membership, by: Person) -> None:
    """End a membership: somebody else's, or one's own. An owner's open invitations end with it. Ended already, it stays so."""
    brand, own = membership.brand, membership.person_id == by.id
    if not _still(membership):
        return
    if not own:
        _still_owns(by, brand)
    _keep_an_owner(membership, None)
    record(
        "member.left" if own else "member.removed",
        brand,
        by=by,
        person=membership.person_id,
        role=membership.role,
        campaign=membership.campaign_id,
    )
    if membership.role == "owner":
        _withdraw_invitations_by(membership.person, brand, by=by)
    db.session.delete(membership)


def _take(invitation: Invitation) -> bool:
    """Use an invitation up. Of several who want it at once, one is told that they have it."""
    lock(invitation.brand)
    taken = db.delete(Invitation).where(Invitation.id == invitation.id).returning(Invitation.id)
    return db.session.scalar(taken) is not None


def _still(membership: Membership) -> bool:
    """Whether a membership is there, read anew, once everybody else who changes this brand's team waits for us."""
    lock(membership.brand)
    again = db.select(Membership).where(Membership.id == membership.id).execution_options(populate_existing=True)
    return db.session.scalar(again) is not None


def _still_owns(person: Person, brand: Brand) -> None:
    """Ask at the door again: somebody may have closed it while we waited for the lock."""
    if not may(person, "own", brand.id):
        raise NotThere


def _withdraw_invitations_by(owner: Person, brand: Brand, by: Person) -> None:
    """End what somebody asked others who owns the brand no longer, or a way back in could be waiting in a mailbox."""
    made = db.select(Invitation).where(Invitation.brand_id == brand.id, Invitation.invited_by_id == owner.id)
    for invitation in db.session.scalars(made).all():
        record("member.uninvited", brand, by=by, email=invitation.email, role=invitation.role)
        db.session.delete(invitation)


def _keep_an_owner(membership: Membership, role: str | None) -> None:
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
