"""What notices are about, and how somebody can be told of it."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class Kind(NamedTuple):
    """One sort of notice, for which each person chooses how to be told."""

    name: Any
    hint: Any
    how: str  # Until somebody chooses.


KINDS = {
    "own": Kind(
        _l("Your ideas"),
        _l("They are answered, merged, or stand somewhere else; and what their team asks or tells you in private."),
        "at_once",
    ),
    "own_remarks": Kind(_l("Remarks on your ideas"), _l("Somebody says something under one."), "daily"),
    "reply": Kind(_l("Replies to your remarks"), _l("Somebody answers what you said."), "daily"),
    "mentioned": Kind(_l("Remarks that mention you"), _l("Somebody calls you by your name in one."), "daily"),
    "followed": Kind(
        _l("Ideas that you follow"),
        _l("They are answered, merged, taken back, or stand somewhere else; and the outcome."),
        "at_once",
    ),
    "update": Kind(_l("News from authors"), _l("The author of an idea that you follow writes news about it."), "daily"),
    "said": Kind(_l("Remarks on ideas that you follow"), _l("Somebody says something under one."), "weekly"),
    "suggested": Kind(_l("New ideas"), _l("By a person, with a tag, or in a campaign that you follow."), "weekly"),
    "campaign": Kind(_l("Campaigns that you follow"), _l("A stage begins, and the outcome comes."), "daily"),
    "team": Kind(
        _l("Your work for a brand"),
        _l(
            "An idea is yours to answer, a colleague names you in a note or replies to yours, authors answer your question."
        ),
        "at_once",
    ),
}

HOW = {
    "at_once": _l("Mail at once"),
    "daily": _l("Mail once a day"),
    "weekly": _l("Mail once a week"),
    "page": _l("No mail, only here"),
    "nothing": _l("Nothing"),
}
BY_DIGEST = ("daily", "weekly")
