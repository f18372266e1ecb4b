"""Ideas out of sight: they wait for a moderator before anybody else reads them, or a moderator took them down.

Whether one waits is judged by slices above this one; what stands here keeps it from the board, and from everybody but its authors
and the team.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, or_

from campaign.accounts.models import Person
from campaign.extensions import db
from campaign.ideas.models import UNSEEN, CoAuthor, Idea, Withdrawal

Judge = Callable[[Idea], bool]
EditJudge = Callable[[Idea, str, Person], None]
_judges: list[Judge] = []
_edit_judges: list[EditJudge] = []


def judge_ideas_with(judge: Judge) -> None:
    """Have a slice say whether an idea that was just suggested waits for a moderator. It is asked in the idea's own transaction."""
    _judges.append(judge)


def waits_for_a_look(idea: Idea) -> bool:
    """Hold a new idea back where a judge says so; gives whether it waits."""
    if not any(judge(idea) for judge in _judges):
        return False
    idea.withdrawal = Withdrawal(kind="held", reason="")
    return True


def in_sight_of(person: Person) -> ColumnElement[bool]:
    """The condition for an idea to be one that this person may read, as far as moderators are concerned, without being of the team."""
    unseen = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id, Withdrawal.kind.in_(UNSEEN))
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == person.id)
    return or_(~unseen.exists(), Idea.author_id == person.id, Idea.id.in_(joined))


def judge_idea_edits_with(judge: EditJudge) -> None:
    """Have a slice look at an idea that was just edited, with what it said before and who edited it, and hold it if need be."""
    _edit_judges.append(judge)


def look_at_edit(idea: Idea, before: str, editor: Person) -> None:
    """Let everybody look who wants to, in the edit's own transaction."""
    for judge in _edit_judges:
        judge(idea, before, editor)
