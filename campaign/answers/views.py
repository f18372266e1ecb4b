from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.answers.access import idea_to_answer_for
from campaign.answers.actions import answer_idea
from campaign.answers.forms import AnswerForm
from campaign.answers.models import stamp_of
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask

bp = Blueprint("answers", __name__)


@bp.route("/ideas/<id:idea_id>/answer", methods=["GET", "POST"])
@login_required
def answer(idea_id: int) -> ResponseReturnValue:
    idea = idea_to_answer_for(current_user, idea_id)
    given = idea.answer
    form = AnswerForm(data={"text": given.text if given else "", "role": given.role if given else ""})
    page = ask(
        "answers/edit.html",
        form,
        idea=idea,
        answer=given,
        **around(idea.campaign),
    )
    read, form.read.data = form.read.data or "", stamp_of(given)  # Sent again after a refusal, it is meant.
    if not form.is_submitted():
        return page()
    if not form.validate():
        form.read.data = read
        return page(), 422
    answer_idea(idea, current_user, form.text.data, form.role.data, read=read)
    db.session.commit()
    flash(
        _("Your answer stands under the idea.")
        if given
        else _("Your answer stands under the idea, and its author has a mail."),
        "good",
    )
    return redirect(f"{idea.url}#answer")
