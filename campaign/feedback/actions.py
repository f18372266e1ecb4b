"""What people do with remarks: post, reply, edit, take back."""

import hashlib

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import keep_as_it_is
from campaign.campaigns.incentives import declare_own, keep_staff
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.feedback.models import Comment, CommentDeletion
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.statuses.freezing import check_remarks
from campaign.verifications.access import check_verified


class CommentsClosed(Refused):
    code, message = "comments_closed", _l("This campaign takes no remarks now. What was said stays readable.")


class RemarkTakenBack(Refused):
    code, message = (
        "comment_deleted",
        _l("This remark was taken back by its author, so nobody can reply to it now."),
    )


def post_comment(
    idea: Idea,
    author: Person,
    text: str,
    parent: Comment | None = None,
    key: str | None = None,
    agreement: Agreement | None = None,
    received: tuple[str, str] = ("", ""),
) -> Comment:
    """Add a remark, or a reply to one. Sent again with the same key, it is the same remark.

    `agreement`: what its author ticked below it, needed where the rules concern remarks and they have not accepted them.
    `received`: what they say they have from the brand, as its kind and in words.
    """
    lock(idea)
    _check_open(idea)
    if parent is not None and parent.idea_id != idea.id:
        raise NotThere
    if parent is not None and parent.deletion is not None:
        raise RemarkTakenBack
    thread_id = (parent.parent_id or parent.id) if parent else None  # A reply to a reply belongs to the same thread.
    once = _fingerprint(key, idea, thread_id, text)
    if posted := _posted_with(author, once):
        return posted
    check_not_suspended(idea.campaign.brand_id, author)
    check_verified(idea.campaign, author, "comment", f"{idea.url}#comments")
    rules = hold_to_rules(idea.campaign, author, agreement, remark=True)
    rules_id = rules.id if rules else None
    comment = Comment(idea=idea, author=author, parent_id=thread_id, key=once, text=text, rules_id=rules_id)
    try:
        with db.session.begin_nested():
            db.session.add(comment)
    except IntegrityError:
        posted = _posted_with(author, once)
        assert posted is not None
        return posted  # A second click, or a repeat by a device that never heard the answer.
    keep_staff(idea.campaign, author)
    declare_own(idea.campaign, author, *received)
    _count(idea, 1)
    announce(idea.campaign.board, "comment.posted", ideas=[idea.id])
    return comment


def edit_comment(comment: Comment, text: str, agreement: Agreement | None = None) -> None:
    """Change what a remark says; it then shows that it was edited, and stands under the rules of now.

    `agreement`: what its author ticked below it, needed as for a new one.
    """
    lock(comment)  # A deletion in the same moment is waited for, so that its words stay gone.
    _check_open(comment.idea)
    if comment.deletion is not None:
        raise RemarkTakenBack
    check_not_suspended(comment.idea.campaign.brand_id, comment.author)
    if comment.text == text:
        return
    rules = hold_to_rules(comment.idea.campaign, comment.author, agreement, remark=True)
    comment.text, comment.edited_at, comment.rules_id = text, now(), rules.id if rules else None
    announce(comment.idea.campaign.board, "comment.edited", ideas=[comment.idea_id])


def delete_comment(comment: Comment) -> None:
    """Take a remark back, at any time. Its words are gone for good; asked again, nothing more happens."""
    lock(comment)
    if comment.deletion is not None:
        return
    comment.deletion = CommentDeletion()
    comment.text = ""
    _count(comment.idea, -1)
    announce(comment.idea.campaign.board, "comment.deleted", ideas=[comment.idea_id])


def _check_open(idea: Idea) -> None:
    keep_as_it_is(idea.campaign)
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so the talk about it has ended."))
    if not idea.campaign.accepts_comments:
        raise CommentsClosed
    check_remarks(idea)


def _count(idea: Idea, step: int) -> None:
    db.session.execute(
        update(Idea).where(Idea.id == idea.id).values(comments=Idea.comments + step),
        execution_options={"synchronize_session": False},
    )
    db.session.expire(idea, ["comments"])


def _posted_with(author: Person, once: str | None) -> Comment | None:
    return db.session.scalar(db.select(Comment).filter_by(author_id=author.id, key=once)) if once else None


def _fingerprint(key: str | None, idea: Idea, thread_id: int | None, text: str) -> str | None:
    """What makes a repeat a repeat. With the words in it: a page gone back to sends the old key with a new remark."""
    if not key:
        return None
    return hashlib.sha256(f"{key}\n{idea.id}\n{thread_id}\n{text}".encode()).hexdigest()
