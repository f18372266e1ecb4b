"""Votes by form and by fetch."""

from flask import Blueprint, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.access import local_path
from campaign.errors import BadRequest, wants_json
from campaign.ideas.access import idea_for
from campaign.votes.actions import cast_vote, withdraw_vote
from campaign.votes.ballot_box import Act, drop

bp = Blueprint("votes", __name__)


@bp.post("/ideas/<int:idea_id>/vote")
@login_required
def cast(idea_id: int) -> ResponseReturnValue:
    return _vote(cast_vote, idea_id)


@bp.post("/ideas/<int:idea_id>/vote/withdrawal")
@login_required
def withdraw(idea_id: int) -> ResponseReturnValue:
    return _vote(withdraw_vote, idea_id)


def _vote(act: Act, idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    receipt = drop(act, idea, current_user, ballot_key(request.values.get("id")))
    if wants_json():
        return jsonify(ok=True, receipt=receipt.as_json())
    flash(_("Your vote is stored.") if receipt.act == "cast" else _("Your vote is taken back."), "good")
    return redirect(local_path(request.form.get("next")) or idea.url)


def ballot_key(text: object) -> str:
    """The id that the voter's device gave to this act: 8 to 64 characters."""
    if not isinstance(text, str) or not 8 <= len(text) <= 64 or not text.isascii() or not text.isprintable():
        raise BadRequest
    return text
