"""The door by which pages report what was on a screen, and the team's page about it."""

import base64

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from limits import RateLimitItemPerMinute

from campaign.accounts.attempts import count, place
from campaign.campaigns.access import campaign_for, may_on
from campaign.errors import BadRequest
from campaign.exposure.actions import choose_exposure
from campaign.exposure.drawing import valid_drawing
from campaign.exposure.forms import ExposureForm
from campaign.exposure.spread import spread_of
from campaign.exposure.tally import count_seen, count_served
from campaign.exposure.tickets import ticket_for, ticket_from
from campaign.extensions import csrf, db
from campaign.forms import ask
from campaign.ideas.listing import PAGE

bp = Blueprint("exposure", __name__)
bp.add_app_template_global(ticket_for, "seen_ticket")  # Ballots show ideas as well, and know nothing of exposure.

REPORTS = RateLimitItemPerMinute(3000)  # From one place: a full hall behind one address. What is beyond goes uncounted.
DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@bp.post("/seen")
@csrf.exempt  # It acts for nobody. The ticket says that we gave it out, and for which ideas.
def seen() -> ResponseReturnValue:
    count(REPORTS, "seen", place())
    ticket = ticket_from(request.form.get("page", ""))
    told = request.form.get("ideas", "").split(",", PAGE)
    if len(told) > PAGE or not all(idea.isascii() and idea.isdigit() and len(idea) < 11 for idea in told):
        raise BadRequest
    count_seen(ticket, {int(idea) for idea in told})
    return "", 204


@bp.get("/seen")
def served() -> ResponseReturnValue:
    """The dot that only a page without scripts loads."""
    count(REPORTS, "seen", place())
    count_served(ticket_from(request.args.get("page", "")))
    dot = Response(DOT, mimetype="image/gif")
    dot.cache_control.no_store = True
    return dot


@bp.route("/campaigns/<slug>/exposure", methods=["GET", "POST"])
@login_required
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage" if request.method == "POST" else "analyse")
    form = ExposureForm(exposure=campaign.exposure)
    page = ask(
        "exposure/show.html",
        form,
        brand=campaign.brand,
        campaign=campaign,
        may_manage=may_on(current_user, "manage", campaign),
        spread=spread_of(campaign),
        drawing=valid_drawing(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose_exposure(campaign, current_user, form.exposure.data)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/exposure")
