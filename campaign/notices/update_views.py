"""An author's news: writing it, and taking it away."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask
from campaign.notices.access import own_idea_to_tell_of, update_to_remove
from campaign.notices.forms import RemovalForm, UpdateForm
from campaign.notices.updates import next_update_at, remove_update, write_update

bp = Blueprint("updates", __name__)


@bp.route("/ideas/<id:idea_id>/updates/new", methods=["GET", "POST"])
@login_required
def new(idea_id: int) -> ResponseReturnValue:
    idea, form = own_idea_to_tell_of(current_user, idea_id), UpdateForm()
    page = ask("notices/update.html", form, idea=idea, since=next_update_at(idea), **around(idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(EDITS_BY_ONE, "update", current_user.id, idea.campaign.brand_id)
    write_update(idea, current_user, form.text.data, form.key.data)
    db.session.commit()
    flash(_("Your news stands here, and goes to everybody who follows the idea."), "good")
    return redirect(f"{idea.url}#updates")


@bp.route("/updates/<id:update_id>/removal", methods=["GET", "POST"])
@login_required
def removal(update_id: int) -> ResponseReturnValue:
    update, form = update_to_remove(current_user, update_id), RemovalForm()
    page = ask("notices/update_removal.html", form, idea=update.idea, update=update, **around(update.idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    idea = update.idea
    remove_update(update, current_user, form.why.data)
    db.session.commit()
    flash(_("It stands here no more."), "good")
    return redirect(f"{idea.url}#updates")
