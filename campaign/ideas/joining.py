"""Becoming one of an idea's authors, by an invitation or as two ideas become one."""

from collections.abc import Callable
from datetime import datetime

from campaign.accounts.models import Person
from campaign.clock import now
from campaign.ideas.models import CoAuthor, Idea

Joined = Callable[[Idea, Person], None]
_joined: list[Joined] = []


def when_joined(tell: Joined) -> None:
    """Have another slice see to what ends as somebody becomes an author, in the same transaction."""
    _joined.append(tell)


def join(idea: Idea, person: Person, rules_id: int | None, since: datetime | None = None) -> None:
    """Let this person be a co-author. `rules_id`: the version of the rules under which they are."""
    idea.coauthors.append(CoAuthor(person=person, rules_id=rules_id, since=since or now()))
    for tell in _joined:
        tell(idea, person)
