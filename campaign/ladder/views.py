"""The page on which a campaign's ladder is put up, and the one on which an idea gets more time."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask
from campaign.ladder.access import expired_idea_for
from campaign.ladder.actions import check_steps, give_time, is_frozen, set_ladder
from campaign.ladder.forms import LadderForm, TimeForm
from campaign.ladder.showing import progress_of, said_steps
from campaign.ladder.timing import can_climb

bp = Blueprint("ladder", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(said_steps=said_steps, progress_of=progress_of))


@bp.route("/campaigns/<slug>/ladder", methods=["GET", "POST"])
@login_required
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = LadderForm(campaign.ladder or [])
    page = ask(
        "ladder/edit.html",
        form,
        frozen=is_frozen(campaign),
        possible=can_climb(campaign),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    if form.look.data:
        check_steps(form.steps)
        return page(), 200
    set_ladder(campaign, current_user, form.steps)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/ladder")


@bp.route("/ideas/<id:idea_id>/expiry", methods=["GET", "POST"])
@login_required
def more_time(idea_id: int) -> ResponseReturnValue:
    idea, form = expired_idea_for(current_user, idea_id), TimeForm()
    page = ask("ladder/time.html", form, idea=idea, **around(idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    give_time(idea, current_user, form.days.data, form.reason.data)
    db.session.commit()
    flash(_("The idea is back on the board."), "good")
    return redirect(idea.url)
