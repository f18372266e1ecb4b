"""Invitations by mail to work for a brand: sent, accepted, declined, withdrawn."""

import secrets
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from campaign.accounts.access import digest, person_by_email
from campaign.accounts.actions import tidy_email
from campaign.accounts.models import Person
from campaign.brands.access import InvitationOver, membership_in
from campaign.brands.models import Brand, Invitation, Membership
from campaign.brands.roles import DOES, NAMES
from campaign.brands.suspending import lift_for_member
from campaign.brands.team import OwnsTheWhole, keep_an_owner, still_owns, withdraw_invitations_by
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.mail import send_mail


class AlreadyInTeam(Refused):
    code, field = "already_in_team", "email"

    def __init__(self, person: Person) -> None:
        super().__init__(
            _("%(name)s is in the team already. Change the role in the list of members.", name=person.name)
        )


def invite(brand: Brand, by: Person, email: str, role: str, campaign: Any = None) -> None:
    """Invite somebody by mail to a role in the brand, or in one campaign. It replaces an earlier invitation to the same."""
    email = tidy_email(email)
    if campaign is not None and role == "owner":
        raise OwnsTheWhole
    lock(brand)
    still_owns(by, brand)
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
        keep_an_owner(membership, role)
        before, membership.role = membership.role, role
        if before == "owner":
            withdraw_invitations_by(person, brand, by=person)
    lift_for_member(brand, person, by=invitation.invited_by)
    record("member.joined", brand, by=person, role=role, campaign=scope, invited_by=invitation.invited_by_id)


def decline_invitation(invitation: Invitation, person: Person | None) -> None:
    """Say no. The link is enough for that, without an account."""
    brand, what = invitation.brand, _told(invitation)
    if _take(invitation):
        record("member.declined", brand, by=person, **what)


def withdraw_invitation(invitation: Invitation, by: Person) -> None:
    """Take an invitation back before it is used."""
    brand, what = invitation.brand, _told(invitation)
    if _take(invitation):
        record("member.uninvited", brand, by=by, **what)


def _told(invitation: Invitation) -> dict[str, Any]:
    """What the history says of it once it is gone; `campaign` makes it part of that campaign's."""
    return {"email": invitation.email, "role": invitation.role, "campaign": invitation.campaign_id}


def _take(invitation: Invitation) -> bool:
    """Use an invitation up. Of several who want it at once, one is told that they have it."""
    lock(invitation.brand)
    taken = db.delete(Invitation).where(Invitation.id == invitation.id).returning(Invitation.id)
    return db.session.scalar(taken) is not None
