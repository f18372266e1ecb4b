"""Reading why people vote as they do, saying so oneself, hiding what should not stand there, and taking it all as a file."""

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.campaigns.access import may_on
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import labels_of
from campaign.campaigns.sealing import counts_shown
from campaign.endorsements.forms import HidingForm
from campaign.errors import NotThere, SignInFirst
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for
from campaign.reasons.access import (
    PAGE,
    campaign_to_read_out_for,
    hiding_of,
    own_reason,
    reason_to_moderate_for,
    reasons_of,
    standing_of,
)
from campaign.reasons.actions import give_reason, hide_reason, show_reason, take_reason_back
from campaign.reasons.exporting import as_csv, as_json
from campaign.reasons.forms import ReasonForm

bp = Blueprint("reasons", __name__)


@bp.route("/ideas/<id:idea_id>/reasons", methods=["GET", "POST"])
def show(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    if request.method == "POST" and not current_user.is_authenticated:
        raise SignInFirst
    campaign, own, standing = idea.campaign, own_reason(current_user, idea), standing_of(current_user, idea)
    side = "against" if request.args.get("side") == "against" else "for"
    form = ReasonForm(data={"reason": own.text if own else ""})
    form.ask_for(standing.side if standing else None)
    form.ask_agreement(campaign, current_user, remark=True)
    moderates = may_on(current_user, "moderate", campaign)
    found = reasons_of(idea, current_user, side, PAGE, _after(), moderates)
    page = ask(
        "reasons/show.html",
        form,
        idea=idea,
        own=own,
        own_hiding=hiding_of(own) if own else None,
        standing=standing,
        side=side,
        found=found,
        sealed=not counts_shown(campaign, current_user),
        against=any(stage.method == "up_down" for stage in campaign.voted_on),
        labels=labels_of(campaign, {told.voter.id for told in found.told if told.voter}),
        moderates=moderates,
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(EDITS_BY_ONE, "reason", current_user.id)
    give_reason(idea, current_user, form.reason.data, form.agreement)
    db.session.commit()
    flash(_("Your reason is stored. It goes with your vote."), "good")
    return redirect(f"{idea.url}#reasons")


@bp.post("/ideas/<id:idea_id>/reasons/withdrawal")
@login_required
def withdraw(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    take_reason_back(idea, current_user)
    db.session.commit()
    flash(_("Your reason is taken back. Your vote stays."), "good")
    return redirect(f"{idea.url}#reasons")


@bp.route("/ideas/<id:idea_id>/reasons/<id:place>/hiding", methods=["GET", "POST"])
@login_required
def hiding(idea_id: int, place: int) -> ResponseReturnValue:
    reason = reason_to_moderate_for(current_user, idea_id, place)
    idea, form = reason.idea, HidingForm()
    page = ask("reasons/hide.html", form, idea=idea, reason=reason, **around(idea.campaign))
    if hiding_of(reason) is not None:
        return redirect(f"{idea.url}/reasons?side={reason.side}")  # Somebody else was first.
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    hide_reason(reason, current_user, form.why.data)
    db.session.commit()
    flash(_("It is hidden. Its author finds your reason."), "good")
    return redirect(f"{idea.url}/reasons?side={reason.side}")


@bp.post("/ideas/<id:idea_id>/reasons/<id:place>/hiding/undo")
@login_required
def unhide(idea_id: int, place: int) -> ResponseReturnValue:
    reason = reason_to_moderate_for(current_user, idea_id, place)
    show_reason(reason, current_user)
    db.session.commit()
    flash(_("Everybody can read it again."), "good")
    return redirect(f"{reason.idea.url}/reasons?side={reason.side}")


@bp.get("/campaigns/<slug>/reasons/export")
@login_required
def export(slug: str) -> ResponseReturnValue:
    campaign = campaign_to_read_out_for(current_user, slug)
    if request.args.get("as") == "json":
        return _file(Response(as_json(campaign), mimetype="application/json"), f"{slug}-reasons.json")
    return _file(Response(as_csv(campaign), mimetype="text/csv"), f"{slug}-reasons.csv")


def _file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.cache_control.no_store = True
    return response


def _after() -> int | None:
    asked = request.args.get("from")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 11):
        raise NotThere
    return int(asked)
