"""What an idea's page tells around the idea, and what it offers to whoever looks."""

from typing import Any

from flask_babel import gettext as _

from campaign.brands.access import Asker
from campaign.campaigns.access import may_on, tags_of_team
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


def offers(person: Asker, idea: Idea) -> dict[str, bool]:
    """What an idea's page offers this person to do with it. The actions ask again."""
    campaign = idea.campaign
    mine = person.is_authenticated and idea.author_id == person.id
    return {
        "mine": mine,
        "may_vote": person.is_authenticated and not mine and campaign.accepts_support and not idea.withdrawn,
        "may_edit": mine and campaign.accepts_edits and not idea.withdrawn,
        "may_withdraw": mine and not idea.withdrawn and idea.votes == 0,
        "may_restore": mine and idea.withdrawn and campaign.accepts_ideas,
        "may_answer": may_on(person, "answer", campaign),
        "may_tag": may_on(person, "moderate", campaign) and bool(tags_of_team(campaign)),
    }
