"""Remarks as they are read under an idea."""

from dataclasses import dataclass, field

from sqlalchemy.orm import aliased, joinedload

from campaign.campaigns.incentives import Label, labels_of
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea


@dataclass(frozen=True)
class Thread:
    """A remark with the replies to it, oldest first."""

    comment: Comment
    replies: list[Comment] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)  # What is disclosed of their authors, by their ids.


SHOWN = 50  # Threads of a page.


def page_of(comment: Comment) -> str:
    """The address of the page of its idea on which a remark stands."""
    thread_id = comment.parent_id or comment.id
    older = db.select(Comment.id).where(
        Comment.idea_id == comment.idea_id, Comment.parent_id.is_(None), Comment.id < thread_id
    )
    before = db.session.scalars(older.limit(SHOWN)).all()
    return f"/ideas/{comment.idea_id}" + (f"/remarks/{thread_id}" if len(before) == SHOWN else "")


def threads(idea: Idea, first: int = 0, labels: dict[int, Label] | None = None) -> list[Thread]:
    """The remarks on an idea as they are read, oldest first, from the thread `first` on. Three queries, however many there are.

    As many threads as a page shows, and one more where there are more. A remark that was taken back keeps its place while
    there are replies to it, and vanishes otherwise. Remarks on ideas that were merged into this one are among them.
    `labels`: what is disclosed of people, where a page fills it for all of whom it tells; one query less.
    """
    on = Comment.idea_id.in_([idea.id, *(one.idea_id for one in idea.absorbed)])
    reply = aliased(Comment)
    replied = db.select(reply.id).where(reply.parent_id == Comment.id, ~reply.deletion.has()).exists()
    begun = (
        db.select(Comment.id)
        .where(on, Comment.parent_id.is_(None), Comment.id >= first)
        .where(~Comment.deletion.has() | replied)
        .order_by(Comment.id)
        .limit(SHOWN + 1)
        .subquery()
    )
    found = (
        db.select(Comment)
        .where(on)
        .where(Comment.id.in_(db.select(begun.c.id)) | Comment.parent_id.in_(db.select(begun.c.id)))
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
    )
    comments = list(db.session.scalars(found))
    standing = [comment for comment in comments if comment.deletion is None]
    if labels is None:
        labels = labels_of(idea.campaign, {comment.author_id for comment in standing})
    replies: dict[int, list[Comment]] = {}
    for comment in standing:
        if comment.parent_id is not None:
            replies.setdefault(comment.parent_id, []).append(comment)
    return [
        Thread(comment, replies.get(comment.id, []), labels)
        for comment in comments
        if comment.parent_id is None and (comment.deletion is None or comment.id in replies)
    ]
