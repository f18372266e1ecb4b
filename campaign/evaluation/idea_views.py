"""The evaluation of one idea: a reviewer's card, and what all of them come to beside what participants say; and its way back to its authors."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.heading import around
from campaign.campaigns.sealing import counts_shown
from campaign.errors import NotThere
from campaign.evaluation.access import idea_in_talk_for, idea_to_evaluate_for, is_asked
from campaign.evaluation.assigning import assign, reviewers_of, take_assignments_back
from campaign.evaluation.clarifying import (
    answer_clarification,
    clarifications_of,
    open_clarification,
    resume,
    send_back,
)
from campaign.evaluation.criteria import scorecard_of
from campaign.evaluation.forms import QuestionForm, ReplyForm, ReviewersForm, card_form
from campaign.evaluation.models import Card, Reviewing
from campaign.evaluation.results import Result, no_conflict, results_of, sight_of
from campaign.evaluation.scoring import card_of, save_card
from campaign.evaluation.views import bp
from campaign.extensions import db
from campaign.feedback.summary import feedback_on, marks_of
from campaign.forms import Form, Page, ask, asks_first
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import Idea
from campaign.statuses.access import may_set


@bp.route("/ideas/<id:idea_id>/evaluation", methods=["GET", "POST"])
@login_required
def card(idea_id: int) -> ResponseReturnValue:
    idea, rights = idea_to_evaluate_for(current_user, idea_id)
    campaign, scorecard = idea.campaign, scorecard_of(idea.campaign)
    own = card_of(idea, current_user, scorecard) if scorecard else None
    asked = scorecard is not None and "evaluate" in rights and is_asked(current_user, idea)
    form = card_form(scorecard, own) if scorecard and asked else Form()
    sight, shown = sight_of(current_user, campaign, scorecard), counts_shown(campaign, current_user)
    seen = scorecard is not None and sight.sees(idea.id)
    manages = "manage" in rights
    page = ask(
        "evaluation/card.html",
        form,
        idea=idea,
        rights=rights,
        scorecard=scorecard,
        own=own,
        asked=asked,
        writes=asked and not idea.is_by(current_user) and not idea.withdrawn and not (own and own.is_submitted),
        result=results_of(scorecard, [idea.id]).get(idea.id, Result()) if scorecard and seen else None,
        cards=_cards(idea, scorecard.id) if scorecard and seen else [],
        marks=marks_of(idea) if shown else None,
        opinions=feedback_on(idea, shown, 5),
        sealed=not shown,
        reviewing=_reviewing(idea) if manages else [],
        more=ReviewersForm([person for person in reviewers_of(campaign) if person.id not in idea.author_ids])
        if manages
        else None,
        may_place=may_set(rights),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not asked:
        raise NotThere
    read, form.read.data = form.read.data, str(scorecard.number if scorecard else 0)
    if not form.validate():
        form.read.data = read
        return page(), 422
    submit = request.form.get("then") == "submit"
    save_card(idea, current_user, int(read) if read and read.isdigit() and len(read) < 8 else 0, form.given, submit)
    db.session.commit()
    if submit:
        flash(_("Your card is submitted. Here is what all of you give this idea."), "good")
        return redirect(f"{idea.url}/evaluation#together")
    flash(_("Your draft is kept. Only you see it."), "good")
    return redirect(f"{idea.url}/evaluation")


@bp.post("/ideas/<id:idea_id>/evaluation/reviewers")
@login_required
def reviewers(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="manage")
    people = reviewers_of(idea.campaign)
    if gone := request.form.get("gone", ""):
        # Also somebody who evaluates no more, and was asked when they did.
        known = [*people, *(one.reviewer for one in _reviewing(idea))]
        person = next((one for one in known if str(one.id) == gone), None)
        if person is None:
            raise NotThere
        take_assignments_back(idea.campaign, current_user, person, idea)
    else:
        chosen = set(request.form.getlist("more-reviewers"))
        dealt = assign(idea.campaign, current_user, [one for one in people if str(one.id) in chosen], [idea.id])
        if dealt.short:
            flash(
                _("Somebody wasn’t asked: they wrote it, or could read cards that are submitted already."), "attention"
            )
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{idea.url}/evaluation#reviewers")


def _cards(idea: Idea, scorecard_id: int) -> list[Card]:
    """What was submitted for the idea, in the order of time. One query, and one for the marks."""
    found = db.select(Card).join(Idea, Idea.id == Card.idea_id).where(Card.idea_id == idea.id, no_conflict())
    found = found.where(Card.scorecard_id == scorecard_id, Card.submitted_at.is_not(None))
    return list(db.session.scalars(found.order_by(Card.submitted_at, Card.id)))


def _reviewing(idea: Idea) -> list[Reviewing]:
    found = db.select(Reviewing).where(Reviewing.idea_id == idea.id).options(db.joinedload(Reviewing.reviewer))
    return list(db.session.scalars(found.order_by(Reviewing.at, Reviewing.reviewer_id)))


@bp.route("/ideas/<id:idea_id>/clarification", methods=["GET", "POST"])
@login_required
def clarification(idea_id: int) -> ResponseReturnValue:
    """What is between the team and the idea's authors; what is sent from here is a question."""
    idea, asks = idea_in_talk_for(current_user, idea_id)
    form = QuestionForm()
    page = _talk(idea, asks, form, ReplyForm(formdata=None))
    if not form.is_submitted():
        return page()
    if not asks:
        raise NotThere
    if not form.validate():
        return page(), 422
    assert form.due.data is not None
    send_back(idea, current_user, form.question.data, form.due.data)
    db.session.commit()
    flash(_("The idea is with its authors. They have a mail, and can change it until you go on."), "good")
    return redirect(f"{idea.url}/clarification")


@bp.post("/ideas/<id:idea_id>/clarification/reply")
@login_required
@asks_first
def reply(idea_id: int) -> ResponseReturnValue:
    idea, asks = idea_in_talk_for(current_user, idea_id)
    if asks:
        raise NotThere
    form = ReplyForm()
    page = _talk(idea, asks, form, form)
    if not form.validate():
        return page(), 422
    answer_clarification(idea, current_user, form.reply.data)
    db.session.commit()
    flash(_("Your answer is with the team. You can still change the idea until they go on."), "good")
    return redirect(f"{idea.url}/clarification")


@bp.post("/ideas/<id:idea_id>/clarification/resumption")
@login_required
def resumption(idea_id: int) -> ResponseReturnValue:
    idea, asks = idea_in_talk_for(current_user, idea_id)
    if not asks:
        raise NotThere
    resume(idea, current_user)
    db.session.commit()
    flash(_("You go on with the idea. What the campaign says of changes holds again."), "good")
    return redirect(f"{idea.url}/clarification")


def _talk(idea: Idea, asks: bool, form: Form, answer: ReplyForm) -> Page:
    return ask(
        "evaluation/clarification.html",
        form,
        idea=idea,
        asks=asks,
        answer=answer,
        open=lambda: open_clarification(idea),
        every=lambda: clarifications_of(idea),
        **around(idea.campaign),
    )
