from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.campaigns.access import may_on
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import labels_of
from campaign.campaigns.sealing import counts_shown
from campaign.errors import SignInFirst
from campaign.extensions import db
from campaign.feedback.forms import FeedbackForm
from campaign.feedback.giving import give_feedback, take_feedback_back
from campaign.feedback.models import Feedback, FeedbackHiding
from campaign.feedback.summary import SHOWN, feedback_on, marks_of
from campaign.feedback.views import bp
from campaign.forms import ask
from campaign.ideas.access import idea_for


@bp.route("/ideas/<id:idea_id>/feedback", methods=["GET", "POST"])
def feedback(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    if request.method == "POST" and not current_user.is_authenticated:
        raise SignInFirst  # Before the form, which isn't on this page for nobody: what was typed is offered again.
    campaign = idea.campaign
    own = db.session.get(Feedback, (idea.id, current_user.id)) if current_user.is_authenticated else None
    form = FeedbackForm(obj=own)
    form.ask_scale(campaign.text.scale or next((text.scale for text in campaign.texts.values() if text.scale), ""))
    form.ask_agreement(campaign, current_user, remark=True)
    asker = {current_user.id} if current_user.is_authenticated else set()
    labels = labels_of(campaign, asker)
    form.ask_received(labels.get(current_user.id) if asker else None)
    shown = counts_shown(campaign, current_user)
    after, moderates = request.args.get("from", ""), may_on(current_user, "moderate", campaign)
    page = ask(
        "feedback/feedback.html",
        form,
        idea=idea,
        own=own,
        found=feedback_on(
            idea,
            shown,
            SHOWN,
            int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0,
            current_user.id if current_user.is_authenticated else None,
            moderates,
        ),
        moderates=moderates,
        own_hiding=db.session.get(FeedbackHiding, (idea.id, current_user.id)) if own else None,
        marks=marks_of(idea) if shown else None,
        origins=idea.origins,
        frozen=(frozen := idea.status is not None and idea.status.freezes_comments),
        may_give=campaign.accepts_feedback and not idea.withdrawn and not frozen and not idea.is_by(current_user),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(EDITS_BY_ONE, "feedback", current_user.id)
    mark = int(form.mark.data) if form.mark and form.mark.data else None
    give_feedback(idea, current_user, form.likes.data, form.misses.data, mark, form.agreement, form.given)
    db.session.commit()
    flash(_("Thank you. You can change it while feedback is open."), "good")
    return redirect(f"{idea.url}/feedback")


@bp.post("/ideas/<id:idea_id>/feedback/withdrawal")
@login_required
def feedback_withdrawal(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    take_feedback_back(idea, current_user)
    db.session.commit()
    flash(_("Your feedback is taken back."), "good")
    return redirect(f"{idea.url}/feedback")
