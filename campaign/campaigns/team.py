"""The pages of a brand’s team. They stand here because a role may be for one campaign only, and the page names it."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import MAILS_BY_ONE, MAILS_TO_ONE, count, mailbox_of
from campaign.brands.access import MAY, brand_for, invitation_by, invitation_for, may, membership_for, roles_of
from campaign.brands.forms import InvitationForm
from campaign.brands.inviting import accept_invitation, decline_invitation, invite, withdraw_invitation
from campaign.brands.listing import invitations_of, members_of
from campaign.brands.models import ROLES, Brand
from campaign.brands.roles import DOES, NAMES
from campaign.brands.team import change_role, remove_member
from campaign.campaigns.access import campaigns_of
from campaign.campaigns.models import Campaign
from campaign.errors import BadRequest
from campaign.extensions import db
from campaign.forms import Form, ask

bp = Blueprint("team", __name__)


@bp.route("/brands/<slug>/members", methods=["GET", "POST"])
@login_required
def members(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="see" if request.method == "GET" else "own")
    campaigns = campaigns_of(brand, current_user)
    form = InvitationForm(campaigns)
    page = _members_page(brand, form, campaigns)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count(MAILS_BY_ONE, "invitation.by", str(current_user.id))
    count(MAILS_TO_ONE, "invitation", mailbox_of(form.email.data))
    invite(brand, current_user, form.email.data, form.role.data, form.scope)
    db.session.commit()
    flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "good")
    return redirect(f"{brand.url}/members")


def _members_page(brand: Brand, form: Form, campaigns: list[Campaign]) -> Any:
    own = roles_of(current_user, brand.id)
    return ask(
        "brands/members.html",
        form,
        brand=brand,
        # Asked for when the page is made: it may be that something was refused because they have changed.
        members=lambda: members_of(brand),
        invitations=lambda: invitations_of(brand),
        titles={campaign.id: campaign.title for campaign in campaigns},
        may_manage="owner" in own,
        may_moderate=any("moderate" in MAY[role] for role in own),
        roles=NAMES,
        does=DOES,
    )


@bp.post("/brands/<slug>/members/<id:membership_id>/role")
@login_required
def role(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = membership_for(current_user, slug, membership_id)
    name = membership.person.name  # Somebody may end the membership while this is decided.
    if (wanted := request.form.get("role")) not in ROLES:
        raise BadRequest
    _ask_again_on_members_page(membership.brand)
    change_role(membership, current_user, wanted)
    db.session.commit()
    flash(_("The role of %(name)s is now: %(role)s.", name=name, role=NAMES[wanted]), "good")
    return redirect(f"/brands/{slug}/members")


@bp.post("/brands/<slug>/members/<id:membership_id>/removal")
@login_required
def removal(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = membership_for(current_user, slug, membership_id, own=True)
    own, brand, name = membership.person_id == current_user.id, membership.brand, membership.person.name
    if may(current_user, "own", brand.id):
        _ask_again_on_members_page(brand)
    remove_member(membership, current_user)
    db.session.commit()
    flash(_("You have left the team.") if own else _("%(name)s is no longer in the team.", name=name), "good")
    return redirect(brand.url if own else f"{brand.url}/members")


def _ask_again_on_members_page(brand: Brand) -> None:
    campaigns = campaigns_of(brand, current_user)
    _members_page(brand, InvitationForm(campaigns, formdata=None), campaigns)


@bp.post("/brands/<slug>/invitations/<id:invitation_id>/withdrawal")
@login_required
def withdrawal(slug: str, invitation_id: int) -> ResponseReturnValue:
    invitation = invitation_for(current_user, slug, invitation_id)
    email = invitation.email
    withdraw_invitation(invitation, current_user)
    db.session.commit()
    flash(_("The invitation to %(email)s is withdrawn.", email=email), "good")
    return redirect(f"/brands/{slug}/members")


@bp.route("/invitations/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    found, form = invitation_by(token), Form()
    brand = found.brand
    titles = {campaign.id: campaign.title for campaign in campaigns_of(brand, found.invited_by)}
    page = ask(
        "brands/invitation.html",
        form,
        brand=brand,
        invitation=found,
        campaign_title=titles.get(found.campaign_id or 0),
        role=NAMES[found.role],
        does=DOES[found.role],
    )
    if not form.validate_on_submit():
        return page()
    return _join(brand, token)


@login_required
def _join(brand: Brand, token: str) -> ResponseReturnValue:
    accept_invitation(invitation_by(token), current_user)
    db.session.commit()
    flash(_("Welcome to the team of %(brand)s.", brand=brand.name), "good")
    return redirect(brand.url)


@bp.post("/invitations/<token>/refusal")
def refusal(token: str) -> ResponseReturnValue:
    declined = invitation_by(token)
    decline_invitation(declined, current_user if current_user.is_authenticated else None)
    db.session.commit()
    flash(_("You declined the invitation. Nobody will write to you about it again."), "good")
    return redirect("/")
