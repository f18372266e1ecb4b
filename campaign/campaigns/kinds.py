"""The kinds of stages, from the moments of participatory marketing: what each is called, and what is open in it at first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

# What a stage opens or keeps shut, one by one.
SWITCHES = {
    "accepts_ideas": _l("new ideas"),
    "accepts_votes": _l("votes"),
    "accepts_comments": _l("remarks"),
    "accepts_edits": _l("changes to ideas"),
    "accepts_feedback": _l("feedback"),
}
ASKING = ("accepts_ideas", "accepts_votes", "accepts_feedback")  # Those by which a campaign asks something of people.


def switched(on: Iterable[str]) -> dict[str, bool]:
    """Every switch, and whether it is on."""
    on = frozenset(on)
    return {switch: switch in on for switch in SWITCHES}


@dataclass(frozen=True)
class Kind:
    """One kind of stage. Its switches are where a stage of this kind begins; the brand turns them as it likes."""

    name: Any
    about: Any  # What happens in it, for who plans it.
    begun: Any  # What whoever watches is told when it begins.
    switches: frozenset[str]


def _kind(name: Any, about: Any, begun: Any, *switches: str) -> Kind:
    return Kind(name, about, begun, frozenset((*switches, "accepts_comments")))


KINDS = {
    "brief": _kind(
        _l("The brief"),
        _l("People read what you ask, before anything comes in."),
        _l("The brief is there to read."),
    ),
    "conception": _kind(
        _l("The ideas"),
        _l("People suggest ideas, and support those of others."),
        _l("The campaign takes ideas now."),
        "accepts_ideas",
        "accepts_edits",
        "accepts_votes",
    ),
    "development": _kind(
        _l("The workshop"),
        _l("Ideas are amended, and others are built on them; nothing else comes in."),
        _l("All ideas are in. Now they are worked on."),
        "accepts_edits",
    ),
    "communication": _kind(
        _l("The words"),
        _l("Slogans, names and pictures come in as entries."),
        _l("Slogans, names and pictures can come in now."),
        "accepts_ideas",
        "accepts_edits",
        "accepts_votes",
    ),
    "sale": _kind(
        _l("The launch"),
        _l("What was made together is shown, and people say which of it they would want."),
        _l("See what was made together, and say what you would want."),
        "accepts_votes",
    ),
    "review": _kind(
        _l("The review"),
        _l("Your team reads, tests and chooses; nothing more comes in."),
        _l("The team is reading now. Nothing more comes in."),
    ),
    "vote": _kind(
        _l("The vote"),
        _l("People choose among the ideas."),
        _l("The vote is open. Ideas no longer come in."),
        "accepts_votes",
    ),
    "test": _kind(
        _l("The test"),
        _l("People try what was made, and tell how it went."),
        _l("The test has begun. Tell how it goes."),
        "accepts_ideas",
        "accepts_edits",
        "accepts_feedback",
    ),
    "feedback": _kind(
        _l("The feedback"),
        _l("People say what they think of what was made."),
        _l("Your opinion of what was made is asked now."),
        "accepts_ideas",
        "accepts_edits",
        "accepts_feedback",
    ),
    "outcome": _kind(
        _l("The outcome"),
        _l("You answer, and show what you did with it."),
        _l("The answers come now. Thank you to all who took part."),
    ),
}
