"""Ideas out of sight: they wait for a moderator before anybody else reads them, or a moderator took them down.

Whether one waits is judged by slices above this one; what stands here keeps it from the board, and from everybody but its authors
and the team.
"""

from collections.abc import Callable

from campaign.accounts.models import Person
from campaign.ideas.models import Idea, Withdrawal

Judge = Callable[[Idea], bool]
_judges: list[Judge] = []
Look = Callable[[Idea, Person], None]
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


def look_at_edits_with(look: Look) -> None:
    """Have a slice see to an idea that was just changed, in the edit's own transaction: it may come into sight again by that."""
    _looks.append(look)


def was_edited(idea: Idea, editor: Person) -> None:
    """Tell the slices above that the idea says something else now, and by whom. It is held by then."""
    for look in _looks:
        look(idea, editor)
