"""The versions of an idea as its page tells them: each beside the one before it, the latest first."""

from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from campaign.database import without_connection
from campaign.extensions import db
from campaign.ideas.diffing import Effort, Piece, compare, compare_texts
from campaign.ideas.models import Idea, IdeaVersion
from campaign.threads import away_from_the_loop
from campaign.turns import Turns

SHOWN = 20  # The latest; who edits more often hides nothing by it, for each says what it changed.

# One comparison at a time: whoever asks for many pages of them waits for their own.
_comparing = Turns(1, waiting=20)

Words = tuple[str, str]  # A title and a text.


def told_versions(idea: Idea) -> list[dict[str, Any]]:
    """Each version with the pieces of its title and of its text, and with what was attached and taken off. One query."""
    latest = db.select(IdeaVersion).where(IdeaVersion.idea_id == idea.id).order_by(IdeaVersion.number.desc())
    whole = joinedload(IdeaVersion.editor), joinedload(IdeaVersion.amender)
    found = list(db.session.scalars(latest.limit(SHOWN + 1).options(*whole)))
    # The first beside itself, as nothing came before.
    steps = list(zip([*found[1:], *found[-1:]], found, strict=True))[:SHOWN]
    said = tuple(((before.title, before.text), (after.title, after.text)) for before, after in steps)
    return [
        {"version": after, **told, "attached": attached_between(before, after)}
        for (before, after), told in zip(steps, differences(said), strict=True)
    ]


def differences(said: tuple[tuple[Words, Words], ...]) -> list[dict[str, Any]]:
    """The pieces of each pair: `title` as plain words, `text` as HTML; `told_whole` where they were too different to compare."""
    with without_connection(), _comparing:
        return away_from_the_loop(_differences, said)


@lru_cache(maxsize=64)  # Versions never change, and neither does what is between them.
def _differences(said: tuple[tuple[Words, Words], ...]) -> list[dict[str, Any]]:
    effort = Effort()
    return [_difference(old, new, effort) for old, new in said]


def _difference(old: Words, new: Words, effort: Effort) -> dict[str, Any]:
    title, text = compare(old[0], new[0], effort), compare_texts(old[1], new[1], effort)
    return {"title": title, "text": text, "told_whole": effort.used_up and old != new}


def attached_between(before: Any, after: Any) -> list[Piece]:
    """Pictures by what they show, documents by their names."""
    old, new = _names(before), _names(after)
    kept = [Piece("same" if key in old else "added", name) for key, name in new.items()]
    return kept + [Piece("removed", name) for key, name in old.items() if key not in new]


def _names(version: Any) -> dict[str, str]:
    return {
        **{picture["key"]: picture["alt"] or _("A picture without a description") for picture in version.pictures},
        **{document["key"]: document["name"] for document in version.documents},
    }
