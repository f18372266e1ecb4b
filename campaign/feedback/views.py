from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, REMARKS_BY_ONE, count_writing
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import Label, labels_of
from campaign.extensions import db
from campaign.feedback.access import comment_for, editable_comment_for, own_comment_for, parent_for
from campaign.feedback.actions import delete_comment, edit_comment, post_comment
from campaign.feedback.forms import CommentForm
from campaign.feedback.listing import page_of
from campaign.feedback.models import Comment
from campaign.forms import ask, asks_first
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea

bp = Blueprint("feedback", __name__)


@bp.post("/ideas/<id:idea_id>/comments")
@login_required
@asks_first
def post(idea_id: int) -> ResponseReturnValue:
    idea, form = idea_for(current_user, idea_id), CommentForm()
    form.ask_agreement(idea.campaign, current_user, remark=True)
    form.ask_received(labels_of(idea.campaign, {current_user.id}).get(current_user.id))
    parent = parent_for(current_user, idea, form.parent_id) if form.parent_id is not None else None
    page = ask(
        "feedback/new.html", form, idea=idea, parent=parent, parent_label=_label(idea, parent), **around(idea.campaign)
    )
    if not form.validate():
        return page(), 422
    count_writing(REMARKS_BY_ONE, "remark", current_user.id, idea.campaign.brand_id)
    comment = post_comment(idea, current_user, form.text.data, parent, form.key.data, form.agreement, form.given)
    db.session.commit()
    return redirect(f"{page_of(comment)}#comment-{comment.id}")


@bp.get("/comments/<id:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """A remark by its own address, wherever in the talk it stands by now."""
    comment = comment_for(current_user, comment_id)
    return redirect(f"{page_of(comment)}#comment-{comment.id}")


@bp.route("/comments/<id:comment_id>/edit", methods=["GET", "POST"])
@login_required
def edit(comment_id: int) -> ResponseReturnValue:
    comment = editable_comment_for(current_user, comment_id)
    idea, form = comment.idea, CommentForm(data={"text": comment.text})
    form.ask_agreement(idea.campaign, current_user, remark=True)
    form.ask_no_incentive()
    page = ask(
        "feedback/edit.html",
        form,
        comment=comment,
        page_of_comment=page_of(comment),
        idea=idea,
        **around(idea.campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(EDITS_BY_ONE, "remark.edit", current_user.id)
    edit_comment(comment, form.text.data, form.agreement)
    db.session.commit()
    return redirect(f"{page_of(comment)}#comment-{comment.id}")


@bp.post("/comments/<id:comment_id>/deletion")
@login_required
def delete(comment_id: int) -> ResponseReturnValue:
    comment = own_comment_for(current_user, comment_id)
    delete_comment(comment)
    db.session.commit()
    flash(_("Your remark is taken back."), "good")
    return redirect(f"{comment.idea.url}#comments")


def _label(idea: Idea, parent: Comment | None) -> Label | None:
    return labels_of(idea.campaign, {parent.author_id}).get(parent.author_id) if parent else None
