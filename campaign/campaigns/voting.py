"""How people vote in a stage: the methods, what each asks to be set, and the sentence that tells it to who votes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Setting:
    """A whole number that a method needs, or may be given."""

    label: Any
    hint: Any
    least: int
    most: int
    default: int | None = None
    needed: bool = True


SETTINGS = {
    "cap": Setting(
        _l("Votes for each person"),
        _l("At most, in the whole campaign. Left empty, as many as they like."),
        1,
        500,
        None,
        False,
    ),
    "points": Setting(_l("Points for each person"), _l("To be spread over the ideas."), 1, 1000, 10),
    "highest": Setting(_l("The highest mark"), _l("Marks go from 0 to this."), 1, 10, 5),
    "budget": Setting(_l("Budget, in euros"), _l("What the chosen ideas may cost together."), 1, 1_000_000_000, None),
    "duels": Setting(_l("Duels for each person"), _l("At most. Each shows two ideas."), 1, 100, 20),
    "seats": Setting(_l("Ideas to choose"), _l("How many win."), 1, 100, 1),
    "least": Setting(
        _l("Ideas on a ballot, at least"),
        _l(
            "So many ideas each person marks, or all that can be marked where there are fewer. Left empty, one will do."
        ),
        1,
        500,
        None,
        False,
    ),
    "most": Setting(
        _l("Ideas on a ballot, at most"),
        _l("No more than so many ideas of each person. Left empty, as many as they like."),
        1,
        500,
        None,
        False,
    ),
}


@dataclass(frozen=True)
class Method:
    """One way to vote, in words for who chooses it and for who votes by it. `settings`: the numbers that it needs, or may be given."""

    name: Any
    about: Any
    settings: tuple[str, ...]


# How many ideas stand on one ballot. Where single ideas are supported there is no ballot, and a duel has two ideas.
HOW_MANY = ("least", "most")

METHODS = {
    "approval": Method(
        _l("Support"),
        _l("Everybody supports as many ideas as they like, or up to a number. The most supported win."),
        ("cap", "seats"),
    ),
    "dots": Method(
        _l("Points"),
        _l("Everybody spreads a number of points over the ideas as they like. The most points win."),
        ("points", "seats", *HOW_MANY),
    ),
    "score": Method(
        _l("Marks"), _l("Everybody gives each idea a mark. The largest sum wins."), ("highest", "seats", *HOW_MANY)
    ),
    "scales": Method(
        _l("Several scales"),
        _l(
            "Everybody says of each idea how it does on several scales. All scales weigh the same, and the largest sum wins."
        ),
        ("seats", *HOW_MANY),
    ),
    "up_down": Method(
        _l("For and against"),
        _l("Everybody votes for or against each idea. Votes for minus votes against decide."),
        ("seats", *HOW_MANY),
    ),
    "statements": Method(
        _l("Agree, disagree, pass"),
        _l("Everybody agrees or disagrees with each idea, or passes. What most agree with comes first."),
        ("seats", *HOW_MANY),
    ),
    "ranked": Method(
        _l("Ranking"),
        _l("Everybody puts the ideas they like in order. Three ways of counting stand side by side."),
        ("seats", *HOW_MANY),
    ),
    "duels": Method(
        _l("Duels"),
        _l(
            "Everybody is shown two ideas at a time, and says which is better. Strengths are estimated from all answers."
        ),
        ("duels", "seats"),
    ),
    "budget": Method(
        _l("Budget"),
        _l("Everybody chooses ideas that cost no more together than the budget. Equal shares decide what is paid."),
        ("budget", *HOW_MANY),
    ),
}


def settings_of(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was given, what this method uses: numbers, and the scales where there are several. What it needs and wasn't given is as usual."""
    used = {name: given.get(name) or SETTINGS[name].default for name in METHODS[method].settings}
    if method == "scales":
        used["scales"] = given.get("scales") or []
    return {name: value for name, value in used.items() if value is not None}
