"""Amendments: proposing one to an idea, reading it as a diff, answering it."""

import secrets

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.amendments.access import amendment_for, amendment_to_answer_for, own_amendment_for
from campaign.amendments.actions import accept_amendment, propose_amendment, refuse_amendment, withdraw_amendment
from campaign.amendments.forms import AmendmentAnswerForm, AmendmentForm
from campaign.amendments.models import Amendment
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import labels_of
from campaign.extensions import db
from campaign.forms import Page, ask
from campaign.ideas.access import idea_for
from campaign.ideas.actions import check_editable
from campaign.ideas.versions import differences

bp = Blueprint("amendments", __name__)


@bp.route("/ideas/<id:idea_id>/amendments/new", methods=["GET", "POST"])
@login_required
def propose(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    if request.method == "GET":
        check_editable(idea)
        if idea.is_by(current_user):
            return redirect(f"{idea.url}/edit")
    begun = {"title": idea.title, "text": idea.text, "key": secrets.token_urlsafe(16)}
    form = AmendmentForm(idea.campaign, current_user, data=begun)
    page = ask("amendments/new.html", form, idea=idea, **around(idea.campaign))
    if not form.is_submitted():
        return page()
    check_editable(idea)  # Once the page is there that gives the words back.
    if not form.validate():
        return page(), 422
    count_writing(EDITS_BY_ONE, "amendment", current_user.id)
    amendment = propose_amendment(
        idea,
        current_user,
        form.title.data,
        form.text.data,
        why=form.why.data,
        read=request.form.get("version", type=int),
        key=form.key.data or secrets.token_urlsafe(16),
        agreement=form.agreement,
        received=form.given,
    )
    db.session.commit()
    flash(_("Your amendment is with the authors of the idea. You have a mail when they answer."), "good")
    return redirect(amendment.url)


@bp.get("/amendments/<id:amendment_id>")
def show(amendment_id: int) -> ResponseReturnValue:
    return _page(amendment_for(current_user, amendment_id), AmendmentAnswerForm())()


@bp.post("/amendments/<id:amendment_id>")
@login_required
def answer(amendment_id: int) -> ResponseReturnValue:
    """Accept or refuse, by the button that was pressed."""
    amendment, form = amendment_to_answer_for(current_user, amendment_id), AmendmentAnswerForm()
    page = _page(amendment, form)
    if not form.validate():
        return page(), 422
    if request.form.get("act") == "accept":
        accept_amendment(amendment, current_user, request.form.get("version", type=int), form.reason.data)
        said = _("The idea says it now, and names who proposed it.")
    else:
        refuse_amendment(amendment, current_user, form.reason.data)
        said = _("The idea stays as it is. Your reason stands beside the amendment.")
    db.session.commit()
    flash(said, "good")
    return redirect(amendment.idea.url)


@bp.post("/amendments/<id:amendment_id>/withdrawal")
@login_required
def withdraw(amendment_id: int) -> ResponseReturnValue:
    amendment = own_amendment_for(current_user, amendment_id)
    withdraw_amendment(amendment, current_user)
    db.session.commit()
    flash(_("Your amendment is taken back."), "good")
    return redirect(amendment.idea.url)


def _page(amendment: Amendment, form: AmendmentAnswerForm) -> Page:
    """The amendment beside what it would change: what the idea says now while it waits, what it said then once it ended."""
    idea = amendment.idea
    beside = idea if amendment.is_open else amendment.base
    words = (beside.title, beside.text), (amendment.title, amendment.text)
    return ask(
        "amendments/show.html",
        form,
        amendment=amendment,
        idea=idea,
        told=differences((words,))[0],
        labels=labels_of(idea.campaign, {amendment.author_id, *([amendment.end.by_id] if amendment.end else [])}),
        may_answer_amendment=amendment.is_open and idea.is_by(current_user),
        **around(idea.campaign),
    )
