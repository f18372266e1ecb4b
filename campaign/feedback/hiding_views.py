from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.models import Person
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.feedback.access import feedback_to_moderate_for
from campaign.feedback.forms import HidingForm
from campaign.feedback.hiding import hide_feedback, show_feedback
from campaign.feedback.models import Feedback, FeedbackHiding
from campaign.feedback.views import bp
from campaign.forms import ask


@bp.route("/ideas/<id:idea_id>/feedback/<id:person_id>/hiding", methods=["GET", "POST"])
@login_required
def hide_given(idea_id: int, person_id: int) -> ResponseReturnValue:
    return _decide(idea_id, person_id, True, hide_feedback, _("It is taken down. Its author finds your reason."))


@bp.route("/ideas/<id:idea_id>/feedback/<id:person_id>/showing", methods=["GET", "POST"])
@login_required
def show_given(idea_id: int, person_id: int) -> ResponseReturnValue:
    return _decide(idea_id, person_id, False, show_feedback, _("Everybody can read it again."))


def _decide(
    idea_id: int, person_id: int, hides: bool, act: Callable[[Feedback, Person, str], None], said: str
) -> ResponseReturnValue:
    feedback = feedback_to_moderate_for(current_user, idea_id, person_id)
    idea, form = feedback.idea, HidingForm()
    page = ask("feedback/hide.html", form, idea=idea, feedback=feedback, hides=hides, **around(idea.campaign))
    if hides == (db.session.get(FeedbackHiding, (idea.id, person_id)) is not None):
        return redirect(f"{idea.url}/feedback")  # Somebody else was first.
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    act(feedback, current_user, form.why.data)
    db.session.commit()
    flash(said, "good")
    return redirect(f"{idea.url}/feedback")
