"""What people do with remarks: post, reply, edit, take back."""

import hashlib
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.brands.gates import check_gate
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import keep_as_it_is
from campaign.campaigns.incentives import declare_own, keep_staff
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.feedback.holding import waits_for_a_look, was_edited
from campaign.feedback.mentioning import mention_people
from campaign.feedback.models import Comment, CommentDeletion, CommentHelpful
from campaign.feedback.pins import drop_pins
from campaign.ideas.actions import why_gone
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.notices.spreading import forget_remark, spread, tell_mentioned
from campaign.statuses.freezing import check_remarks
from campaign.verifications.access import check_verified


class CommentsClosed(Refused):
    code, message = "comments_closed", _l("This campaign takes no remarks now. What was said stays readable.")


class RemarkTakenBack(Refused):
    code, message = (
        "comment_deleted",
        _l("This remark was taken back by its author, so nobody can reply to it now."),
    )


class RemarkUnseen(Refused):
    code, status = "comment_unseen", 409
    message = _l("A moderator looks at this remark, or has taken it down, so nobody can reply to it now.")


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
    check_open(idea)
    if parent is not None and parent.idea_id != idea.id:
        raise NotThere
    if parent is not None and (parent.deletion is not None or parent.hold is not None):
        raise RemarkTakenBack if parent.deletion else RemarkUnseen
    thread_id = (parent.parent_id or parent.id) if parent else None  # A reply to a reply belongs to the same thread.
    once = _fingerprint(key, idea, thread_id, text)
    if posted := _posted_with(author, once):
        return posted
    check_not_suspended(idea.campaign.brand_id, author)
    check_gate("links", author, idea.campaign.brand_id, text)
    check_verified(idea.campaign, author, "comment", f"{idea.url}#comments")
    rules = hold_to_rules(idea.campaign, author, agreement, remark=True)
    rules_id = rules.id if rules else None
    comment = Comment(idea=idea, author=author, parent_id=thread_id, key=once, text=text, rules_id=rules_id)
    comment.reply_to_id = parent.id if parent else None
    try:
        with db.session.begin_nested():
            db.session.add(comment)
    except IntegrityError:
        posted = _posted_with(author, once)
        assert posted is not None
        return posted  # A second click, or a repeat by a device that never heard the answer.
    keep_staff(idea.campaign, author)
    declare_own(idea.campaign, author, *received)
    mention_people(comment)
    if not waits_for_a_look(comment):
        count_remarks(idea, 1)
        announce(idea.campaign.board, "comment.posted", ideas=[idea.id])
        tell_of_remark(comment, parent)
    return comment


def tell_of_remark(comment: Comment, parent: Comment | None) -> None:
    """Tell those who follow the idea, who is replied to and who is mentioned, of a remark that can be read by everybody from now on."""
    told = sorted(tell_those_mentioned(comment))
    reply_to = parent.author_id if parent else None
    details: dict[str, Any] = {"told": told} if told else {}
    spread("commented", comment.campaign, comment.idea, comment.author, comment.id, reply_to, **details)


def tell_those_mentioned(comment: Comment) -> set[int]:
    """Tell who is mentioned in it and was not told yet; gives whom it need not be told to otherwise."""
    people = [mention.person for mention in comment.mentions]
    return tell_mentioned(people, comment.idea, comment.author, comment.id) if people else set()


def edit_comment(comment: Comment, text: str, agreement: Agreement | None = None) -> None:
    """Change what a remark says; it then shows that it was edited, and stands under the rules of now.

    `agreement`: what its author ticked below it, needed as for a new one.
    """
    lock(comment.idea)  # First, as whoever decides about remarks does.
    lock(comment)  # A deletion in the same moment is waited for, so that its words stay gone.
    check_open(comment.idea)
    if comment.deletion is not None:
        raise RemarkTakenBack
    check_not_suspended(comment.idea.campaign.brand_id, comment.author)
    check_gate("links", comment.author, comment.idea.campaign.brand_id, text, comment.text)
    if comment.text == text:
        return
    rules = hold_to_rules(comment.idea.campaign, comment.author, agreement, remark=True)
    before, comment.text, comment.edited_at = comment.text, text, now()
    comment.rules_id = rules.id if rules else None
    mention_people(comment)
    was_edited(comment, before)
    if comment.hold is None:
        tell_those_mentioned(comment)
        announce(comment.idea.campaign.board, "comment.edited", ideas=[comment.idea_id])


def delete_comment(comment: Comment) -> None:
    """Take a remark back, at any time. Its words are gone for good; asked again, nothing more happens."""
    lock(comment.idea)  # First, as whoever decides about remarks does.
    lock(comment)
    if comment.deletion is not None:
        return
    comment.deletion = CommentDeletion()
    comment.text = ""
    comment.mentions.clear()
    helpful = db.delete(CommentHelpful).where(CommentHelpful.comment_id == comment.id)
    db.session.execute(helpful.execution_options(synchronize_session=False))
    forget_remark(comment.id)
    drop_pins(comment)
    if comment.hold is None:
        count_remarks(comment.idea, -1)
        announce(comment.idea.campaign.board, "comment.deleted", ideas=[comment.idea_id])


def check_open(idea: Idea) -> None:
    """Raise why nobody can take part in the talk about an idea now."""
    keep_as_it_is(idea.campaign)
    if idea.withdrawal:
        raise why_gone(idea.withdrawal.kind, _("The author took this idea back, so the talk about it has ended."))
    if not idea.campaign.accepts_comments:
        raise CommentsClosed
    check_remarks(idea)


def count_remarks(idea: Idea, step: int) -> None:
    """Count so many remarks more, or fewer, among those that the idea has in sight. Holds the idea."""
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
