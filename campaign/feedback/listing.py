"""Remarks as they are read under an idea."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased, joinedload

from campaign.brands.access import Asker
from campaign.campaigns.incentives import Label, labels_of
from campaign.campaigns.sealing import NOBODY
from campaign.extensions import db
from campaign.feedback.helping import Judged, best_first, last_judgements
from campaign.feedback.models import Comment, CommentHelpful
from campaign.feedback.pins import ideas_of_talk
from campaign.ideas.models import Idea


@dataclass(frozen=True)
class Thread:
    """A remark with the replies to it, oldest first."""

    comment: Comment
    replies: list[Comment] = field(default_factory=list)
    labels: dict[int, Label] = field(default_factory=dict)  # What is disclosed of their authors, by their ids.


SHOWN = 50  # Threads of a page.
RANKED = 1000  # Threads that can be read the best first: nobody turns twenty pages to find a good one.


def page_of(comment: Comment, on: Idea | None = None) -> str:
    """The address of the page on which a remark stands, the oldest first: that of its idea, or of another that it was merged into."""
    thread_id, ideas = comment.parent_id or comment.id, ideas_of_talk(on) if on else [comment.idea_id]
    older = db.select(Comment.id).where(Comment.idea_id.in_(ideas), Comment.parent_id.is_(None), Comment.id < thread_id)
    before = db.session.scalars(older.limit(SHOWN)).all()
    return f"/ideas/{ideas[0]}" + (f"/remarks/{thread_id}" if len(before) == SHOWN else "")


def best_page_of(comment: Comment, idea: Idea, reader: Asker, team: bool) -> str:
    """The same, the best first."""
    ranked = ranking(idea, reader, team)
    thread_id = comment.parent_id or comment.id
    place = ranked.index(thread_id) if thread_id in ranked else 0
    begins = place - place % SHOWN
    return f"{idea.url}{f'/remarks/{ranked[begins]}' if begins else ''}?order=best"


def ranking(idea: Idea, reader: Asker, team: bool) -> list[int]:
    """The threads that this reader finds under an idea, by their ids, the best first. Two queries, however many there are.

    Of more than RANKED, only those that most people find helpful, and the newest of the others, are ranked at all.
    """
    helpful = db.select(CommentHelpful.comment_id, db.func.count().label("many"))
    helpful = helpful.join(Comment, Comment.id == CommentHelpful.comment_id)
    counted = helpful.where(Comment.idea_id.in_(ideas_of_talk(idea))).group_by(CommentHelpful.comment_id).subquery()
    found = db.select(Comment.id, Comment.author_id, Comment.at, db.func.coalesce(counted.c.many, 0))
    found = found.outerjoin(counted, counted.c.comment_id == Comment.id).where(*_threads_of(idea, reader, team))
    found = found.order_by(db.func.coalesce(counted.c.many, 0).desc(), Comment.id.desc()).limit(RANKED)
    rows = db.session.execute(found).all()
    return best_first([Judged(*row) for row in rows], last_judgements(ideas_of_talk(idea)))


def threads(
    idea: Idea,
    first: int = 0,
    labels: dict[int, Label] | None = None,
    reader: Asker = NOBODY,
    team: bool = False,
    best: bool = False,
) -> list[Thread]:
    """The remarks on an idea as they are read, oldest first, from the thread `first` on. Three queries, however many there are.

    As many threads as a page shows, and one more where there are more. A remark that was taken back keeps its place while
    there are replies to it, and vanishes otherwise. Remarks on ideas that were merged into this one are among them.
    So does one that only its author and the team may read: `reader`, and whether they are of the `team`.
    `labels`: what is disclosed of people, where a page fills it for all of whom it tells; one query less.
    `best`: the best threads come first, by two queries more; replies stay as they were said.
    """
    on = Comment.idea_id.in_(ideas_of_talk(idea))
    begun: Any
    if best:
        ranked = ranking(idea, reader, team)
        place = ranked.index(first) if first in ranked else 0
        begun = order = ranked[place : place + SHOWN + 1]
    else:
        some = db.select(Comment.id).where(Comment.id >= first, *_threads_of(idea, reader, team))
        begun, order = db.select(some.order_by(Comment.id).limit(SHOWN + 1).subquery().c.id), []
    found = (
        db.select(Comment)
        .where(on)
        .where(Comment.id.in_(begun) | Comment.parent_id.in_(begun))
        .options(joinedload(Comment.author), joinedload(Comment.mentions))
        .order_by(Comment.id)
    )
    comments = list(db.session.scalars(found).unique())
    standing = [comment for comment in comments if may_read(comment, reader, team)]
    if labels is None:
        labels = labels_of(idea.campaign, {comment.author_id for comment in standing})
    replies: dict[int, list[Comment]] = {}
    for comment in standing:
        if comment.parent_id is not None:
            replies.setdefault(comment.parent_id, []).append(comment)
    shown = [
        Thread(comment, replies.get(comment.id, []), labels)
        for comment in comments
        if comment.parent_id is None and (may_read(comment, reader, team) or comment.id in replies)
    ]
    return sorted(shown, key=lambda thread: order.index(thread.comment.id)) if best else shown


def _threads_of(idea: Idea, reader: Asker, team: bool) -> list[Any]:
    """The remarks that begin a thread which this reader finds there, as conditions on Comment."""
    reply = aliased(Comment)
    replied = db.select(reply.id).where(reply.parent_id == Comment.id, *in_sight(reply, reader, team)).exists()
    return [
        Comment.idea_id.in_(ideas_of_talk(idea)),
        Comment.parent_id.is_(None),
        and_(*in_sight(Comment, reader, team)) | replied,
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
