"""Ready-made plans: the stages that campaigns of a sort usually have, and how long each lasts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.campaigns.kinds import KINDS
from campaign.campaigns.rules import Terms
from campaign.campaigns.setup import WantedQuestion, WantedStage, WantedTag


@dataclass(frozen=True)
class PlannedStage:
    """A stage by its length. Without switches of its own, what its kind opens; without a length, to the end."""

    kind: str
    lasts: timedelta | None = None
    switches: frozenset[str] | None = None
    names: dict[str, str] = field(default_factory=dict)
    method: str | None = None
    method_settings: dict[str, Any] = field(default_factory=dict)
    shows_counts: str = "always"


@dataclass(frozen=True)
class Plan:
    """How a campaign may go: its stages, and what else of its set-up would be the same the next time.

    No dates: what is due at some time is so long after the beginning.
    """

    key: str
    name: Any
    about: Any
    stages: tuple[PlannedStage, ...]
    limits: dict[str, Any] = field(default_factory=dict)  # And what ends the changes to an idea.
    categories: tuple[dict[str, str], ...] = ()  # Each by its names.
    tags: tuple[WantedTag, ...] = ()
    licence: str = "own"
    visibility: str = "public"
    takes_guests: bool = False
    exposure: str = "shuffled"
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # {language: {gift, template}}
    terms: Terms = field(default_factory=Terms)
    questions: tuple[WantedQuestion, ...] = ()
    answers_after: timedelta | None = None
    private_for: timedelta | None = None
    more: dict[str, Any] = field(default_factory=dict)  # What other slices keep with it: see planning.py.

    def dated(self, begin: datetime) -> tuple[list[WantedStage], datetime | None]:
        """The stages from `begin` on, and the end of the last where it has one."""
        stages, at = [], begin
        for stage in self.stages:
            switches = KINDS[stage.kind].switches if stage.switches is None else stage.switches
            rules: dict[str, Any] = {"method": stage.method, "method_settings": dict(stage.method_settings)}
            rules["shows_counts"] = stage.shows_counts
            stages.append(WantedStage(stage.kind, at, dict(stage.names), switches, **rules))
            at += stage.lasts or timedelta()
        return stages, at if self.stages[-1].lasts else None


def _of(*stages: tuple[str, timedelta | None]) -> tuple[PlannedStage, ...]:
    return tuple(PlannedStage(kind, lasts) for kind, lasts in stages)


def _without(kind: str, lasts: timedelta, *switches: str) -> PlannedStage:
    return PlannedStage(kind, lasts, KINDS[kind].switches - set(switches))


DAY, HOUR = timedelta(days=1), timedelta(hours=1)

PLANS = (
    Plan(
        "idea-contest",
        _l("Idea contest"),
        _l("Three weeks of ideas, two weeks to choose among them, then your answers."),
        _of(("conception", 21 * DAY), ("vote", 14 * DAY), ("outcome", None)),
    ),
    Plan(
        "product-test",
        _l("Product test"),
        _l("People read what is to be tried, try it, and tell you; then you say what you change."),
        _of(("brief", 7 * DAY), ("test", 21 * DAY), ("review", 7 * DAY), ("outcome", None)),
    ),
    Plan(
        "slogan-contest",
        _l("Slogan contest"),
        _l("Two weeks for short lines, a week to vote on them."),
        (
            _without("communication", 14 * DAY, "accepts_votes"),
            *_of(("vote", 7 * DAY), ("outcome", None)),
        ),
        {"title_min": 3, "title_max": 60, "text_max": 500},
    ),
    Plan(
        "idea-box",
        _l("Permanent idea box"),
        _l("Ideas and votes at any time, without an end."),
        _of(("conception", None)),
    ),
    Plan(
        "live-brainstorm",
        _l("Live brainstorm"),
        _l("One hour of ideas in a room, half an hour to vote."),
        (_without("conception", HOUR, "accepts_votes"), *_of(("vote", HOUR / 2), ("outcome", None))),
        {"title_min": 3},
    ),
    Plan(
        "participatory-budget",
        _l("Participatory budget"),
        _l(
            "Four weeks of ideas, three in which your team puts a price on each, two in which everybody spends the budget."
        ),
        (
            *_of(("brief", 7 * DAY)),
            _without("conception", 28 * DAY, "accepts_votes"),
            *_of(("review", 21 * DAY)),
            PlannedStage("vote", 14 * DAY, method="budget", method_settings={"budget": 10_000}),
            *_of(("outcome", None)),
        ),
    ),
)


def plan_called(key: str | None, own: Iterable[Plan] = ()) -> Plan:
    """The plan of this key, of the brand's `own` or of those that are ready-made; or the first."""
    return next((plan for plan in (*own, *PLANS) if plan.key == key), PLANS[0])


def stages_until(begin: datetime, ideas: datetime, votes: datetime) -> list[WantedStage]:
    """The three stages of a campaign of which no more is known than when ideas and votes end."""
    moments: Iterable[tuple[str, datetime]] = (("conception", begin), ("vote", ideas), ("outcome", votes))
    if ideas == votes:
        moments = (("conception", begin), ("outcome", votes))
    return [WantedStage(kind, at, switches=KINDS[kind].switches) for kind, at in moments]
