"""What a brand's team does with its official remark on an idea: put it above the others, and take it from there."""

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.access import keep_as_it_is
from campaign.campaigns.incentives import labels_of
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.feedback.actions import RemarkTakenBack, RemarkUnseen
from campaign.feedback.models import Comment, CommentPin
from campaign.feedback.pins import standing_idea
from campaign.history import record
from campaign.ideas.actions import why_gone
from campaign.live import announce


class NotOfficial(Refused):
    code = "not_official"
    message = _l("Only what your own team says can stand above the others.")


class OwnPin(Refused):
    code, status = "own_idea", 403
    message = _l("This idea is your own. Somebody else of the team decides what stands above the remarks on it.")


class AuthorsRemark(Refused):
    code = "authors_remark"
    message = _l("An author of the idea said this, so it can’t stand there as the brand’s word on it.")


def pin_remark(comment: Comment, by: Person) -> None:
    """Put what a member of the team said above the other remarks on an idea, in place of what stood there. Done again, it stays as it is."""
    _hold(comment)
    idea = standing_idea(comment)
    keep_as_it_is(idea.campaign)
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind)
    if comment.deletion is not None:
        raise RemarkTakenBack(_l("This remark was taken back by its author."))
    if comment.hold is not None:
        raise RemarkUnseen(_l("A moderator looks at this remark, or has taken it down."))
    if idea.is_by(by):
        raise OwnPin
    if idea.is_by(comment.author):
        raise AuthorsRemark
    label = labels_of(idea.campaign, {comment.author_id}).get(comment.author_id)
    if label is None or label.kind != "staff":
        raise NotOfficial
    row = insert(CommentPin).values(idea_id=idea.id, comment_id=comment.id, by_id=by.id, at=now())
    put = {"comment_id": comment.id, "by_id": by.id, "at": now()}
    # The columns of the model: its own names would be those of the row that comes in.
    there = CommentPin.__table__.c
    row = row.on_conflict_do_update(index_elements=["idea_id"], set_=put, where=there.comment_id != comment.id)
    if db.session.execute(row.returning(there.idea_id)).first() is None:
        return
    db.session.expire_all()
    record("remark.pinned", idea, by, comment=comment.id)
    announce(idea.campaign.board, "comment.pinned", ideas=[idea.id])


def unpin_remark(comment: Comment, by: Person) -> None:
    """Let a remark stand among the others again. Where another stands above them by now, nothing happens."""
    _hold(comment)
    idea = standing_idea(comment)
    keep_as_it_is(idea.campaign)
    if idea.is_by(by):
        raise OwnPin
    pin = db.session.get(CommentPin, idea.id, populate_existing=True)
    if pin is None or pin.comment_id != comment.id:
        return
    db.session.delete(pin)
    record("remark.unpinned", idea, by, comment=comment.id)
    announce(idea.campaign.board, "comment.unpinned", ideas=[idea.id])


def _hold(comment: Comment) -> None:
    lock(comment.idea)  # First, as whoever decides about remarks does.
    lock(comment)
