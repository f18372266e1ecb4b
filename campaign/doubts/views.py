"""The team's page of doubtful votes."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for, may_on
from campaign.doubts.access import groups_of
from campaign.doubts.actions import decide
from campaign.doubts.forms import DecisionForm
from campaign.doubts.signals import REASONS
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for

bp = Blueprint("doubts", __name__)


@bp.route("/campaigns/<slug>/doubts", methods=["GET", "POST"])
@login_required
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="moderate")
    form = DecisionForm()
    page = ask(
        "doubts/show.html",
        form,
        brand=campaign.brand,
        campaign=campaign,
        may_manage=may_on(current_user, "manage", campaign),
        groups=groups_of(campaign),
        reasons=REASONS,
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    number = form.idea.data or ""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotThere
    idea = idea_for(current_user, int(number))
    if idea.campaign_id != campaign.id:
        raise NotThere
    decide(campaign, idea, form.group.data or "", current_user, form.decision.data, form.why.data, form.was.data or "")
    db.session.commit()
    flash(_("Decided. You can decide otherwise at any time."), "good")
    return redirect(f"{campaign.url}/doubts")
