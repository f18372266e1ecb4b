"""What an idea's page tells around the idea."""

from typing import Any

from flask_babel import gettext as _

from campaign.ideas.models import Idea


def life_of(idea: Idea) -> list[dict[str, Any]]:
    """The line of an idea's life: what happened to it, with dates."""
    steps = [{"label": _("Suggested"), "at": idea.submitted_at}]
    if idea.version > 1:
        steps.append({"label": _("Edited, version %(number)s", number=idea.version), "at": idea.versions[-1].at})
    if idea.answered_at:
        steps.append({"label": _("Answered by the brand"), "at": idea.answered_at})
    if idea.withdrawal:
        steps.append({"label": _("Withdrawn"), "at": idea.withdrawal.at})
    steps.sort(key=lambda step: step["at"])
    return [{**step, "state": "now" if step is steps[-1] else "past"} for step in steps]
