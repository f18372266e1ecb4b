from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response as AnyResponse

from campaign.accounts.attempts import MAILS_BY_ONE, MAILS_TO_ONE, count, mailbox_of
from campaign.brands import models  # noqa: F401
from campaign.brands.access import brand_for, brands_of, invitation_for, may, membership_for, roles_of
from campaign.brands.actions import (
    accept_invitation,
    change_brand,
    change_role,
    decline_invitation,
    found_brand,
    invitation_by,
    invitations_of,
    invite,
    members_of,
    remove_logo,
    remove_member,
    set_logo,
    withdraw_invitation,
)
from campaign.brands.colours import DEFAULT, HEX, Palette, palette
from campaign.brands.forms import BrandForm, FoundingForm, InvitationForm
from campaign.brands.models import ROLES, Brand
from campaign.brands.roles import DOES, NAMES
from campaign.brands.shelf import campaigns_of
from campaign.errors import BadRequest
from campaign.extensions import db
from campaign.forms import Form, ask
from campaign.text import slugify

bp = Blueprint("brands", __name__)

Answer = str | Response | AnyResponse | tuple[str | Response, int]


@bp.app_context_processor
def brands_of_person() -> dict[str, Any]:
    # Asked when a page lists them, and not for each partial that a board sends.
    return {"brands_of_person": LocalProxy(lambda: brands_of(current_user))}


@bp.route("/brands/new", methods=["GET", "POST"])
@login_required
def new() -> Answer:
    form = FoundingForm()
    page = ask("brands/new.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    form.slug.data = form.slug.data or slugify(form.name.data)
    brand = found_brand(form.name.data, form.slug.data, current_user)
    db.session.commit()
    flash(_("%(brand)s is here, and yours. Choose its colour.", brand=brand.name), "good")
    return redirect(f"{brand.url}/settings")


@bp.get("/brands/<slug>")
def show(slug: str) -> Answer:
    brand = brand_for(current_user, slug)
    campaigns = campaigns_of(brand, current_user)
    members = members_of(brand)
    return render_template(
        "brands/show.html",
        brand=brand,
        drafts=[campaign for campaign in campaigns if campaign.is_draft],
        coming=[campaign for campaign in campaigns if is_coming(campaign)],
        running=[campaign for campaign in campaigns if campaign.is_open and campaign.accepts_votes],
        past=[campaign for campaign in campaigns if campaign.is_closed or is_over(campaign)],
        titles={campaign.id: campaign.title for campaign in campaigns},
        runners=[member for member in members if member.role in ("owner", "manager") and member.campaign_id is None],
        own=[member for member in members if current_user.is_authenticated and member.person_id == current_user.id],
        roles=NAMES,
        may_manage=may(current_user, "own", brand.id),
        may_open=may(current_user, "manage", brand.id),
    )


def is_coming(campaign: Any) -> bool:
    return not campaign.is_draft and not campaign.is_closed and not campaign.is_open


def is_over(campaign: Any) -> bool:
    return campaign.is_open and not campaign.accepts_votes


@bp.route("/brands/<slug>/settings", methods=["GET", "POST"])
@login_required
def settings(slug: str) -> Answer:
    brand = brand_for(current_user, slug, to="own")
    form = BrandForm(obj=brand)
    typed = form.colour.data if HEX.fullmatch(form.colour.data or "") else brand.colour
    page = ask("brands/settings.html", form, brand=brand, may_manage=True, shown=palette(typed), note=_note(typed))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    if request.form.get("then") == "preview":
        return page()
    # The picture first: while it is made, nothing is written yet, and nobody's vote waits for its turn.
    if form.without_logo.data:
        remove_logo(brand, current_user)
    elif form.logo.data:
        set_logo(brand, current_user, form.logo.data)
    change_brand(brand, current_user, form.name.data, form.colour.data)
    db.session.commit()
    flash(_("Kept."), "good")
    return redirect(f"{brand.url}/settings")


@bp.get("/brands/palette")
def derive() -> Answer:
    """For the preview beside the colour, while somebody chooses: the shades, and what was done to the colour."""
    colour = request.args.get("colour", DEFAULT)
    if not HEX.fullmatch(colour):
        raise BadRequest
    return jsonify(colours=_properties(palette(colour)), note=_note(colour))


def _properties(shades: Palette) -> dict[str, str]:
    return {
        "--brand-light": shades.light.brand,
        "--on-brand-light": shades.light.on_brand,
        "--brand-soft-light": shades.light.soft,
        "--brand-dark": shades.dark.brand,
        "--on-brand-dark": shades.dark.on_brand,
        "--brand-soft-dark": shades.dark.soft,
    }


def _note(colour: str) -> str:
    light = palette(colour).light.brand
    if light == colour.lower():
        return _("On paper your colour stays as it is. In the dark it is made brighter where it needs to be.")
    return _("On paper your colour is made darker, %(colour)s, so that everybody can read it.", colour=light)


@bp.route("/brands/<slug>/members", methods=["GET", "POST"])
@login_required
def members(slug: str) -> Answer:
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


def _members_page(brand: Brand, form: Form, campaigns: list[Any]) -> Any:
    return ask(
        "brands/members.html",
        form,
        brand=brand,
        members=members_of(brand),
        invitations=invitations_of(brand),
        titles={campaign.id: campaign.title for campaign in campaigns},
        may_manage="owner" in roles_of(current_user, brand.id),
        roles=NAMES,
        does=DOES,
    )


@bp.post("/brands/<slug>/members/<id:membership_id>/role")
@login_required
def role(slug: str, membership_id: int) -> Answer:
    membership = membership_for(current_user, slug, membership_id)
    if (wanted := request.form.get("role")) not in ROLES:
        raise BadRequest
    _ask_again_on_members_page(membership.brand)
    change_role(membership, current_user, wanted)
    db.session.commit()
    flash(_("The role of %(name)s is now: %(role)s.", name=membership.person.name, role=NAMES[wanted]), "good")
    return redirect(f"/brands/{slug}/members")


@bp.post("/brands/<slug>/members/<id:membership_id>/removal")
@login_required
def removal(slug: str, membership_id: int) -> Answer:
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
def withdrawal(slug: str, invitation_id: int) -> Answer:
    invitation = invitation_for(current_user, slug, invitation_id)
    email = invitation.email
    withdraw_invitation(invitation, current_user)
    db.session.commit()
    flash(_("The invitation to %(email)s is withdrawn.", email=email), "good")
    return redirect(f"/brands/{slug}/members")


@bp.route("/invitations/<token>", methods=["GET", "POST"])
def invitation(token: str) -> Answer:
    found, form = invitation_by(token), Form()
    brand = found.brand
    titles = {campaign.id: campaign.title for campaign in campaigns_of(brand, found.invited_by)}
    page = ask(
        "brands/invitation.html",
        form,
        brand=brand,
        invitation=found,
        campaign_title=titles.get(found.campaign_id),
        role=NAMES[found.role],
        does=DOES[found.role],
    )
    if not form.validate_on_submit():
        return page()
    return _join(brand, token)


@login_required
def _join(brand: Brand, token: str) -> Answer:
    accept_invitation(invitation_by(token), current_user)
    db.session.commit()
    flash(_("Welcome to the team of %(brand)s.", brand=brand.name), "good")
    return redirect(brand.url)


@bp.post("/invitations/<token>/refusal")
def refusal(token: str) -> Answer:
    declined = invitation_by(token)
    decline_invitation(declined, current_user if current_user.is_authenticated else None)
    db.session.commit()
    flash(_("You declined the invitation. Nobody will write to you about it again."), "good")
    return redirect("/")
