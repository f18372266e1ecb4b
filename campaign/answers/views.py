from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.answers.access import colleagues_on, idea_to_answer_for
from campaign.answers.actions import answer_idea, draft_of, versions_of
from campaign.answers.assigning import assign, assignment_of, stamp_of_assignment
from campaign.answers.clock import due_at
from campaign.answers.drafting import drop_draft, keep_draft
from campaign.answers.forms import AnswerForm, AssignmentForm
from campaign.answers.models import AnswerDraft, stamp_of
from campaign.answers.templates import filled, template_in, templates_of
from campaign.campaigns.heading import around, way_back
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for, idea_for_team
from campaign.ideas.models import Idea
from campaign.ideas.versions import differences

bp = Blueprint("answers", __name__)


@bp.route("/ideas/<id:idea_id>/answer", methods=["GET", "POST"])
@login_required
def answer(idea_id: int) -> ResponseReturnValue:
    idea = idea_to_answer_for(current_user, idea_id)
    back = way_back(idea.campaign)
    given, draft = idea.answer, draft_of(idea)
    form = AnswerForm(given or draft or _begun(idea))
    page = ask(
        "answers/edit.html",
        form,
        idea=idea,
        answer=given,
        kept=lambda: draft_of(idea),
        due=due_at(idea),
        templates=lambda: [] if given else templates_of(idea.campaign.brand),
        back=back,
        **around(idea.campaign),
    )
    read, form.read.data = form.read.data or "", stamp_of(given, draft)  # Sent again after a refusal, it is meant.
    if not form.is_submitted():
        return page()
    if not form.validate():
        form.read.data = read
        return page(), 422
    if form.draft.data:
        keep_draft(idea, current_user, form.words, read)
        db.session.commit()
        flash(_("Your draft is kept. Your team sees it, and nobody else."), "good")
        return redirect(back or f"{idea.url}/answer")
    answer_idea(idea, current_user, form.words, read=read, tell=not form.quiet.data)
    db.session.commit()
    flash(
        _("Your answer stands under the idea.")
        if given or form.quiet.data
        else _("Your answer stands under the idea, and its author has a mail."),
        "good",
    )
    return redirect(back or f"{idea.url}#answer")


def _begun(idea: Idea) -> AnswerDraft | None:
    """An answer that begins with the template which was asked for."""
    wanted = request.args.get("template", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        return None
    template = template_in(idea.campaign.brand, int(wanted))
    return AnswerDraft(text=filled(template, idea), role="", feasible="", timing="")


@bp.post("/ideas/<id:idea_id>/answer/draft/removal")
@login_required
def removal(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="answer")
    drop_draft(idea)
    db.session.commit()
    flash(_("The draft is gone."), "good")
    return redirect(idea.url)


@bp.get("/ideas/<id:idea_id>/answer/versions")
def versions(idea_id: int) -> ResponseReturnValue:
    """All that the answer has said, for whoever reads the idea."""
    idea = idea_for(current_user, idea_id)
    found = versions_of(idea)
    if idea.answer is None or not found:
        raise NotThere
    page = {"idea": idea, **around(idea.campaign)}
    before = [found[0], *found[:-1]]
    told = differences(tuple((("", one.text), ("", other.text)) for one, other in zip(before, found, strict=True)))
    steps = [{"version": version, **each} for version, each in zip(found, told, strict=True)]
    return render_template("answers/versions.html", steps=steps[::-1], **page)


@bp.route("/ideas/<id:idea_id>/assignment", methods=["GET", "POST"])
@login_required
def assignment(idea_id: int) -> ResponseReturnValue:
    idea = idea_to_answer_for(current_user, idea_id)
    back = way_back(idea.campaign)
    present = assignment_of(idea)
    form = AssignmentForm(colleagues_on(idea.campaign, "answer"), present.person_id if present else None)
    page = ask("answers/assignment.html", form, idea=idea, due=due_at(idea), back=back, **around(idea.campaign))
    read, form.read.data = form.read.data or "", stamp_of_assignment(present)
    if not form.is_submitted():
        return page()
    if not form.validate():
        form.read.data = read
        return page(), 422
    person = form.people.get(form.person.data or "")
    assign(idea, current_user, person, read)
    db.session.commit()
    flash(
        _("It is with %(name)s now.", name=person.name) if person else _("It is left to whoever comes to it."), "good"
    )
    return redirect(back or f"{idea.url}#team")
