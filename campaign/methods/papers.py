"""What a ballot may say under each method, and how it is written down: one line of JSON without spaces, the same for the same choice.

A ballot of marks is [[idea, mark], …] by the ideas' numbers; where there are several scales, a mark is a list with one for each scale, null
where there is none; a ranking is [idea, …], best first; duels are [[preferred, other, reason], …] in
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

from campaign.campaigns.scales import Scale, scales_in
from campaign.errors import Refused
from campaign.languages import money

MARKED = ("dots", "score", "scales", "up_down", "statements", "budget")

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
    """What a ballot is checked against: the rules, the ideas that may be chosen, and what each costs, in cents.

    `least`: how many ideas it must mark, where this voter can mark so many.
    """

    method: str
    settings: Mapping[str, Any]
    ideas: Collection[int]
    costs: Mapping[int, int] = field(default_factory=dict)
    least: int = 0
    worded: Mapping[int, int] = field(default_factory=dict)  # The last version of each that says something else.

    @property
    def scales(self) -> list[Scale]:
        return scales_in(self.settings)


Steps = tuple[int | None, ...]  # The steps that an idea gets, one on each scale; None: none.


def written(content: Any) -> str:
    """A ballot as it is kept."""
    return json.dumps(content, separators=(",", ":"))


def marks_in(content: str | None) -> dict[int, int]:
    """The marks of a ballot that is kept."""
    return dict(json.loads(content or "[]"))


def steps_in(content: str | None) -> dict[int, Steps]:
    """The steps of a ballot that is kept, where there are several scales."""
    return {idea: tuple(steps) for idea, steps in json.loads(content or "[]")}


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
    if method == "scales":
        return {idea for idea, steps in steps_in(content).items() if any(steps)}
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
        _check_choosable(idea, frame)
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
    _check_how_many(kept, frame)
    return written([[idea, kept[idea]] for idea in sorted(kept)])


def checked_steps(given: Mapping[int, Steps], frame: Frame) -> str:
    """The ballot that gives these steps. Raises BallotRefused."""
    scales = frame.scales
    for idea, steps in given.items():
        _check_choosable(idea, frame)
        if len(steps) != len(scales):
            raise BallotRefused(_("This scale is not among those of this vote."), idea)
        for step, scale in zip(steps, scales, strict=True):
            if step is not None and not 0 <= step <= scale.highest:
                raise BallotRefused(_("“%(scale)s” has no such step.", scale=scale.name), idea)
    kept = {idea: steps for idea, steps in given.items() if any(step is not None for step in steps)}
    _check_how_many(kept, frame)
    return written([[idea, kept[idea]] for idea in sorted(kept)])


def check_read(read: Mapping[int, int], chosen: Collection[int], frame: Frame) -> None:
    """Raise BallotRefused where an idea on the ballot was reworded since its voter read it. `read`: the versions on their page."""
    for idea in chosen:
        if idea in read and read[idea] < frame.worded.get(idea, 1):
            raise BallotRefused(
                _("This idea was reworded while you filled in your ballot. Here is what it says now: look again."), idea
            )


def how_many_in_words(frame: Frame) -> str:
    """How many ideas a ballot is asked to mark, in a sentence; nothing where one will do and there is no limit."""
    least, most = frame.least, frame.settings.get("most")
    if least > 1 and most is not None and least < most:
        return _("Mark %(least)s to %(most)s ideas.", least=least, most=most)
    if least > 1 and most is not None:
        return _("Mark %(most)s ideas.", most=most)
    if least > 1:
        return _("Mark at least %(least)s ideas.", least=least)
    return ngettext("Mark one idea at most.", "Mark %(num)s ideas at most.", most) if most is not None else ""


def _check_choosable(idea: int, frame: Frame) -> None:
    if idea not in frame.ideas:
        raise BallotRefused(
            _("This idea can’t be chosen: it was taken back, its votes are frozen, or it is your own."), idea
        )


def _check_how_many(kept: Collection[int], frame: Frame) -> None:
    """Whether as many ideas are marked as the brand asks for. A ballot without any is refused in another sentence."""
    most = frame.settings.get("most")
    if kept and len(kept) < frame.least:
        raise BallotRefused(
            ngettext(
                "Mark one idea more: at least %(least)s are asked for.",
                "Mark %(num)s ideas more: at least %(least)s are asked for.",
                frame.least - len(kept),
                least=frame.least,
            )
        )
    if most is not None and (over := len(kept) - most) > 0:
        raise BallotRefused(
            ngettext(
                "This is one idea too many: at most %(most)s can be marked.",
                "These are %(num)s ideas too many: at most %(most)s can be marked.",
                over,
                most=most,
            )
        )


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
        _check_choosable(idea, frame)
    if len(set(ranking)) < len(ranking):
        raise BallotRefused(_("An idea has one place only."))
    _check_how_many(ranking, frame)
    return written(ranking)
