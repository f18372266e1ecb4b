"""Remarks out of sight: they wait for a moderator before anybody else reads them, or one took them down. Judged by slices above this one."""

from collections.abc import Callable

from campaign.feedback.models import Comment, CommentHold

Judge = Callable[[Comment], bool]
EditJudge = Callable[[Comment, str], None]
_judges: list[Judge] = []
_edit_judges: list[EditJudge] = []


def judge_remarks_with(judge: Judge) -> None:
    """Have a slice say whether a remark that was just sent waits for a moderator. It is asked in the remark's own transaction."""
    _judges.append(judge)


def waits_for_a_look(comment: Comment) -> bool:
    """Hold a new remark back where a judge says so; gives whether it waits."""
    if not any(judge(comment) for judge in _judges):
        return False
    comment.hold = CommentHold(kind="held")
    return True


def judge_remark_edits_with(judge: EditJudge) -> None:
    """Have a slice look at a remark that was just edited, with what it said before, and hold it if need be."""
    _edit_judges.append(judge)


def look_at_edit(comment: Comment, before: str) -> None:
    """Let everybody look who wants to, in the edit's own transaction."""
    for judge in _edit_judges:
        judge(comment, before)
