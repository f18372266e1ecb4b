"""The same as…: saying so, a moderator's yes and no, the undo, stepping out, and retiring one's idea."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.heading import around, way_back
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import Form, ask
from campaign.ideas.access import idea_for, idea_for_team, own_idea_for
from campaign.merging.access import (
    choosable,
    merged_vote_of,
    merges_of,
    note_moved_read,
    other_idea_for,
    pair_of,
    union_of,
    waiting_pairs,
)
from campaign.merging.actions import merge_ideas, step_out, undo_merge
from campaign.merging.checks import why_votes_stay
from campaign.merging.forms import ApartForm, MergeForm, OtherForm, UndoForm
from campaign.merging.proposing import leave_apart, propose_duplicate
from campaign.merging.retiring import retire_idea
from campaign.text import squeeze
from campaign.votes.access import votes_of

bp = Blueprint("merging", __name__)


@bp.route("/ideas/<id:idea_id>/same", methods=["GET", "POST"])
@login_required
def same(idea_id: int) -> ResponseReturnValue:
    idea, form, query = idea_for(current_user, idea_id), OtherForm(), squeeze(request.args.get("q"))[:200]
    check_not_suspended(idea.campaign.brand_id, current_user)
    page = ask(
        "merging/same.html",
        form,
        idea=idea,
        query=query,
        found=lambda: choosable(idea, query),
        may_merge=may_on(current_user, "moderate", idea.campaign) and not idea.is_by(current_user),
        back=way_back(idea.campaign),
        **around(idea.campaign),
    )
    if not form.validate_on_submit():
        return page()
    other = other_idea_for(current_user, idea, form.other.data)
    count_writing(EDITS_BY_ONE, "duplicate", current_user.id)
    propose_duplicate(idea, other, current_user)
    db.session.commit()
    flash(_("Thank you. Somebody of the team will look at the two, and decide."), "good")
    return redirect(way_back(idea.campaign) or idea.url)


@bp.route("/ideas/<id:idea_id>/merging", methods=["GET", "POST"])
@login_required
def merge(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="moderate")
    other, form = other_idea_for(current_user, idea, request.args.get("with")), MergeForm()
    back = way_back(idea.campaign)
    if not form.is_submitted() and (idea.withdrawn or other.withdrawn):
        return redirect(back or idea.url)  # Merged already, here or by somebody else, or taken back.
    page = ask(
        "merging/merge.html",
        form,
        idea=idea,
        other=other,
        pair=pair_of(idea, other),
        union=lambda: union_of(idea, other),
        why_not=lambda: why_votes_stay(idea.campaign, (idea, other), current_user),
        back=back,
        **around(idea.campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    merge_ideas(idea, other, current_user, form.reason.data)
    db.session.commit()
    flash(_("Merged. Its supporters are told by mail."), "good")
    return redirect(back or other.url)


@bp.route("/ideas/<id:idea_id>/merging/undo", methods=["GET", "POST"])
@login_required
def undo(idea_id: int) -> ResponseReturnValue:
    idea, form = idea_for_team(current_user, idea_id, to="moderate"), UndoForm()
    into = idea.merged_into
    if into is None:
        return redirect(idea.url)  # Undone already.
    page = ask(
        "merging/undo.html",
        form,
        idea=idea,
        into=into,
        why_not=lambda: why_votes_stay(idea.campaign, (idea, into), current_user),
        **around(idea.campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    undo_merge(idea, current_user, form.reason.data)
    db.session.commit()
    flash(_("They are two ideas again, each with its votes. Their supporters are told by mail."), "good")
    return redirect(idea.url)


@bp.route("/ideas/<id:idea_id>/moved", methods=["GET", "POST"])
@login_required
def moved(idea_id: int) -> ResponseReturnValue:
    """What became of one's vote when the idea was merged; and the way out."""
    idea, form = idea_for(current_user, idea_id), Form()
    into = idea.merged_into
    if into is None:
        return redirect(idea.url)
    page = ask(
        "merging/moved.html",
        form,
        idea=idea,
        into=into,
        theirs=lambda: merged_vote_of(current_user, idea),
        supports=lambda: into.id in votes_of(current_user, [into.id]),
        **around(idea.campaign),
    )
    if not form.validate_on_submit():
        return page()
    step_out(idea, current_user)
    db.session.commit()
    flash(_("Your vote is taken back. You can give it to any idea."), "good")
    return redirect(f"{idea.url}/moved")


@bp.post("/profile/votes/moved")
@login_required
def read_moved() -> ResponseReturnValue:
    """The notices on the page of one's votes were read."""
    said = request.form.getlist("merge")
    note_moved_read(current_user, [int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 10][:50])
    db.session.commit()
    return redirect("/profile/votes")


@bp.get("/campaigns/<slug>/duplicates")
@login_required
def duplicates(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="moderate")
    page = ask(
        "merging/duplicates.html",
        Form(),
        is_own=lambda *ideas: any(idea.is_by(current_user) for idea in ideas),
        pairs=waiting_pairs(campaign),
        merges=merges_of(campaign),
        **around(campaign),
    )
    return page()


@bp.route("/ideas/<id:idea_id>/same/<id:other_id>/declining", methods=["GET", "POST"])
@login_required
def decline(idea_id: int, other_id: int) -> ResponseReturnValue:
    idea, form = idea_for_team(current_user, idea_id, to="moderate"), ApartForm()
    pair = pair_of(idea, other_idea_for(current_user, idea, other_id))
    if pair is None:
        raise NotThere
    own = pair.first.is_by(current_user) or pair.second.is_by(current_user)
    page = ask("merging/decline.html", form, pair=pair, own=own, **around(idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    leave_apart(pair, current_user, form.reason.data)
    db.session.commit()
    flash(_("They stay two ideas. Whoever proposed it has a mail with your reason."), "good")
    return redirect(f"{idea.campaign.url}/duplicates")


@bp.route("/ideas/<id:idea_id>/retirement", methods=["GET", "POST"])
@login_required
def retire(idea_id: int) -> ResponseReturnValue:
    idea, query = own_idea_for(current_user, idea_id), squeeze(request.args.get("q"))[:200]
    chosen, form = request.args.get("for"), MergeForm()
    into = other_idea_for(current_user, idea, chosen) if chosen else None
    if not form.is_submitted() and idea.withdrawn:
        return redirect(idea.url)
    page = ask(
        "merging/retire.html",
        form,
        idea=idea,
        into=into,
        query=query,
        found=lambda: choosable(idea, query),
        **around(idea.campaign),
    )
    if into is None or not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    retire_idea(idea, into, current_user, form.reason.data)
    db.session.commit()
    flash(_("Your idea is retired. Its supporters are asked whether they support the other."), "good")
    return redirect(idea.url)
