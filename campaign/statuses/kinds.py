"""What a status may say and look like, and the list with which every campaign begins."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

# What a status says, whatever it is called: by this, answers and rates are counted.
KINDS = {
    "open": _l("Open: nothing is decided"),
    "review": _l("Under review: somebody is looking into it"),
    "accepted": _l("Accepted: it will be done"),
    "declined": _l("Declined: it won’t be done"),
    "done": _l("Done"),
}
# Each is drawn with one ink and one ground in either theme: see status.css.
COLOURS = {
    "grey": _l("Grey"),
    "blue": _l("Blue"),
    "teal": _l("Teal"),
    "green": _l("Green"),
    "amber": _l("Amber"),
    "brown": _l("Brown"),
    "red": _l("Red"),
    "purple": _l("Purple"),
}
# What a status may keep from happening to its ideas, one by one.
FREEZES = {
    "freezes_votes": _l("votes"),
    "freezes_comments": _l("remarks and feedback"),
    "freezes_edits": _l("changes to the idea"),
}
QUALIFIED_NAME = _l("Qualified for review")


@dataclass(frozen=True)
class Ready:
    """A status that every campaign has until its team says otherwise."""

    name: Any
    kind: str
    colour: str
    leads_to: tuple[str, ...]
    freezes: frozenset[str] = frozenset()


# By their keys, in their order. Where ideas begin stands first.
READY = {
    "new": Ready(_l("New idea"), "open", "grey", ("under-review", "planned", "declined")),
    "under-review": Ready(_l("Under review"), "review", "blue", ("planned", "declined", "new")),
    "planned": Ready(
        _l("Planned"), "accepted", "amber", ("done", "under-review", "declined"), frozenset({"freezes_edits"})
    ),
    "done": Ready(_l("Done"), "done", "green", ("planned",), frozenset({"freezes_votes", "freezes_edits"})),
    "declined": Ready(
        _l("Declined"), "declined", "red", ("under-review",), frozenset({"freezes_votes", "freezes_edits"})
    ),
}
