"""Remarks out of sight: they wait for a moderator before anybody else reads them, or one took them down. Judged by slices above this one."""

from collections.abc import Callable

from campaign.accounts.models import Person
from campaign.extensions import db
from campaign.feedback.models import Comment, CommentHold
from campaign.notices.aside import set_aside_where

Judge = Callable[[Comment], bool]
Look = Callable[[Comment, str, Person], None]
_judges: list[Judge] = []
_looks: list[Look] = []


def judge_remarks_with(judge: Judge) -> None:
    """Have a slice say whether a remark that was just sent waits for a moderator. It is asked in the remark's own transaction."""
    _judges.append(judge)


def waits_for_a_look(comment: Comment) -> bool:
    """Hold a new remark back where a judge says so; gives whether it waits."""
    if not any(judge(comment) for judge in _judges):
        return False
    comment.hold = CommentHold(kind="held")
    return True


def look_at_edits_with(look: Look) -> None:
    """Have a slice see to a remark that was just changed, with what it said before and who changed it, in the edit's own transaction."""
    _looks.append(look)


def was_edited(comment: Comment, before: str) -> None:
    """Tell the slices above that the remark says something else now. They may hold it, or bring it into sight again."""
    for look in _looks:
        look(comment, before, comment.author)


set_aside_where(lambda number: db.select(CommentHold.comment_id).where(CommentHold.comment_id == number).exists())
