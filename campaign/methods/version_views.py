"""How people vote, in its versions: for everybody to read, and for the team to make a new one."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.fields import zone_name
from campaign.campaigns.scales import scales_in
from campaign.campaigns.voting import SETTINGS, settings_of
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import ask
from campaign.methods.access import stages_with_counts
from campaign.methods.forms import VersionForm
from campaign.methods.versions import ROOM, can_change, check_changeable, make_version, versions_of

bp = Blueprint("voting_versions", __name__)


@bp.get("/campaigns/<slug>/voting")
def show(slug: str) -> ResponseReturnValue:
    """Every version of how people vote in a stage, the latest first."""
    campaign = campaign_for(current_user, slug)
    stages = stages_with_counts(campaign)
    asked = request.args.get("stage")
    stage = next((stage for stage in stages if asked in (None, str(stage.id))), None)
    if stage is None:
        raise NotThere
    may_manage = may_on(current_user, "manage", campaign)
    return render_template(
        "methods/versions.html",
        brand=campaign.brand,
        campaign=campaign,
        stages=stages,
        stage=stage,
        versions=versions_of(stage),
        labels={name: setting.label for name, setting in SETTINGS.items()},
        scales_of=scales_in,
        may_manage=may_manage,
        may_change=may_manage and can_change(campaign, stage),
    )


@bp.route("/campaigns/<slug>/voting/new", methods=["GET", "POST"])
@login_required
def new(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    stage = check_changeable(campaign)
    latest = versions_of(stage)[0]
    settings = settings_of(stage.method, stage.method_settings)
    name = ROOM.get(stage.method)
    room = settings.get(name) if name else None
    form = VersionForm(after=latest.number, ends_at=stage.ends_at, room=room, explanation=latest.explanation)
    page = ask(
        "methods/version.html",
        form,
        brand=campaign.brand,
        campaign=campaign,
        stage=stage,
        latest=latest,
        room=SETTINGS[name] if name and room is not None else None,
        can_be_unlimited=name == "cap" and room is not None,
        zone=zone_name(),
        may_manage=True,
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    version = make_version(campaign, current_user, form.wanted())
    db.session.commit()
    flash(_("Version %(number)s stands. Those who have voted are told by mail.", number=version.number), "good")
    return redirect(f"{campaign.url}/voting")
