"""The remark that a brand's team put above the others on an idea's page."""

from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.feedback.models import Comment, CommentPin
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.live import announce


def standing_idea(comment: Comment) -> Idea:
    """The idea on whose page a remark is read: its own, or the one that stands for it after a merge."""
    return comment.idea.merged_into or comment.idea


def ideas_of_talk(idea: Idea) -> list[int]:
    """Whose remarks are read under an idea, by their ids: its own, and those of the ideas that were merged into it."""
    return [idea.id, *(one.idea_id for one in idea.absorbed)]


def pin_on(idea: Idea) -> CommentPin | None:
    """What stands above the others there, with who put it there. One query.

    After a merge was undone, a remark of the other idea is no longer of this talk: its pin shows nowhere until they are merged again.
    """
    found = (
        db.select(CommentPin)
        .join(CommentPin.comment)
        .where(CommentPin.idea_id == idea.id, Comment.idea_id.in_(ideas_of_talk(idea)))
        .where(~Comment.deletion.has(), ~Comment.hold.has())
        .options(joinedload(CommentPin.by), joinedload(CommentPin.comment).options(joinedload(Comment.author)))
    )
    return db.session.scalar(found)


def drop_pins(comment: Comment) -> None:
    """A remark that was taken back, or taken down and then put back or changed, stands above no others any more."""
    for pin in db.session.scalars(db.select(CommentPin).filter_by(comment_id=comment.id)).all():
        idea = db.session.get_one(Idea, pin.idea_id)
        db.session.delete(pin)
        record("remark.unpinned", idea, comment=comment.id)
        announce(idea.campaign.board, "comment.unpinned", ideas=[idea.id])
