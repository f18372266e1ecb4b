"""Votes by form and by fetch."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from markupsafe import Markup, escape

from campaign.accounts.access import local_path
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import labels_of
from campaign.errors import SignInFirst, wants_json
from campaign.extensions import db
from campaign.forms import Form, ask
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.ideas.versions import attached_between, differences
from campaign.votes.access import votes_of
from campaign.votes.ballot_box import ballot_key, deposit, version_read
from campaign.votes.confirming import confirm_vote, rereading_of
from campaign.votes.returning import note_read
from campaign.votes.supporters import PAGE, supporters_of

bp = Blueprint("votes", __name__)


class SignInToVote(SignInFirst):
    """Who wanted to vote comes back to the idea, which offers them that vote: also by a link in a mail, on another device."""

    message = _l("Sign in first. Your vote is then one click away.")

    def __init__(self, idea_id: int) -> None:
        super().__init__(onwards=f"/ideas/{idea_id}?vote=wanted")


@bp.post("/ideas/<id:idea_id>/vote")
def cast(idea_id: int) -> ResponseReturnValue:
    if not current_user.is_authenticated:
        raise SignInToVote(idea_id)
    return _vote("cast", idea_id)


@bp.post("/ideas/<id:idea_id>/vote/withdrawal")
@login_required
def withdraw(idea_id: int) -> ResponseReturnValue:
    return _vote("withdraw", idea_id)


@bp.get("/ideas/<id:idea_id>/supporters")
def supporters(idea_id: int) -> ResponseReturnValue:
    """Everybody who supports an idea by name."""
    idea = idea_for(current_user, idea_id)
    found = supporters_of(idea, current_user, PAGE, request.args.get("from"))
    people = {person.id for person in found.people} if found else set()
    return render_template(
        "votes/supporters.html",
        idea=idea,
        found=found,
        votes=idea.votes if found else None,
        first="from" not in request.args,
        labels=labels_of(idea.campaign, people),
        **around(idea.campaign),
    )


@bp.route("/ideas/<id:idea_id>/vote/confirmation", methods=["GET", "POST"])
@login_required
def confirm(idea_id: int) -> ResponseReturnValue:
    """See what changed since one supported an idea, and stand by the vote."""
    idea, form = idea_for(current_user, idea_id), Form()
    reading = rereading_of(current_user, idea)
    if reading is None:
        if form.is_submitted():
            _tell_confirmed(idea)
        return redirect(idea.url)
    voted, present = ((version.title, version.text) for version in (reading.voted, reading.present))
    page = ask(
        "ideas/confirm.html",
        form,
        idea=idea,
        reading=reading,
        told=differences(((voted, present),))[0],
        attached=attached_between(reading.voted, reading.present),
        **around(idea.campaign),
    )
    if not form.validate_on_submit():
        return page()
    confirm_vote(idea, current_user, request.form.get("read", type=int))
    db.session.commit()
    _tell_confirmed(idea)
    return redirect(idea.url)


def _tell_confirmed(idea: Idea) -> None:
    """What is true now: the vote may have been taken back meanwhile, in another window, and the idea by its author."""
    if not idea.withdrawn and votes_of(current_user, [idea.id]).get(idea.id) is False:
        flash(_("Your vote is confirmed."), "good")
    else:
        flash(_("There is no vote of yours on this idea now, so nothing was confirmed."), "attention")


def _vote(act: str, idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    read = version_read(request.values.get("version", type=int))
    named = request.form.get("named") == "1"
    receipt = deposit(act, idea, current_user, ballot_key(request.values.get("id")), read, named)
    if wants_json():
        return jsonify(ok=True, receipt=receipt.as_json())
    # What is true now: the form may have come from a page that its reader had left.
    kept = votes_of(current_user, [idea.id])
    # Where no script asks it in passing, the question stands on the idea's page.
    asked = Markup('<a href="{}">{}</a>').format(f"{idea.url}#following", _("Tell me what happens"))
    why = Markup('<a href="{}">{}</a>').format(f"{idea.url}#reasons", _("Say why"))
    flash(
        escape(_("Your vote is stored.")) + " " + why + " " + asked if kept else _("Your vote is taken back."), "good"
    )
    back = local_path(request.form.get("next")) or idea.url
    # To the card where one was, not to the top of a long list.
    return redirect(back if back.startswith(idea.url) else f"{back.partition('#')[0]}#idea-{idea.id}")


@bp.post("/profile/votes/returned")
@login_required
def read_returned() -> ResponseReturnValue:
    """The notices on the page of one's votes were read."""
    told = [idea for idea in request.form.getlist("idea") if idea.isascii() and idea.isdigit() and len(idea) < 10]
    note_read(current_user, [int(idea) for idea in told[:50]])
    db.session.commit()
    return redirect("/profile/votes")
