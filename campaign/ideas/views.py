"""Ideas: the form, the edit, the versions, the withdrawal. The idea's own page is the board's (board/views.py)."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import (
    EDITS_BY_ONE,
    IDEAS_BY_ONE,
    SIMILAR_BY_ONE,
    SIMILAR_FROM_ONE_PLACE,
    count,
    count_writing,
    place,
)
from campaign.accounts.models import Person
from campaign.bodies import takes_files
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import campaign_for, tags_named_by_team
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import labels_of
from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import in_words
from campaign.encryption import Unreadable
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import Page, ask, asks_first
from campaign.ideas.access import authored_idea_for, campaign_taking_ideas_for, idea_for, idea_for_team, own_idea_for
from campaign.ideas.actions import (
    IdeasClosed,
    check_editable,
    edit_idea,
    restore_idea,
    sent_before,
    submit_idea,
    withdraw_idea,
)
from campaign.ideas.attaching import DOCUMENTS_MAX, Attached, attached_to, turn_of
from campaign.ideas.building import check_building, idea_to_build_on, takes
from campaign.ideas.drafting import (
    attached_to_draft,
    begun_with,
    draft_of,
    draft_with_words,
    drop_draft,
    keep_with_draft,
    new_key,
    said_at_first,
    save_draft,
)
from campaign.ideas.edit_ends import edits_end, ends_of
from campaign.ideas.forms import IdeaForm, TeamTagsForm, WithdrawalForm
from campaign.ideas.guests import campaign_inviting_guests, guest_page
from campaign.ideas.listing import withdrawn_ideas
from campaign.ideas.models import Draft, Idea
from campaign.ideas.question_fields import begun_with_replies
from campaign.ideas.replies import file_for, keep_files_with_draft, told_answers
from campaign.ideas.shares import check_share, ideas_given
from campaign.ideas.similar import Similar, close_ideas, similar_ideas
from campaign.ideas.tagging import tag_as_team, withheld_from
from campaign.ideas.totals import tags_in_use
from campaign.ideas.versions import told_versions
from campaign.text import squeeze, tidy

bp = Blueprint("ideas", __name__)
bp.app_context_processor(lambda: {"in_words": in_words, "told_answers": told_answers, "edits_end": edits_end})


@bp.get("/campaigns/<slug>/ideas/new")
def new(slug: str) -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return redirect(guest_page(slug))
    campaign = campaign_for(current_user, slug)
    draft, parent = draft_of(campaign, current_user), idea_to_build_on(campaign, request.args.get("on"))
    if not takes(campaign, parent or idea_to_build_on(campaign, draft.fields.get("parent") if draft else None)):
        return _waiting(campaign)
    check_not_suspended(campaign.brand_id, current_user)
    check_share(campaign, current_user)
    begun = begun_with(draft) if draft else {"key": new_key(), "text": campaign.text.template}
    if parent is not None:
        check_building(parent, campaign, current_user)
        if draft_with_words(campaign, current_user) is None:
            begun |= {**_words_of(parent), "title": "", "parent": str(parent.id)}
        elif begun.get("parent") != str(parent.id):
            flash(_("You have begun another idea. Send it or discard it, then build on this one."), "attention")
    return _ask_idea(
        campaign, IdeaForm(campaign, author=current_user, data=begun), draft=draft_with_words(campaign, current_user)
    )()


def _waiting(campaign: Campaign) -> ResponseReturnValue:
    """The draft of somebody whose campaign takes no ideas now: to be read, copied or discarded."""
    draft = draft_with_words(campaign, current_user)
    if draft is None:
        raise IdeasClosed
    form = IdeaForm(campaign, author=current_user, data=begun_with(draft))
    attached = attached_to_draft(draft)
    return render_template("ideas/waiting.html", form=form, draft=draft, attached=lambda: attached, **around(campaign))


@bp.post("/campaigns/<slug>/ideas/new")
@login_required
@asks_first
@takes_files
def submit(slug: str) -> ResponseReturnValue:
    campaign, person = campaign_for(current_user, slug), current_user
    form = IdeaForm(campaign, author=person)
    _ask_idea(campaign, form)
    with turn_of(person, form.brings_files):
        return _submit(campaign, person, form)


def _submit(campaign: Campaign, person: Person, form: IdeaForm) -> ResponseReturnValue:
    if sent := sent_before(person, form.key.data):
        if said_at_first(sent, form.title.data, form.text.data):
            return redirect(sent.url)
        form.key.data = new_key()  # Somebody went back to the page of an idea to send another one.
    if not takes(campaign, form.built_on):
        raise IdeasClosed  # Once the page is there that gives the words back.
    draft = save_draft(campaign, person, form.key.data, form.as_typed, form.questions.typed)
    attached = attached_to_draft(draft, request.form)
    keep_with_draft(draft, attached)
    db.session.commit()
    if form.questions.take_in(by=person):
        db.session.commit()
    refusals = attached.take_in(campaign, form.chosen_pictures, form.chosen_documents, by=person)
    # Anew: meanwhile a second click may have sent the idea, and dropped the draft.
    draft = save_draft(campaign, person, form.key.data, form.as_typed, form.questions.typed)
    keep_with_draft(draft, attached)
    keep_files_with_draft(draft, form.questions.files)
    db.session.commit()
    act = request.form.get("act")
    described = [form.description_of(image).validate(form) for image in attached.described]
    if act == "save" and not refusals and not form.questions.refused and all(described):
        flash(_("Your draft is kept. Come back to it whenever you like."), "good")
        return redirect(request.path)
    valid = form.validate() and not refusals
    for refusal in refusals:
        form.refuse(refusal)
    # Shown once: whoever has seen what is nearly the same may send theirs all the same.
    close = close_ideas(campaign, form.title.data) if valid else []
    close = [one for one in close if one.idea != form.built_on]  # They know that one.
    unseen = {one.idea.id for one in close} - form.seen_ideas
    if not valid or act == "preview" or unseen:
        page = _ask_idea(campaign, form, preview=valid and act == "preview", similar=close if unseen else [])
        return page(), 200 if valid and act == "preview" else 422
    count_writing(IDEAS_BY_ONE, "idea", person.id, campaign.brand_id)
    idea = submit_idea(
        campaign,
        person,
        form.title.data,
        form.text.data,
        language=form.language.data,
        category=form.chosen_category,
        tags=form.tag_names,
        images=[image for image, _alt in attached.staying_pictures],
        documents=attached.staying_documents,
        key=form.key.data,
        licence=form.licence.data or None,
        agreement=form.agreement,
        origin=form.origin,
        builds_on=form.source,
        received=form.given,
        replies=form.questions.given,
        parent=form.built_on,
    )
    drop_draft(campaign, person)
    db.session.commit()
    if idea.unseen:
        flash(_("Thank you! A moderator reads your idea before it is on the board."), "good")
    else:
        flash(_("Your idea is on the board. Thank you!"), "good")
    _tell_withheld(idea, form)
    return redirect(idea.url)


@bp.post("/campaigns/<slug>/draft")
@login_required
def autosave(slug: str) -> ResponseReturnValue:
    campaign = campaign_taking_ideas_for(current_user, slug)
    form = IdeaForm(campaign, author=current_user)
    if not takes(campaign, form.built_on):
        raise IdeasClosed
    sent = sent_before(current_user, form.key.data)
    if sent is None or not said_at_first(sent, form.title.data, form.text.data):
        key = new_key() if sent else form.key.data
        save_draft(campaign, current_user, key, form.as_typed, form.questions.typed)
        db.session.commit()
    return jsonify(ok=True)


@bp.post("/campaigns/<slug>/ideas/similar")
def similar(slug: str) -> ResponseReturnValue:
    if current_user.is_authenticated:
        campaign = campaign_taking_ideas_for(current_user, slug)
        count(SIMILAR_BY_ONE, "similar", str(current_user.id))
    else:
        campaign = campaign_inviting_guests(current_user, slug)
        count(SIMILAR_FROM_ONE_PLACE, "similar.place", place())
    found = similar_ideas(campaign, squeeze(request.form.get("title")), tidy(request.form.get("text")))
    return render_template("ideas/_similar.html", similar=found, campaign=campaign)


@bp.post("/campaigns/<slug>/draft/removal")
@login_required
def discard(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    drop_draft(campaign, current_user)
    db.session.commit()
    flash(_("Your draft is gone."), "good")
    return redirect(campaign.url)


@bp.route("/ideas/<id:idea_id>/edit", methods=["GET", "POST"])
@login_required
@takes_files
def edit(idea_id: int) -> ResponseReturnValue:
    idea = authored_idea_for(current_user, idea_id)
    if request.method == "GET":
        check_editable(idea, by_author=True)
    begun = {**_words_of(idea), **begun_with_replies(idea, current_user)}
    form = IdeaForm(idea.campaign, editor=current_user, data=begun)
    attached = attached_to(idea, current_user, request.form)
    page = _ask_idea(idea.campaign, form, idea=idea, attached=lambda: attached)
    if not form.is_submitted():
        return page()
    with turn_of(current_user, form.brings_files):
        return _edit(idea, form, attached, page)


def _edit(idea: Idea, form: IdeaForm, attached: Attached, page: Page) -> ResponseReturnValue:
    check_editable(idea, by_author=True)  # Once the page is there that gives the words back.
    check_not_suspended(idea.campaign.brand_id, current_user)
    # Kept before the rest is known to be right, so that nobody chooses them twice.
    if form.questions.take_in(by=current_user):
        db.session.commit()
    refusals = attached.take_in(idea.campaign, form.chosen_pictures, form.chosen_documents, by=current_user)
    db.session.commit()
    for image in attached.described:
        form.description_of(image)
    valid = form.validate()
    for refusal in refusals:
        form.refuse(refusal)
    if refusals or not valid:
        return page(), 422
    count_writing(EDITS_BY_ONE, "idea.edit", current_user.id)
    edit_idea(
        idea,
        current_user,
        form.title.data,
        form.text.data,
        language=form.language.data,
        category=form.chosen_category,
        tags=form.tag_names,
        pictures=attached.staying_pictures,
        documents=attached.staying_documents,
        read=request.form.get("version", type=int),
        replies=form.questions.given,
        agreement=form.agreement,
    )
    db.session.commit()
    flash(_("Your changes are on the board."), "good")
    _tell_withheld(idea, form)
    return redirect(idea.url)


def _tell_withheld(idea: Idea, form: IdeaForm) -> None:
    for name in withheld_from(idea.campaign, form.tag_names, has=idea.tags):
        flash(_("The tag “%(tag)s” is given by the team only, so your idea goes without it.", tag=name), "attention")


@bp.route("/ideas/<id:idea_id>/tags", methods=["GET", "POST"])
@login_required
def team_tags(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="moderate")
    form = TeamTagsForm(idea.campaign, data={"tags": [tag.slug for tag in idea.tags if tag.staff_only]})
    page = ask("ideas/tags.html", form, idea=idea, **around(idea.campaign))
    if not form.is_submitted():
        return page()
    tag_as_team(idea, current_user, form.chosen)
    db.session.commit()
    flash(_("The tags are on the idea."), "good")
    return redirect(idea.url)


@bp.get("/ideas/<id:idea_id>/versions")
def versions(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    steps = told_versions(idea)
    hands = {person for step in steps for person in (step["version"].editor_id, step["version"].amender_id) if person}
    labels = labels_of(idea.campaign, hands)
    return render_template("ideas/versions.html", idea=idea, steps=steps, labels=labels, **around(idea.campaign))


@bp.get("/ideas/<id:idea_id>/answers/<id:question_id>")
def answer_file(idea_id: int, question_id: int) -> ResponseReturnValue:
    file = file_for(current_user, idea_for(current_user, idea_id), question_id)
    try:
        data = BytesIO(file.read())
    except Unreadable:
        raise NotThere from None
    # It may hold scripts, so it is taken away and never opened as a page of ours; and asked for again each time.
    response = send_file(data, mimetype="application/pdf", as_attachment=True, download_name=file.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/campaigns/<slug>/withdrawn")
def withdrawn(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    expired = "expired" in request.args
    ideas = withdrawn_ideas(campaign, expired)
    return render_template("ideas/withdrawn.html", ideas=ideas, expired=expired, **around(campaign))


@bp.route("/ideas/<id:idea_id>/withdrawal", methods=["GET", "POST"])
@login_required
def withdraw(idea_id: int) -> ResponseReturnValue:
    idea, form = own_idea_for(current_user, idea_id), WithdrawalForm()
    page = ask("ideas/withdraw.html", form, idea=idea, **around(idea.campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    withdraw_idea(idea, current_user, form.reason.data)
    db.session.commit()
    flash(_("Your idea is off the board."), "good")
    return redirect(idea.url)


@bp.post("/ideas/<id:idea_id>/withdrawal/undo")
@login_required
def restore(idea_id: int) -> ResponseReturnValue:
    idea = own_idea_for(current_user, idea_id)
    restore_idea(idea, current_user)
    db.session.commit()
    flash(_("Your idea is on the board again."), "good")
    return redirect(idea.url)


def _ask_idea(
    campaign: Campaign,
    form: IdeaForm,
    idea: Idea | None = None,
    preview: bool = False,
    attached: Callable[[], Attached] | None = None,
    draft: Draft | None = None,
    similar: Sequence[Similar] = (),
) -> Page:
    return ask(
        "ideas/edit.html" if idea else "ideas/new.html",
        form,
        idea=idea,
        edit_ends=ends_of(idea) if idea else [],
        preview=preview,
        draft=draft,
        similar=similar,
        # Asked for when the page is made: what was uploaded is kept even where the rest is refused.
        attached=attached or (lambda: attached_to_draft(draft_of(campaign, current_user))),
        documents_max=DOCUMENTS_MAX,
        known_tags=[tag.name for tag in tags_in_use(campaign)],
        given=ideas_given(campaign, current_user) if campaign.ideas_each else 0,
        offered_tags=[tag.name for tag in tags_named_by_team(campaign) if not tag.staff_only],
        **around(campaign),
    )


def _words_of(idea: Idea) -> dict[str, Any]:
    """What everybody reads of it, as a form begins with it. What its authors answered to questions is theirs."""
    return {
        "title": idea.title,
        "text": idea.text,
        "category": idea.category.slug if idea.category else "",
        "tags": ", ".join(tag.name for tag in idea.tags if not tag.staff_only),
        "language": idea.language,
    }
