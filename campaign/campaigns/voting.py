"""How people vote in a stage: the methods, what each asks to be set, and the sentence that tells it to who votes."""

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
}


@dataclass(frozen=True)
class Method:
    """One way to vote, in words for who chooses it and for who votes by it."""

    name: Any
    about: Any
    settings: tuple[str, ...]


METHODS = {
    "approval": Method(
        _l("Support"),
        _l("Everybody supports as many ideas as they like, or up to a number. The most supported win."),
        ("cap", "seats"),
    ),
    "dots": Method(
        _l("Points"),
        _l("Everybody spreads a number of points over the ideas as they like. The most points win."),
        ("points", "seats"),
    ),
    "score": Method(_l("Marks"), _l("Everybody gives each idea a mark. The largest sum wins."), ("highest", "seats")),
    "up_down": Method(
        _l("For and against"),
        _l("Everybody votes for or against each idea. Votes for minus votes against decide."),
        ("seats",),
    ),
    "statements": Method(
        _l("Agree, disagree, pass"),
        _l("Everybody agrees or disagrees with each idea, or passes. What most agree with comes first."),
        ("seats",),
    ),
    "ranked": Method(
        _l("Ranking"),
        _l("Everybody puts the ideas they like in order. Three ways of counting stand side by side."),
        ("seats",),
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
        ("budget",),
    ),
}


def settings_of(method: str, given: dict[str, Any]) -> dict[str, int]:
    """Of what was given, what this method uses; what it needs and wasn't given is as usual."""
    used = {name: given.get(name) or SETTINGS[name].default for name in METHODS[method].settings}
    return {name: value for name, value in used.items() if value is not None}
