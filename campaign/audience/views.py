"""The page on which a team invites people to a campaign, and the one to which their mail leads."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from limits import RateLimitItemPerDay

from campaign.accounts.attempts import count
from campaign.audience.access import InvitationGone, guests_of, invitation_by, sizes_of
from campaign.audience.actions import invite_no_longer, invite_nobody_awaited, invite_people
from campaign.audience.exporting import as_csv
from campaign.audience.forms import AudienceForm
from campaign.bodies import takes_files
from campaign.campaigns.access import campaign_for, open_to
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask
from campaign.languages import number
from campaign.text import squeeze

bp = Blueprint("audience", __name__)

INVITED_BY_ONE = RateLimitItemPerDay(5000)  # Each is a mail to somebody who may not know the brand.


@bp.route("/campaigns/<slug>/audience", methods=["GET", "POST"])
@login_required
@takes_files
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = AudienceForm()
    asked = request.args.get("who", "")
    which = asked if asked in ("come", "awaited") else ""
    query, after = squeeze(request.args.get("q"))[:200], request.args.get("from", "")[:254]
    page = ask(
        "audience/show.html",
        form,
        sizes=lambda: sizes_of(campaign),
        guests=lambda: guests_of(campaign, which, query, after if after.isprintable() else ""),
        which=which,
        query=query,
        first=not after,
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    people = form.people
    added = invite_people(campaign, current_user, people)
    if added:
        count(INVITED_BY_ONE, "audience.invited", str(current_user.id), cost=added)
    db.session.commit()
    flash(
        ngettext(
            "%(count)s person is newly invited.", "%(count)s people are newly invited.", added, count=number(added)
        ),
        "good",
    )
    return redirect(f"{campaign.url}/audience")


@bp.post("/campaigns/<slug>/audience/<id:invitee_id>/removal")
@login_required
def removal(slug: str, invitee_id: int) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    invite_no_longer(campaign, current_user, invitee_id)
    db.session.commit()
    flash(_("This person is invited no longer."), "good")
    return redirect(f"{campaign.url}/audience")


@bp.post("/campaigns/<slug>/audience/removal")
@login_required
def removal_of_awaited(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    gone = invite_nobody_awaited(campaign, current_user)
    db.session.commit()
    flash(
        ngettext(
            "%(count)s invitation is withdrawn.", "%(count)s invitations are withdrawn.", gone, count=number(gone)
        ),
        "good",
    )
    return redirect(f"{campaign.url}/audience")


@bp.get("/campaigns/<slug>/audience/export")
@login_required
def export(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    response = Response(as_csv(campaign), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-invited.csv"'
    response.cache_control.no_store = True
    return response


@bp.get("/invited/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """To the campaign, for whom it invites. Others learn by which address they are."""
    invitee = invitation_by(token)
    campaign = invitee.campaign
    if open_to(current_user, campaign):
        return redirect(campaign.url)
    if not campaign.is_for_invited:
        raise InvitationGone
    return render_template("audience/invitation.html", invitee=invitee, campaign=campaign, brand=campaign.brand)
