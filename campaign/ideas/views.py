"""Ideas: the form, the edit, the versions, the withdrawal. The idea's own page is the board's (board/views.py)."""

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.forms import Page, ask
from campaign.ideas.access import idea_for, idea_for_team, own_idea_for
from campaign.ideas.actions import (
    IdeasClosed,
    IdeaWithdrawn,
    TooManyPictures,
    edit_idea,
    restore_idea,
    sent_before,
    submit_idea,
    tag_as_team,
    withdraw_idea,
)
from campaign.ideas.diffing import Piece, compare
from campaign.ideas.drafting import (
    arrange,
    attach,
    draft_of,
    drop_draft,
    new_key,
    said_at_first,
    save_draft,
    waiting_pictures,
)
from campaign.ideas.forms import IdeaForm, TeamTagsForm, WithdrawalForm
from campaign.ideas.listing import tags_in_use, withdrawn_ideas
from campaign.ideas.models import Idea
from campaign.images import Image, keep_image
from campaign.threads import away_from_the_loop

VERSIONS_SHOWN = 20  # The latest; who edits more often hides nothing by it, for each says what it changed.

Words = tuple[str, str]  # A title and a text.

bp = Blueprint("ideas", __name__)


@bp.get("/campaigns/<slug>/ideas/new")
@login_required
def new(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    if not campaign.accepts_ideas:
        raise IdeasClosed
    draft = draft_of(campaign, current_user)
    begun = {**draft.fields, "key": draft.key} if draft else {"key": new_key()}
    return _ask_idea(campaign, IdeaForm(campaign, data=begun))()


@bp.post("/campaigns/<slug>/ideas/new")
@login_required
def submit(slug: str) -> ResponseReturnValue:
    campaign, person = campaign_for(current_user, slug), current_user
    if not campaign.accepts_ideas:
        raise IdeasClosed
    form = IdeaForm(campaign)
    _ask_idea(campaign, form)
    if sent := sent_before(person, form.key.data):
        if said_at_first(sent, form.title.data, form.text.data):
            return redirect(sent.url)
        form.key.data = new_key()  # Somebody went back to the page of an idea to send another one.
    draft = save_draft(campaign, person, form.key.data, form.as_typed)
    kept = dict(arrange([picture.image for picture in draft.pictures], request.form, request.form.getlist("remove")))
    draft.pictures = [picture for picture in draft.pictures if picture.image in kept]
    for picture in draft.pictures:
        picture.image.alt = kept[picture.image]
    db.session.commit()
    attach(draft, form.uploads, campaign.images_max, by=person)
    if request.form.get("act") == "save":
        flash(_("Your draft is kept. Come back to it whenever you like."), "good")
        return redirect(request.path)
    valid = form.validate()
    if not valid or request.form.get("act") == "preview":
        return _ask_idea(campaign, form, preview=valid)(), 200 if valid else 422
    idea = submit_idea(
        campaign,
        person,
        form.title.data,
        form.text.data,
        language=form.language.data,
        category=form.chosen_category,
        tags=form.tag_names,
        images=_draft_pictures(campaign),
        key=form.key.data,
    )
    drop_draft(campaign, person)
    db.session.commit()
    flash(_("Your idea is on the board. Thank you!"), "good")
    return redirect(idea.url)


@bp.post("/campaigns/<slug>/draft")
@login_required
def autosave(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    if not campaign.accepts_ideas:
        raise IdeasClosed
    form = IdeaForm(campaign)
    sent = sent_before(current_user, form.key.data)
    if sent is None or not said_at_first(sent, form.title.data, form.text.data):
        save_draft(campaign, current_user, new_key() if sent else form.key.data, form.as_typed)
        db.session.commit()
    return jsonify(ok=True)


@bp.route("/ideas/<id:idea_id>/edit", methods=["GET", "POST"])
@login_required
def edit(idea_id: int) -> ResponseReturnValue:
    idea = own_idea_for(current_user, idea_id)
    if idea.withdrawn:
        raise IdeaWithdrawn
    if not idea.campaign.accepts_ideas:
        raise IdeasClosed
    form = IdeaForm(idea.campaign, data=_as_fields(idea))
    page = _ask_idea(idea.campaign, form, idea=idea)
    if not form.is_submitted():
        return page()
    removed = request.form.getlist("remove")
    uploads = form.uploads
    if len(arrange(_pictures_of(idea), request.form, removed)) + len(uploads) > idea.campaign.images_max:
        raise TooManyPictures.of(idea.campaign.images_max)
    for upload in uploads:  # Kept before the rest is known to be right, so that nobody chooses them twice.
        g.waiting_pictures = [*g.get("waiting_pictures", []), keep_image(upload, by=current_user)]
        db.session.commit()
    if not form.validate():
        return page(), 422
    edit_idea(
        idea,
        current_user,
        form.title.data,
        form.text.data,
        language=form.language.data,
        category=form.chosen_category,
        tags=form.tag_names,
        pictures=arrange(_pictures_of(idea), request.form, removed),
        read=request.form.get("version", type=int),
    )
    db.session.commit()
    flash(_("Your changes are on the board."), "good")
    return redirect(idea.url)


@bp.route("/ideas/<id:idea_id>/tags", methods=["GET", "POST"])
@login_required
def team_tags(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="moderate")
    form = TeamTagsForm(idea.campaign, data={"tags": [tag.slug for tag in idea.tags if tag.staff_only]})
    page = ask("ideas/tags.html", form, idea=idea, campaign=idea.campaign, brand=idea.campaign.brand)
    if not form.is_submitted():
        return page()
    tag_as_team(idea, current_user, form.chosen)
    db.session.commit()
    flash(_("The tags are on the idea."), "good")
    return redirect(idea.url)


@bp.get("/ideas/<id:idea_id>/versions")
def versions(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    # Each beside the one before it; the first beside itself, as nothing came before.
    steps = list(zip([*idea.versions[:1], *idea.versions], idea.versions, strict=False))[-VERSIONS_SHOWN:]
    said = [((before.title, before.text), (after.title, after.text)) for before, after in steps]
    differences = away_from_the_loop(_differences, said)
    shown = [{"version": after, **told} for (_before, after), told in zip(steps, differences, strict=True)]
    return render_template("ideas/versions.html", idea=idea, brand=idea.campaign.brand, steps=shown[::-1])


def _differences(said: list[tuple[Words, Words]]) -> list[dict[str, list[Piece]]]:
    return [{"title": compare(old[0], new[0]), "text": compare(old[1], new[1])} for old, new in said]


@bp.get("/campaigns/<slug>/withdrawn")
def withdrawn(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    return render_template(
        "ideas/withdrawn.html", campaign=campaign, brand=campaign.brand, ideas=withdrawn_ideas(campaign)
    )


@bp.route("/ideas/<id:idea_id>/withdrawal", methods=["GET", "POST"])
@login_required
def withdraw(idea_id: int) -> ResponseReturnValue:
    idea, form = own_idea_for(current_user, idea_id), WithdrawalForm()
    page = ask("ideas/withdraw.html", form, idea=idea, brand=idea.campaign.brand)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    withdraw_idea(idea, current_user, form.reason.data)
    db.session.commit()
    flash(_("Your idea is off the board. You can put it back while the campaign takes ideas."), "good")
    return redirect(idea.url)


@bp.post("/ideas/<id:idea_id>/withdrawal/undo")
@login_required
def restore(idea_id: int) -> ResponseReturnValue:
    idea = own_idea_for(current_user, idea_id)
    restore_idea(idea, current_user)
    db.session.commit()
    flash(_("Your idea is on the board again."), "good")
    return redirect(idea.url)


def _ask_idea(campaign: Campaign, form: IdeaForm, idea: Idea | None = None, preview: bool = False) -> Page:
    return ask(
        "ideas/edit.html" if idea else "ideas/new.html",
        form,
        campaign=campaign,
        brand=campaign.brand,
        idea=idea,
        preview=preview,
        # Asked for when the page is made: pictures are kept even where the rest is refused.
        pictures=lambda: _pictures_of(idea) if idea else _draft_pictures(campaign),
        known_tags=[tag.name for tag in tags_in_use(campaign)],
    )


def _draft_pictures(campaign: Campaign) -> list[Image]:
    draft = draft_of(campaign, current_user)
    return [picture.image for picture in draft.pictures] if draft else []


def _pictures_of(idea: Idea) -> list[Image]:
    """The idea's pictures, and those that its author uploaded with this form, which may have been refused before."""
    waiting = waiting_pictures(current_user, request.form.getlist("kept"))
    return [*idea.images, *waiting, *(image for image in g.get("waiting_pictures", []) if image not in waiting)]


def _as_fields(idea: Idea) -> dict[str, str]:
    return {
        "title": idea.title,
        "text": idea.text,
        "category": idea.category.slug if idea.category else "",
        "tags": ", ".join(tag.name for tag in idea.tags if not tag.staff_only),
        "language": idea.language,
    }
