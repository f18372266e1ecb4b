"""What a team writes down for people who were not at a screen, and what everybody reads of it."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.rules import standing_rules
from campaign.campaigns.sealing import counts_shown
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.drafting import new_key
from campaign.ideas.recorded import HOWS
from campaign.represented.access import (
    idea_to_record_on,
    recorded_vote_for,
    recorders_of,
    recording_for,
    votes_recorded,
)
from campaign.represented.actions import check_takes_paper, record_idea, record_vote, take_back_recorded, take_paper
from campaign.represented.forms import RecordIdeaForm, RecordVoteForm, TakingBackForm

bp = Blueprint("represented", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(RECORDED_HOWS=HOWS))


@bp.get("/campaigns/<slug>/on-paper")
def overview(slug: str) -> str:
    """Who wrote down how much: for everybody; and for who manages the campaign, where to go on."""
    campaign = campaign_for(current_user, slug)
    shown = counts_shown(campaign, current_user)
    return render_template(
        "represented/overview.html",
        rule=campaign.paper_since,
        # Under seal not even that somebody recorded a vote.
        recorders=[one for one in recorders_of(campaign) if shown or one.ideas],
        shown=shown,
        frozen=any(stage.first_ballot_at for stage in campaign.stages),
        **around(campaign),
    )


@bp.post("/campaigns/<slug>/on-paper")
@login_required
def choose(slug: str) -> ResponseReturnValue:
    campaign = recording_for(current_user, slug)
    take_paper(campaign, current_user, request.form.get("takes") == "yes")
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/on-paper")


@bp.route("/campaigns/<slug>/on-paper/new-idea", methods=["GET", "POST"])
@login_required
def idea(slug: str) -> ResponseReturnValue:
    campaign = recording_for(current_user, slug)
    check_takes_paper(campaign)
    form = RecordIdeaForm(campaign, standing_rules(campaign), data={"key": new_key(), "how": "paper"})
    page = ask("represented/idea.html", form, **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    recorded = record_idea(
        campaign,
        current_user,
        form.given,
        form.title.data,
        form.text.data or "",
        key=form.key.data or new_key(),
        category=form.chosen_category,
        contact=form.contact.data or "",
        **form.declared,
    )
    db.session.commit()
    flash(_("The idea is on the board, under their name and signed by you."), "good")
    return redirect(recorded.url)


@bp.route("/ideas/<id:idea_id>/on-paper", methods=["GET", "POST"])
@login_required
def votes(idea_id: int) -> ResponseReturnValue:
    """Record a vote, and see what was recorded: while counts are sealed, one's own only."""
    idea = idea_to_record_on(current_user, idea_id)
    check_takes_paper(idea.campaign)
    form = RecordVoteForm(data={"key": new_key(), "how": "paper"})
    shown = counts_shown(idea.campaign, current_user)
    page = ask(
        "represented/votes.html",
        form,
        idea=idea,
        shown=shown,
        recorded=lambda: votes_recorded(idea, None if shown else current_user),
        **around(idea.campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    record_vote(idea, current_user, form.given, (form.key.data or new_key())[:50])
    db.session.commit()
    flash(_("The vote is recorded, and counts."), "good")
    return redirect(f"{idea.url}/on-paper")


@bp.route("/recorded-votes/<id:vote_id>/removal", methods=["GET", "POST"])
@login_required
def removal(vote_id: int) -> ResponseReturnValue:
    vote = recorded_vote_for(current_user, vote_id)
    form = TakingBackForm()
    page = ask("represented/removal.html", form, vote=vote, idea=vote.idea, **around(vote.idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    take_back_recorded(vote, current_user, form.why.data or "")
    db.session.commit()
    flash(_("The vote is taken back."), "good")
    return redirect(f"{vote.idea.url}/on-paper")
