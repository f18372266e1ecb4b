"""What people do in a talk besides speaking: find a remark helpful, look for a name, and put the brand's own remark above the others."""

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import HELPFUL_BY_ONE, SIMILAR_BY_ONE, count
from campaign.brands.access import Asker
from campaign.campaigns.access import may_on
from campaign.errors import wants_json
from campaign.extensions import db
from campaign.feedback.access import remark_to_judge_for, remark_to_pin_for
from campaign.feedback.helping import Helpful, find_helpful, find_helpful_no_more, helpful_of
from campaign.feedback.listing import best_page_of, page_of
from campaign.feedback.mentioning import found_by, people_in
from campaign.feedback.models import Comment
from campaign.feedback.pinning import pin_remark, unpin_remark
from campaign.feedback.pins import standing_idea
from campaign.feedback.views import bp
from campaign.ideas.access import idea_for
from campaign.text import squeeze

PARTS = {
    "author": lambda: _("Wrote the idea"),
    "speaker": lambda: _("Takes part"),
    "team": lambda: _("Works for the brand"),
}


@bp.post("/comments/<id:comment_id>/helpful")
@login_required
def helpful(comment_id: int) -> ResponseReturnValue:
    comment = remark_to_judge_for(current_user, comment_id)
    count(HELPFUL_BY_ONE, "helpful", str(current_user.id))
    find_helpful(comment, current_user)
    db.session.commit()
    return _back_to(comment)


@bp.post("/comments/<id:comment_id>/helpful/withdrawal")
@login_required
def helpful_no_more(comment_id: int) -> ResponseReturnValue:
    comment = remark_to_judge_for(current_user, comment_id)
    count(HELPFUL_BY_ONE, "helpful", str(current_user.id))
    find_helpful_no_more(comment, current_user)
    db.session.commit()
    return _back_to(comment)


@bp.post("/comments/<id:comment_id>/pin")
@login_required
def pin(comment_id: int) -> ResponseReturnValue:
    comment = remark_to_pin_for(current_user, comment_id)
    pin_remark(comment, current_user)
    db.session.commit()
    return redirect(f"{standing_idea(comment).url}#comments")


@bp.post("/comments/<id:comment_id>/pin/removal")
@login_required
def unpin(comment_id: int) -> ResponseReturnValue:
    comment = remark_to_pin_for(current_user, comment_id)
    unpin_remark(comment, current_user)
    db.session.commit()
    return redirect(f"{standing_idea(comment).url}#comments")


@bp.get("/ideas/<id:idea_id>/remarks/people")
@login_required
def people_to_mention(idea_id: int) -> ResponseReturnValue:
    """A few of those who take part in the talk, while somebody types a name. Who took no part is never among them."""
    idea = idea_for(current_user, idea_id)
    count(SIMILAR_BY_ONE, "names", str(current_user.id))
    found = found_by(people_in(idea, current_user), squeeze(request.args.get("q"))[:80])
    answer = jsonify(people=[{"name": one.name, "part": PARTS[one.part]()} for one in found])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back_to(comment: Comment) -> ResponseReturnValue:
    if wants_json():
        said = helpful_of([comment.id], current_user).get(comment.id, Helpful())
        return jsonify(helpful=said.many, mine=said.mine)
    return redirect(f"{_page(comment, current_user)}#comment-{comment.id}")


def _page(comment: Comment, reader: Asker) -> str:
    idea = standing_idea(comment)
    if request.form.get("order") == "best":
        return best_page_of(comment, idea, reader, may_on(reader, "see", idea.campaign))
    return page_of(comment, idea)
