"""An idea's card, as the board tells it to programs: with each change, and to whoever asks for some of them."""

from typing import Any

from flask import render_template

from campaign.ideas.models import Idea


def told_card(idea: Idea, told: bool) -> dict[str, Any]:
    """What it says, and its HTML as on the page. `told`: whether totals may be seen."""
    card = {
        "id": idea.id,
        "title": idea.title,
        "author": idea.author.display_name,
        "coauthors": [coauthor.person.display_name for coauthor in idea.coauthors],
        "disclosed": ", ".join(
            dict.fromkeys(idea.labels[author.id].words for author in idea.authors if author.id in idea.labels)
        ),
        "version": idea.version,
        "votes": idea.votes,
        "comments": idea.comments,
        "unconfirmed": idea.unconfirmed,
        "qualified": idea.qualified_at is not None,
        "html": render_template("ideas/_idea.html", idea=idea, my_votes={}, counts_told=told),
    }
    if idea.status:
        card["status"] = {"key": idea.status.key, "kind": idea.status.kind, "name": idea.status.name}
    if not told:
        del card["votes"], card["unconfirmed"]  # Who was asked again is who supported it.
    return card
