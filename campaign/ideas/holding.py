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
Look = Callable[[Idea, str, Person], None]
_judges: list[Judge] = []
_looks: list[Look] = []


def judge_ideas_with(judge: Judge) -> None:
    """Have a slice say whether an idea that was just suggested waits for a moderator. It is asked in the idea's own transaction."""
    _judges.append(judge)


def waits_for_a_look(idea: Idea) -> bool:
    """Hold a new idea back where a judge says so; gives whether it waits."""
    if not any(judge(idea) for judge in _judges):
        return False
    idea.withdrawal = Withdrawal(kind="held", reason="")
    return True


def in_sight() -> ColumnElement[bool]:
    """The condition for an idea not to be one that a moderator looks at or has taken down."""
    return ~db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Idea.id, Withdrawal.kind.in_(UNSEEN)).exists()


def in_sight_of(person: Person) -> ColumnElement[bool]:
    """The condition for an idea to be one that this person may read, as far as moderators are concerned, without being of the team."""
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.person_id == person.id)
    return or_(in_sight(), Idea.author_id == person.id, Idea.id.in_(joined))


def look_at_edits_with(look: Look) -> None:
    """Have a slice see to an idea that was just changed, with what it said before and who changed it, in the edit's own transaction."""
    _looks.append(look)


def was_edited(idea: Idea, before: str, editor: Person) -> None:
    """Tell the slices above that the idea says something else now. They may hold it, or bring it into sight again."""
    for look in _looks:
        look(idea, before, editor)
