"""Suspending somebody, at an idea, a remark or feedback of theirs, which is where they are met; who is suspended; lifting it."""

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from campaign.accounts.models import Person
from campaign.brands.access import brand_for, may, rights_of
from campaign.brands.suspending import lift_suspension, suspend_person
from campaign.brands.suspensions import Suspension, suspension_of
from campaign.campaigns.access import may_on
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.listing import page_of
from campaign.forms import ask
from campaign.moderation.access import idea_of, lately, may_suspend, remark_of, standing_suspensions
from campaign.moderation.forms import LiftingForm, SuspensionForm
from campaign.moderation.sweeping import hidden_with, hide_all_of, put_all_back, standing_of_person
from campaign.notices.beside import suspended_from

bp = Blueprint("moderation", __name__)


@bp.app_context_processor
def asked_by_pages() -> dict[str, Any]:
    # Asked by the pages of a campaign, once for each, and not for each partial that a board sends.
    return {
        "suspended_from": cache(lambda brand_id: suspended_from(current_user, brand_id)),
        "suspends_in": _suspends_in,  # By pages of slices that don't know this one.
    }


def _suspends_in(campaign: Campaign) -> Callable[[int], bool]:
    return may_suspend(current_user, campaign, rights_of(current_user, campaign.brand_id, campaign.id))


@bp.route("/ideas/<id:idea_id>/suspension", methods=["GET", "POST"])
@login_required
def of_author(idea_id: int) -> ResponseReturnValue:
    idea, author = idea_of(current_user, idea_id, request.args.get("author", type=int))
    return _suspend(idea.campaign, author, idea.url, idea.title)


@bp.route("/comments/<id:comment_id>/suspension", methods=["GET", "POST"])
@login_required
def of_speaker(comment_id: int) -> ResponseReturnValue:
    comment = remark_of(current_user, comment_id)
    back = f"{page_of(comment)}#comment-{comment.id}"
    return _suspend(comment.idea.campaign, comment.author, back, comment.idea.title)


def _suspend(campaign: Campaign, person: Person, back: str, title: str) -> ResponseReturnValue:
    brand, name = campaign.brand, person.display_name
    there = suspension_of(person, brand.id)
    form = SuspensionForm(data={"reason": there.reason if there else "", "key": secrets.token_urlsafe(16)})
    page = ask(
        "moderation/suspend.html",
        form,
        brand=brand,
        campaign=campaign,
        person_named=person,
        there=lambda: suspension_of(person, brand.id),
        above={"label": title, "url": back},
        standing=lambda: len(standing_of_person(brand, person)),
        may_manage=may_on(current_user, "manage", campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    key = form.key.data or secrets.token_urlsafe(16)
    hidden = hide_all_of(brand, person, current_user, form.reason.data) if form.hides.data else 0
    suspend_person(brand, person, current_user, form.reason.data, form.days, key, hidden)
    db.session.commit()
    flash(_("%(name)s is suspended, and has a mail that says why.", name=name), "good")
    if form.hides.data:
        flash(_hidden(hidden), "good")
    return redirect(f"{brand.url}/suspensions")


@bp.get("/brands/<slug>/suspensions")
@login_required
def suspensions(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="moderate")
    return render_template(
        "moderation/suspensions.html",
        brand=brand,
        suspensions=standing_suspensions(brand),
        acts=lately(brand),
        may_manage=may(current_user, "manage", brand.id),
    )


@bp.route("/brands/<slug>/suspensions/<id:person_id>/lifting", methods=["GET", "POST"])
@login_required
def lifting(slug: str, person_id: int) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="moderate")
    there = db.session.get(Suspension, (brand.id, person_id))
    person = there.person if there else None
    if person is None or suspension_of(person, brand.id) is None:
        if request.method == "POST":
            flash(_("The suspension is over."), "good")
        return redirect(f"{brand.url}/suspensions")  # Lifted already, here or by somebody else; or it has ended.
    assert there is not None
    name = person.display_name
    form = LiftingForm()
    form.read.told = there.key
    page = ask(
        "moderation/lift.html",
        form,
        brand=brand,
        person_named=person,
        there=lambda: suspension_of(person, brand.id),
        above={"label": _("Suspensions"), "url": f"{brand.url}/suspensions"},
        hidden=len(hidden_with(brand, person)),
        may_manage=may(current_user, "manage", brand.id),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    restored = put_all_back(brand, person, current_user, form.reason.data) if form.restores.data else 0
    lift_suspension(brand, person, current_user, form.reason.data, form.read.data or "", restored)
    db.session.commit()
    flash(_("%(name)s can take part again, and has a mail that says so.", name=name), "good")
    if form.restores.data:
        flash(
            ngettext("%(num)s contribution stands there again.", "%(num)s contributions stand there again.", restored),
            "good",
        )
    return redirect(f"{brand.url}/suspensions")


def _hidden(number: int) -> str:
    return ngettext("%(num)s contribution was taken down.", "%(num)s contributions were taken down.", number)
