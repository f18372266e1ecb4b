"""The team's page of doubtful votes."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for, may_on
from campaign.doubts.access import groups_of, stages_doubted
from campaign.doubts.actions import decide, decide_on_ballots
from campaign.doubts.forms import DecisionForm
from campaign.doubts.signals import BALLOT_REASONS, REASONS
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
        groups=lambda: groups_of(campaign),
        reasons=REASONS,
        stages=lambda: stages_doubted(campaign),  # Both are read where a page is made, and not before a decision.
        ballot_reasons=BALLOT_REASONS,
    )
    if not form.is_submitted():
        answer = page()
        db.session.commit()  # A worker is asked for what is too much for a page.
        return answer
    if not form.validate():
        return page(), 422
    said = form.group.data or "", current_user, form.decision.data, form.why.data, form.was.data or ""
    if form.stage.data:
        number = _number(form.stage.data)
        stage = next((stage for stage in campaign.stages if stage.id == number), None)
        if stage is None:
            raise NotThere
        decide_on_ballots(stage, *said)
    else:
        idea = idea_for(current_user, _number(form.idea.data))
        if idea.campaign_id != campaign.id:
            raise NotThere
        decide(campaign, idea, *said)
    db.session.commit()
    flash(_("Decided. You can decide otherwise at any time."), "good")
    return redirect(f"{campaign.url}/doubts")


def _number(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotThere
    return int(text)
