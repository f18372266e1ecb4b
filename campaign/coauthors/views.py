"""The authors of an idea: the page on which its author invites, and the page on which somebody answers."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.campaigns.heading import around
from campaign.coauthors.access import could_join, invitation_for, invitations_to
from campaign.coauthors.actions import (
    accept_invitation,
    decline_invitation,
    invite_coauthor,
    leave_idea,
    uninvite_coauthor,
)
from campaign.coauthors.forms import InvitationForm
from campaign.extensions import db
from campaign.feedback.giving import has_marked
from campaign.forms import Form, ask
from campaign.ideas.access import idea_for, own_idea_for
from campaign.methods.access import is_on_ballot
from campaign.text import squeeze
from campaign.votes.access import votes_of
from campaign.votes.ended import ended_support

bp = Blueprint("coauthors", __name__)


@bp.route("/ideas/<id:idea_id>/authors", methods=["GET", "POST"])
@login_required
def authors(idea_id: int) -> ResponseReturnValue:
    idea, form, query = own_idea_for(current_user, idea_id), Form(), squeeze(request.args.get("q"))[:60]
    page = ask(
        "coauthors/authors.html",
        form,
        idea=idea,
        invitations=invitations_to(idea),
        people=could_join(idea, query),
        query=query,
        **around(idea.campaign),
    )
    if not form.validate_on_submit():
        return page()
    count_writing(EDITS_BY_ONE, "coauthor", current_user.id)
    invite_coauthor(idea, current_user, request.form.get("person", type=int) or 0)
    db.session.commit()
    flash(_("They have a mail with your invitation."), "good")
    return redirect(f"{idea.url}/authors")


@bp.post("/ideas/<id:idea_id>/authors/<id:person_id>/removal")
@login_required
def uninvite(idea_id: int, person_id: int) -> ResponseReturnValue:
    idea = own_idea_for(current_user, idea_id)
    uninvite_coauthor(idea, person_id)
    db.session.commit()
    flash(_("The invitation is taken back."), "good")
    return redirect(f"{idea.url}/authors")


@bp.route("/ideas/<id:idea_id>/invitation", methods=["GET", "POST"])
@login_required
def invitation(idea_id: int) -> ResponseReturnValue:
    idea, form = idea_for(current_user, idea_id), InvitationForm()
    if idea.is_by(current_user):
        return redirect(idea.url)  # Accepted already, here or in another window.
    invitation_for(current_user, idea_id)
    accepts = request.form.get("act") == "accept"
    if accepts or not form.is_submitted():
        form.ask_author(idea.campaign, current_user)
    else:
        form.ask_no_more()
    page = ask(
        "coauthors/invitation.html",
        form,
        idea=idea,
        votes=ended_support(idea.campaign) is None and idea.id in votes_of(current_user, [idea.id]),
        on_ballot=is_on_ballot(current_user, idea),
        marked=has_marked(idea, current_user),
        **around(idea.campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    if accepts:
        accept_invitation(idea, current_user, form.agreement, form.given)
        flash(_("You are one of the authors now."), "good")
    else:
        decline_invitation(idea, current_user)
        flash(_("You said no. Nobody will ask you again for this idea."), "good")
    db.session.commit()
    return redirect(idea.url)


@bp.post("/ideas/<id:idea_id>/authors/leaving")
@login_required
def leave(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    leave_idea(idea, current_user)
    db.session.commit()
    flash(_("You are no longer one of the authors."), "good")
    return redirect(idea.url)
