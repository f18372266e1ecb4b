from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response as AnyResponse

from campaign.bodies import takes_files
from campaign.brands.access import brand_for, may
from campaign.brands.models import Brand
from campaign.campaigns.access import campaign_for, own_image_for, tags_of_people
from campaign.campaigns.actions import (
    change_campaign,
    change_tags,
    close_campaign,
    draft_campaign,
    publish_campaign,
    reopen_campaign,
)
from campaign.campaigns.fields import zone_name
from campaign.campaigns.forms import ClosingForm, PlanForm, TagsForm
from campaign.campaigns.heading import around
from campaign.campaigns.licences import LICENCES
from campaign.campaigns.models import Campaign
from campaign.campaigns.planning import copy_campaign, plan_for, plans_of, remove_plan, save_plan
from campaign.campaigns.plans import PLANS, plan_called
from campaign.campaigns.questions import asked_now
from campaign.campaigns.rules import CONTRACTS, acceptances_of, rules_numbered, standing_rules, versions_of
from campaign.campaigns.sealing import counts_seen, seal_on
from campaign.campaigns.setup_form import CampaignForm
from campaign.campaigns.stage_rows import move_along
from campaign.database import without_connection
from campaign.errors import Refused
from campaign.extensions import db
from campaign.forms import Form, ask
from campaign.images import Image, keep_image
from campaign.text import squeeze

bp = Blueprint("campaigns", __name__)
bp.app_context_processor(lambda: {"LICENCES": LICENCES, "CONTRACTS": CONTRACTS})
for _question in (counts_seen, seal_on):
    bp.add_app_template_global(_question)

Answer = str | Response | AnyResponse | tuple[str, int]


@bp.route("/brands/<slug>/campaigns/new", methods=["GET", "POST"])
@login_required
@takes_files
def new(slug: str) -> Answer:
    brand = brand_for(current_user, slug, to="manage")
    own = plans_of(brand)
    plan = plan_called(request.args.get("plan"), own)
    form = CampaignForm(plan=plan)
    page = _ask_for_setup("campaigns/new.html", form, brand, plan=plan, plans=PLANS, own_plans=own)
    if _only_shows(form):
        return page()
    if not form.validate_on_submit():
        return page(), 422
    setup = replace(form.setup(_cover(form)), more=plan.more)
    campaign = draft_campaign(brand, current_user, setup, form.key.data)
    db.session.commit()
    flash(_("Your draft is kept. Only your team sees it until you publish it."), "good")
    return redirect(campaign.url)


@bp.route("/campaigns/<slug>/settings", methods=["GET", "POST"])
@login_required
@takes_files
def settings(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    form = CampaignForm(campaign)
    may_copy = may(current_user, "manage", campaign.brand_id)  # A role in one campaign doesn’t open another.
    page = _ask_for_setup("campaigns/settings.html", form, campaign.brand, campaign, may_copy=may_copy)
    if _only_shows(form):
        return page()
    if not form.validate_on_submit():
        return page(), 422
    why = form.why.data if form.why else ""
    change_campaign(campaign, current_user, form.setup(_cover(form, campaign)), why, form.stamp)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/settings")


def _ask_for_setup(
    template: str, form: CampaignForm, brand: Brand, campaign: Campaign | None = None, **context: Any
) -> Any:
    form.more_rows()
    page = ask(
        template,
        form,
        brand=brand,
        campaign=campaign,
        may_manage=True,
        preview=request.form.get("then") == "preview",
        cover=lambda: _cover(form, campaign),
        zone=zone_name(),
        **context,
    )
    if form.is_submitted() and form.cover.data:
        _keep_cover(form)
    return page


def _only_shows(form: CampaignForm) -> bool:
    """Whether this shows the form without keeping anything: the first time, with more rows, with dates that moved along, or with a preview."""
    then = request.form.get("then")
    if then == "more":
        form.more_rows()
    elif then == "stage":
        form.one_more_stage()
    elif then == "question":
        form.one_more_question()
    elif then == "along":
        move_along(form.stages)
    return not form.is_submitted() or then in ("more", "stage", "question", "along", "preview")


def _keep_cover(form: CampaignForm) -> None:
    # Committed at once: when something else on the form is refused, the picture needn't be chosen again.
    try:
        with without_connection():
            form.cover_key.data = keep_image(form.cover.data, current_user).key
    except Refused as refusal:
        refusal.field = "cover"
        form.cover.data = None  # There is none to describe.
        raise
    form.cover_removed.data = False
    db.session.commit()


def _cover(form: CampaignForm, campaign: Campaign | None = None) -> Image | None:
    """The picture that the form stands for: the one just sent, or the one that was there."""
    if image := own_image_for(current_user, form.cover_key.data or ""):
        return image
    return campaign.cover if campaign and not form.cover_removed.data else None


@bp.post("/campaigns/<slug>/copy")
@login_required
def copy(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    brand_for(current_user, campaign.brand.slug, to="manage")
    draft = copy_campaign(campaign, current_user, request.form.get("key", "")[:64])
    db.session.commit()
    flash(_("This is the copy, a draft. It begins in a week, unless you choose otherwise."), "good")
    return redirect(f"{draft.url}/settings")


@bp.route("/campaigns/<slug>/plan", methods=["GET", "POST"])
@login_required
def plan(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    brand = brand_for(current_user, campaign.brand.slug, to="manage")
    form = PlanForm()
    page = ask("campaigns/plan.html", form, brand=brand, campaign=campaign, may_manage=True)
    if not form.is_submitted():
        return page()
    if not form.validate_on_submit():
        return page(), 422
    save_plan(campaign, current_user, form.name.data, form.key.data)
    db.session.commit()
    flash(_("Saved. The next campaign of %(brand)s can begin with it.", brand=brand.name), "good")
    return redirect(f"{campaign.url}/settings")


@bp.post("/brands/<slug>/plans/<id:number>/removal")
@login_required
def plan_removal(slug: str, number: int) -> Answer:
    brand = brand_for(current_user, slug, to="manage")
    remove_plan(plan_for(brand, number), current_user)
    db.session.commit()
    flash(_("The plan is gone. Campaigns that began with it stay as they are."), "good")
    return redirect(f"{brand.url}/campaigns/new")


@bp.route("/campaigns/<slug>/tags", methods=["GET", "POST"])
@login_required
def tags(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    query = squeeze(request.args.get("q"))[:40]
    found = tags_of_people(campaign, query, after=squeeze(request.args.get("from"))[:60])
    form = TagsForm(found.tags)
    page = ask(
        "campaigns/tags.html", form, brand=campaign.brand, campaign=campaign, may_manage=True, query=query, found=found
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    change_tags(campaign, current_user, form.wanted())
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(request.full_path.rstrip("?"))


@bp.route("/campaigns/<slug>/publication", methods=["GET", "POST"])
@login_required
def publication(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    form = Form()
    page = ask("campaigns/publication.html", form, brand=campaign.brand, campaign=campaign, may_manage=True)
    if not form.is_submitted():
        return page()
    publish_campaign(campaign, current_user)
    db.session.commit()
    flash(_("Published. Tell people: the page is at this address."), "good")
    return redirect(campaign.url)


@bp.route("/campaigns/<slug>/closing", methods=["GET", "POST"])
@login_required
def closing(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    form = ClosingForm()
    page = ask("campaigns/closing.html", form, brand=campaign.brand, campaign=campaign, may_manage=True)
    if not form.is_submitted():
        return page()
    if not form.validate_on_submit():
        return page(), 422
    close_campaign(campaign, current_user, form.reason.data)
    db.session.commit()
    flash(_("The campaign is closed. Everything stays readable."), "good")
    return redirect(campaign.url)


@bp.post("/campaigns/<slug>/closing/undo")
@login_required
def reopening(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug, to="manage")
    reopen_campaign(campaign, current_user)
    db.session.commit()
    flash(_("The campaign is open again, within its dates."), "good")
    return redirect(campaign.url)


@bp.get("/campaigns/<slug>/brief")
def brief(slug: str) -> Answer:
    campaign = campaign_for(current_user, slug)
    asked = asked_now(campaign)
    return _render("campaigns/brief.html", campaign, zone=zone_name(), rules=standing_rules(campaign), asked=asked)


@bp.get("/campaigns/<slug>/rules")
@bp.get("/campaigns/<slug>/rules/<id:number>")
def rules(slug: str, number: int | None = None) -> Answer:
    campaign = campaign_for(current_user, slug)
    versions = versions_of(campaign)
    shown = rules_numbered(versions, number) if number is not None else next(iter(versions), None)
    accepted = acceptances_of(campaign, current_user)
    return _render("campaigns/rules.html", campaign, rules=shown, versions=versions, accepted=accepted)


def _render(template: str, campaign: Campaign, **context: Any) -> str:
    """A page of a campaign, with what its header needs to know about the asker."""
    return render_template(template, **around(campaign), **context)
