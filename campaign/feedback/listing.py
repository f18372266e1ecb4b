"""Remarks as they are read under an idea."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased, joinedload

from campaign.brands.access import Asker
from campaign.campaigns.incentives import Label, labels_of
from campaign.campaigns.sealing import NOBODY
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


def threads(
    idea: Idea, first: int = 0, labels: dict[int, Label] | None = None, reader: Asker = NOBODY, team: bool = False
) -> list[Thread]:
    """The remarks on an idea as they are read, oldest first, from the thread `first` on. Three queries, however many there are.

    As many threads as a page shows, and one more where there are more. A remark that was taken back keeps its place while
    there are replies to it, and vanishes otherwise. Remarks on ideas that were merged into this one are among them.
    So does one that only its author and the team may read: `reader`, and whether they are of the `team`.
    `labels`: what is disclosed of people, where a page fills it for all of whom it tells; one query less.
    """
    on = Comment.idea_id.in_([idea.id, *(one.idea_id for one in idea.absorbed)])
    reply = aliased(Comment)
    replied = db.select(reply.id).where(reply.parent_id == Comment.id, *in_sight(reply, reader, team)).exists()
    begun = (
        db.select(Comment.id)
        .where(on, Comment.parent_id.is_(None), Comment.id >= first)
        .where(and_(*in_sight(Comment, reader, team)) | replied)
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
    standing = [comment for comment in comments if may_read(comment, reader, team)]
    if labels is None:
        labels = labels_of(idea.campaign, {comment.author_id for comment in standing})
    replies: dict[int, list[Comment]] = {}
    for comment in standing:
        if comment.parent_id is not None:
            replies.setdefault(comment.parent_id, []).append(comment)
    return [
        Thread(comment, replies.get(comment.id, []), labels)
        for comment in comments
        if comment.parent_id is None and (may_read(comment, reader, team) or comment.id in replies)
    ]


def may_read(comment: Comment, reader: Asker, team: bool) -> bool:
    """Whether this reader may read what a remark says: it stands, and what a moderator looks at is theirs or their team's."""
    own = reader.is_authenticated and comment.author_id == reader.id
    return comment.deletion is None and (comment.hold is None or team or own)


def in_sight(remark: Any, reader: Asker, team: bool) -> list[ColumnElement[bool]]:
    """The same as conditions on Comment, or an alias of it."""
    stands = ~remark.deletion.has()
    if team:
        return [stands]
    own = [remark.author_id == reader.id] if reader.is_authenticated else []
    return [stands, or_(~remark.hold.has(), *own)]
