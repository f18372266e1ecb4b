"""The roadmap, and the page that says what people asked and the brand did: for everybody to read, and for the team to write."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import without_connection
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.filtering import Wish
from campaign.ideas.following import Following, OutcomeTold
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea
from campaign.images import ALT_MAX, Image, keep_image
from campaign.outcomes.actions import (
    PICTURES_MOST,
    TooManyPictures,
    draft_of,
    publish_outcome,
    published,
    save_draft,
    stamp_of,
    told_ideas,
)
from campaign.outcomes.forms import MilestoneForm, OutcomeForm
from campaign.outcomes.models import Outcome
from campaign.outcomes.roadmap import (
    add_milestone,
    change_milestone,
    ideas_to_link,
    milestone_in,
    remove_milestone,
    roadmap_of,
    set_milestone_done,
)
from campaign.rendering import prepare_markdown
from campaign.text import squeeze

bp = Blueprint("outcomes", __name__)


@bp.get("/campaigns/<slug>/roadmap")
def roadmap(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    after = request.args.get("from", "")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    found = roadmap_of(campaign, first)
    return render_template(
        "outcomes/roadmap.html",
        roadmap=found,
        first=first,
        today=now().date(),
        next_url=f"{campaign.url}/roadmap?from={found.cursor}" if found.cursor else None,
        **around(campaign),
    )


@bp.route("/campaigns/<slug>/roadmap/milestones/new", methods=["GET", "POST"])
@login_required
def new_milestone(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = MilestoneForm(campaign, ideas_to_link(campaign))
    page = ask("outcomes/milestone.html", form, milestone=None, **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    milestone = add_milestone(campaign, current_user, form.wanted_names, form.due.data, form.ideas.data or ())
    if form.done.data:
        set_milestone_done(milestone, current_user, True)
    return _kept(campaign)


@bp.route("/campaigns/<slug>/roadmap/milestones/<id:number>", methods=["GET", "POST"])
@login_required
def milestone(slug: str, number: int) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    there = milestone_in(campaign, number)
    form = MilestoneForm(campaign, ideas_to_link(campaign, [idea.id for idea in there.ideas]), there)
    page = ask("outcomes/milestone.html", form, milestone=there, **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    change_milestone(there, current_user, form.wanted_names, form.due.data, form.ideas.data or (), form.done.data)
    return _kept(campaign)


@bp.post("/campaigns/<slug>/roadmap/milestones/<id:number>/done")
@login_required
def milestone_done(slug: str, number: int) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    set_milestone_done(milestone_in(campaign, number), current_user, request.form.get("done") == "yes")
    return _kept(campaign)


@bp.post("/campaigns/<slug>/roadmap/milestones/<id:number>/removal")
@login_required
def milestone_removal(slug: str, number: int) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    remove_milestone(campaign, current_user, number)
    return _kept(campaign)


def _kept(campaign: Campaign) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/roadmap#milestones")


@bp.get("/campaigns/<slug>/outcome")
def outcome(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    shown = published(campaign)
    if shown is None:
        if may_on(current_user, "manage", campaign):
            return redirect(f"{campaign.url}/outcome/draft")
        raise NotThere
    return _page(campaign, shown)


@bp.get("/campaigns/<slug>/outcome/preview")
@login_required
def preview(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    draft = draft_of(campaign)
    if draft is None:
        return redirect(f"{campaign.url}/outcome/draft")
    return _page(campaign, draft, **_telling(campaign))


@bp.route("/campaigns/<slug>/outcome/draft", methods=["GET", "POST"])
@login_required
def draft(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    present = draft_of(campaign) or published(campaign)
    query = squeeze(request.args.get("q"))[:200]
    linked = {idea.id for idea in present.ideas} if present else set()
    ideas = ideas_to_link(campaign, linked)
    if query:
        there = {idea.id for idea in ideas}
        ideas += [idea for idea in list_ideas(campaign, Wish("new", query=query)).ideas if idea.id not in there]
    form = OutcomeForm(campaign, ideas, present)
    page = ask(
        "outcomes/draft.html",
        form,
        draft=draft_of(campaign),
        shown=published(campaign),
        pictures=lambda: _pictures(campaign, present),
        most=PICTURES_MOST,
        searched=query,
        **_telling(campaign),
        **around(campaign),
    )
    read, form.read.data = form.read.data, stamp_of(present)
    if not form.is_submitted():
        return page()
    if not form.validate():
        form.read.data = read
        return page(), 422
    came = _keep_pictures(form, campaign, present)
    present = draft_of(campaign) or published(campaign)
    pictures = [(image, alt) for image, alt, removed in _pictures(campaign, present) if not removed]
    pictures += [(image, "") for image in came]
    save_draft(campaign, current_user, form.wanted_texts, form.ideas.data or (), pictures, read)
    db.session.commit()
    then = request.form.get("then")
    if then == "find":
        return redirect(f"{campaign.url}/outcome/draft?{urlencode({'q': form.query.data or ''})}#ideas")
    if then == "preview":
        return redirect(f"{campaign.url}/outcome/preview")
    flash(_("The draft is kept. Only your team sees it."), "good")
    return redirect(f"{campaign.url}/outcome/draft")


@bp.post("/campaigns/<slug>/outcome/publication")
@login_required
def publication(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    publish_outcome(campaign, current_user, request.form.get("read"))
    db.session.commit()
    flash(_("The page is published."), "good")
    return redirect(f"{campaign.url}/outcome")


def _page(campaign: Campaign, shown: Outcome, **more: Any) -> str:
    code, words = shown.words
    prepare_markdown([words])
    ideas, amenders = told_ideas(shown)
    people = {person.id: person for idea in ideas for person in (*idea.authors, *amenders.get(idea.id, ()))}
    context = {
        "outcome": shown,
        "code": code,
        "words": words,
        "ideas": ideas,
        "amenders": amenders,
        "people": list(people.values()),
        "stamp": stamp_of(shown),
    }
    return render_template("outcomes/outcome.html", **context, **more, **around(campaign))


def _telling(campaign: Campaign) -> dict[str, Any]:
    """Whether those who follow were told of the outcome, and how many they are. Two queries."""
    told = db.session.get(OutcomeTold, campaign.id)
    followers = db.select(db.func.count(Following.person_id.distinct())).join(Idea, Idea.id == Following.idea_id)
    number = db.session.scalar(followers.where(Idea.campaign_id == campaign.id)) or 0
    return {"told_at": told.at if told else None, "followers": number}


def _pictures(campaign: Campaign, outcome: Outcome | None) -> list[tuple[Image, str, bool]]:
    """The pictures of the page with what they show and whether they are to go, as the form says where it was sent."""
    sent = request.method == "POST"
    gone = set(request.form.getlist("remove"))
    return [
        (
            one.image,
            squeeze(request.form.get(f"alt-{one.image_id}", one.alt))[:ALT_MAX] if sent else one.alt,
            one.image.key in gone,
        )
        for one in (outcome.pictures if outcome else ())
    ]


def _keep_pictures(form: OutcomeForm, campaign: Campaign, present: Outcome | None) -> list[Image]:
    """Take in the pictures that came with the form. Raises what refuses one, and TooManyPictures before any is read."""
    files = [file for file in form.pictures.data or () if getattr(file, "filename", "")]
    kept = sum(not removed for _image, _alt, removed in _pictures(campaign, present))
    if kept + len(files) > PICTURES_MOST:
        raise TooManyPictures
    keys: list[str] = []
    for file in files:
        with without_connection():
            keys.append(keep_image(file, current_user).key)
        db.session.commit()  # What nothing shows in a day is swept.
    return list(db.session.scalars(db.select(Image).where(Image.key.in_(keys)).order_by(Image.id))) if keys else []
