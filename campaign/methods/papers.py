"""What a ballot may say under each method, and how it is written down: one line of JSON without spaces, the same for the same choice.

A ballot of marks is [[idea, mark], …] by the ideas' numbers; a ranking is [idea, …], best first; duels are [[preferred, other, reason], …] in
their order, the reason empty where one was preferred.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaign.errors import Refused
from campaign.languages import money

MARKED = ("dots", "score", "up_down", "statements", "budget")

# Why somebody can't decide between two ideas.
UNDECIDED = {
    "equal": _l("They are equally good"),
    "same": _l("They say the same"),
    "unknown": _l("I don’t know enough about them"),
    "neither": _l("I like neither"),
}


class BallotRefused(Refused):
    """A ballot that can't be counted as it is. `idea`: the one that its sentence belongs beside."""

    code, status = "ballot_refused", 422

    def __init__(self, message: Any, idea: int | None = None) -> None:
        super().__init__(message)
        self.idea = idea


@dataclass(frozen=True)
class Frame:
    """What a ballot is checked against: the rules, the ideas that may be chosen, and what each costs, in cents."""

    method: str
    settings: Mapping[str, int]
    ideas: Collection[int]
    costs: Mapping[int, int] = field(default_factory=dict)


def written(content: Any) -> str:
    """A ballot as it is kept."""
    return json.dumps(content, separators=(",", ":"))


def marks_in(content: str | None) -> dict[int, int]:
    """The marks of a ballot that is kept."""
    return dict(json.loads(content or "[]"))


def duels_in(content: str | None) -> list[tuple[int, int, str]]:
    """Its duels: the preferred idea, the other, and why neither was preferred, where none was."""
    return [(preferred, other, undecided) for preferred, other, undecided in json.loads(content or "[]")]


def ideas_in(method: str, content: str | None) -> set[int]:
    """The ideas that a ballot is about."""
    if method == "duels":
        return {idea for first, second, _undecided in duels_in(content) for idea in (first, second)}
    return set(marks_in(content) if method in MARKED else ranking_in(content))


def favoured_in(method: str, content: str | None) -> set[int]:
    """The ideas that a ballot is for: preferred in a duel, ranked, or given a mark above nought."""
    if method == "duels":
        return {preferred for preferred, _other, undecided in duels_in(content) if not undecided}
    if method in MARKED:
        return {idea for idea, mark in marks_in(content).items() if mark > 0}
    return set(ranking_in(content))


def without(idea: int, method: str, content: str) -> str:
    """A ballot that is kept, as it is without this idea."""
    if method == "duels":
        return written([duel for duel in duels_in(content) if idea not in duel[:2]])
    if method in MARKED:
        return written([[one, mark] for one, mark in marks_in(content).items() if one != idea])
    return written([one for one in ranking_in(content) if one != idea])


def ranking_in(content: str | None) -> list[int]:
    """Its ranking."""
    return list(json.loads(content or "[]"))


def checked_marks(marks: Mapping[int, int], frame: Frame) -> str:
    """The ballot that gives these marks. Raises BallotRefused."""
    least, most = mark_range(frame)
    for idea, mark in marks.items():
        if idea not in frame.ideas:
            raise BallotRefused(
                _("This idea can’t be chosen: it was taken back, its votes are frozen, or it is your own."), idea
            )
        if not least <= mark <= most:
            raise BallotRefused(_("A whole number from %(min)d to %(max)d.", min=least, max=most), idea)
    if frame.method == "dots" and (over := sum(marks.values()) - frame.settings["points"]) > 0:
        raise BallotRefused(
            ngettext(
                "This is one point too many. Take one away.", "These are %(num)s points too many. Take some away.", over
            )
        )
    if frame.method == "budget":
        _check_budget(marks, frame)
    kept = {idea: mark for idea, mark in marks.items() if mark or frame.method in ("score", "statements")}
    return written([[idea, kept[idea]] for idea in sorted(kept)])


def mark_range(frame: Frame) -> tuple[int, int]:
    """The smallest and the largest mark that an idea can get."""
    if frame.method == "dots":
        return 0, frame.settings["points"]
    if frame.method == "score":
        return 0, frame.settings["highest"]
    return (0, 1) if frame.method == "budget" else (-1, 1)


def _check_budget(marks: Mapping[int, int], frame: Frame) -> None:
    spent = 0
    for idea, mark in marks.items():
        if mark and idea not in frame.costs:
            raise BallotRefused(_("This idea has no price yet, so it can’t be chosen."), idea)
        spent += mark * frame.costs.get(idea, 0)
    if (over := spent - frame.settings["budget"] * 100) > 0:
        raise BallotRefused(_("This is %(sum)s too much. Take an idea away.", sum=money(Decimal(over) / 100)))


def checked_ranking(ranking: list[int], frame: Frame) -> str:
    """The ballot that puts these ideas in order, best first. Raises BallotRefused."""
    for idea in ranking:
        if idea not in frame.ideas:
            raise BallotRefused(
                _("This idea can’t be chosen: it was taken back, its votes are frozen, or it is your own."), idea
            )
    if len(set(ranking)) < len(ranking):
        raise BallotRefused(_("An idea has one place only."))
    return written(ranking)
