"""A manager declares what somebody has from the brand: at an idea, a remark or feedback of theirs, which is where they are met."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.models import Person
from campaign.amendments.models import Amendment
from campaign.campaigns.access import may_on
from campaign.campaigns.incentive_form import IncentiveForm
from campaign.campaigns.incentives import GIVEN, declare_incentive, labels_of
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.access import comment_for, giver_of
from campaign.feedback.listing import page_of
from campaign.feedback.models import Comment, Feedback
from campaign.forms import ask
from campaign.ideas.access import idea_for_team
from campaign.ideas.models import CoAuthor, Idea
from campaign.live import announce
from campaign.live.news import CARDS

bp = Blueprint("incentives", __name__)


@bp.route("/ideas/<id:idea_id>/incentive", methods=["GET", "POST"])
@login_required
def of_idea(idea_id: int) -> ResponseReturnValue:
    idea = idea_for_team(current_user, idea_id, to="manage")
    meant = request.args.get("author", type=int)
    person = idea.author if meant is None else giver_of(idea, meant)
    if person is None:
        raise NotThere
    return _declare(idea.campaign, person, idea.url if meant is None else f"{idea.url}/feedback", idea.title)


@bp.route("/comments/<id:comment_id>/incentive", methods=["GET", "POST"])
@login_required
def of_comment(comment_id: int) -> ResponseReturnValue:
    comment = comment_for(current_user, comment_id)
    if not may_on(current_user, "manage", comment.idea.campaign):
        raise NotThere
    at = f"{page_of(comment)}#comment-{comment.id}"
    return _declare(comment.idea.campaign, comment.author, at, comment.idea.title)


def _declare(campaign: Campaign, person: Person, back: str, title: str) -> ResponseReturnValue:
    label = labels_of(campaign, {person.id}).get(person.id)
    given = label if label and label.kind in GIVEN else None
    form = IncentiveForm(data={"kind": given.kind, "what": given.what} if given else None)
    page = ask(
        "campaigns/incentive.html",
        form,
        campaign=campaign,
        brand=campaign.brand,
        person_named=person,
        above={"label": title, "url": back},
        may_manage=True,
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    if declare_incentive(campaign, person, form.kind.data, form.what.data, by=current_user):
        _show_anew(campaign, person)
    db.session.commit()
    flash(_("Declared. It stands beside what they gave."), "good")
    return redirect(back)


def _show_anew(campaign: Campaign, person: Person) -> None:
    """Let whoever watches see the label: on the person's ideas, and on those on which they said or proposed something."""
    said = db.select(Comment.idea_id).where(Comment.author_id == person.id)
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == person.id)
    amended = db.select(Amendment.idea_id).where(Amendment.author_id == person.id)
    judged = db.select(Feedback.idea_id).where(Feedback.author_id == person.id)
    anywhere = db.or_(Idea.author_id == person.id, *(Idea.id.in_(which) for which in (joined, said, judged, amended)))
    theirs = db.select(Idea.id).where(Idea.campaign_id == campaign.id, anywhere)
    # A board tells so many one by one; of more, the rest is seen with the next look at the page.
    announce(campaign.board, "incentive.declared", ideas=list(db.session.scalars(theirs.limit(CARDS))))
