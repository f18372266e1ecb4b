"""What an idea's page tells around the idea, and what it offers to whoever looks."""

from typing import Any

from flask_babel import gettext as _

from campaign.brands.access import Asker, rights_of
from campaign.campaigns.access import tags_of_team
from campaign.campaigns.sealing import seal_on
from campaign.extensions import db
from campaign.ideas.actions import may_leave
from campaign.ideas.edit_ends import why_ended
from campaign.ideas.models import Idea, IdeaVersion
from campaign.ideas.similar import twin_of
from campaign.moderation.access import may_suspend


def life_of(idea: Idea) -> list[dict[str, Any]]:
    """The line of an idea's life: what happened to it, with dates."""
    steps = [{"label": _("Suggested"), "at": idea.submitted_at}]
    if idea.version > 1:
        edited = db.session.scalar(db.select(db.func.max(IdeaVersion.at)).where(IdeaVersion.idea_id == idea.id))
        steps.append({"label": _("Edited, version %(number)s", number=idea.version), "at": edited})
    if idea.answered_at:
        steps.append({"label": _("Answered by the brand"), "at": idea.answered_at})
    if idea.withdrawal:
        steps.append({"label": _("Withdrawn"), "at": idea.withdrawal.at})
    steps.sort(key=lambda step: step["at"])
    return [{**step, "state": "now" if step is steps[-1] else "past"} for step in steps]


def offers(person: Asker, idea: Idea) -> dict[str, Any]:
    """What an idea's page offers this person to do with it. The actions ask again."""
    campaign = idea.campaign
    mine, ended = idea.is_by(person), why_ended(idea)
    suggested = person.is_authenticated and idea.author_id == person.id
    changes = campaign.accepts_edits and not idea.withdrawn
    rights = rights_of(person, campaign.brand_id, campaign.id)
    manages = "manage" in rights
    may_restore = suggested and idea.withdrawn and campaign.accepts_ideas and seal_on(campaign) == "always"
    return {
        "mine": mine,
        "suggested": suggested,
        "may_vote": person.is_authenticated and not mine and campaign.accepts_support and not idea.withdrawn,
        "may_edit": mine and changes and not ended,
        "may_amend": person.is_authenticated and not mine and changes and not ended,
        "edits_ended": ended if mine and changes else None,
        "may_withdraw": suggested and not idea.withdrawn and may_leave(idea),
        "may_restore": may_restore,
        "twin": twin_of(campaign, idea.title) if may_restore else None,
        "may_answer": "answer" in rights,
        "may_manage": manages,
        "may_declare": manages and (idea.label is None or idea.label.kind != "staff"),
        "may_declare_any": manages,
        "may_suspend": may_suspend(person, campaign, rights),
        "may_tag": "moderate" in rights and bool(tags_of_team(campaign)),
    }
