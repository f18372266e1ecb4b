"""Asking to be told what becomes of an idea, and ending it: on the idea's page, and from each mail."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.extensions import csrf, db
from campaign.ideas.access import idea_for
from campaign.ideas.following import Following, end_following, follow, read_ending, unfollow

bp = Blueprint("following", __name__)


@bp.post("/ideas/<id:idea_id>/following")
@login_required
def begin(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    follow(current_user, idea)
    db.session.commit()
    flash(_("You will be told when it is answered, when the outcome comes, or when it is taken back."), "good")
    return redirect(f"{idea.url}#following")


@bp.post("/ideas/<id:idea_id>/following/end")
@login_required
def end(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    unfollow(current_user, Following.idea_id == idea.id)
    db.session.commit()
    flash(_("You get no more mails about this idea."), "good")
    return redirect(f"{idea.url}#following")


@bp.get("/following/<token>")
def ending(token: str) -> ResponseReturnValue:
    """Asks first: programs that look at mails follow their links."""
    _person, campaign, idea = read_ending(token)
    return render_template("ideas/following_end.html", campaign=campaign, brand=campaign.brand, idea=idea, over=False)


@bp.post("/following/<token>")
@csrf.exempt  # Mail programs send it at one press, without our page; the token says whose wish it is.
def ended(token: str) -> ResponseReturnValue:
    _person, campaign, idea = read_ending(token)
    end_following(token)
    db.session.commit()
    return render_template("ideas/following_end.html", campaign=campaign, brand=campaign.brand, idea=idea, over=True)
