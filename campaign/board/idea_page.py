"""What an idea's page tells around the idea, and what it offers to whoever looks."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.answers.clock import due_at
from campaign.answers.desk import desk_of
from campaign.answers.promise import promises
from campaign.brands.access import Asker
from campaign.campaigns.access import tags_of_team
from campaign.campaigns.sealing import seal_on
from campaign.evaluation.access import TEAM
from campaign.extensions import db
from campaign.ideas.actions import why_it_stays, why_it_stays_away
from campaign.ideas.edit_ends import is_reopened, why_ended
from campaign.ideas.models import Idea, IdeaVersion
from campaign.ideas.similar import twin_of
from campaign.ladder.showing import steps_reached
from campaign.languages import number
from campaign.merging.checks import voting_is_over
from campaign.moderation.access import may_suspend
from campaign.statuses.access import may_set
from campaign.statuses.kinds import QUALIFIED_NAME
from campaign.votes.ended import stood_in


def life_of(idea: Idea) -> list[dict[str, Any]]:
    """The line of an idea's life: what happened to it, with dates."""
    steps = [{"label": _("Suggested"), "at": idea.submitted_at}]
    if idea.version > 1:
        edited = db.session.scalar(db.select(db.func.max(IdeaVersion.at)).where(IdeaVersion.idea_id == idea.id))
        steps.append({"label": _("Edited, version %(number)s", number=idea.version), "at": edited})
    if idea.qualified_at:
        steps.append({"label": QUALIFIED_NAME, "at": idea.qualified_at})
    if idea.answered_at:
        steps.append({"label": _("Answered by the brand"), "at": idea.answered_at})
    if idea.withdrawal:
        left = {
            "withdrawn": _("Withdrawn"),
            "retired": _("Retired"),
            "merged": _("Merged into another"),
            "expired": _("Its time ran out"),
            "held": _("Waits for a moderator"),
            "hidden": _("Taken down"),
        }
        steps.append({"label": left[idea.withdrawal.kind], "at": idea.withdrawal.at})
    steps += [
        {
            "label": ngettext(
                "Reached %(count)s supporter",
                "Reached %(count)s supporters",
                one.supporters,
                count=number(one.supporters),
            ),
            "at": one.at,
        }
        for one in steps_reached(idea)
    ]
    steps += [
        {"label": _("“%(title)s” was merged into it", title=one.idea.title), "at": one.at} for one in idea.absorbed
    ]
    steps.sort(key=lambda step: step["at"])
    return [{**step, "state": "now" if step is steps[-1] else "past"} for step in steps]


def offers(person: Asker, idea: Idea, rights: set[str]) -> dict[str, Any]:
    """What an idea's page offers this person, whose roles there allow `rights`, to do with it. The actions ask again."""
    campaign = idea.campaign
    mine, ended = idea.is_by(person), why_ended(idea)
    votes_frozen = idea.status is not None and idea.status.freezes_votes
    suggested = person.is_authenticated and idea.author_id == person.id
    changes = campaign.accepts_edits and (not idea.withdrawn or idea.unseen)
    reopened = mine and not idea.withdrawn and is_reopened(idea)
    manages = "manage" in rights
    open_board = seal_on(campaign) == "always"
    may_restore = (
        suggested
        and idea.withdrawn
        and not idea.merged_into
        and not idea.unseen
        and not idea.expiry
        and campaign.accepts_ideas
        and open_board
        and why_it_stays_away(idea) is None
    )
    return {
        "mine": mine,
        "suggested": suggested,
        "may_vote": person.is_authenticated
        and not mine
        and campaign.accepts_support
        and not idea.withdrawn
        and not votes_frozen,
        "may_edit": (mine and changes and not ended) or reopened,
        "may_amend": person.is_authenticated and not mine and changes and not ended and not idea.unseen,
        "edits_ended": ended if mine and changes and not reopened else None,
        "may_withdraw": suggested and not idea.withdrawn and why_it_stays(idea) is None,
        "may_restore": may_restore,
        "may_retire": suggested
        and not idea.withdrawn
        and not idea.absorbed
        and not votes_frozen
        and campaign.is_open
        and not voting_is_over(campaign)
        and stood_in(idea) is None,
        "may_say_same": person.is_authenticated and not idea.withdrawn and campaign.is_open,
        "may_take_down": "moderate" in rights and not mine and not idea.withdrawn,
        "may_report": person.is_authenticated and not mine and not idea.withdrawn,
        "may_undo": idea.merged_into is not None
        and "moderate" in rights
        and not mine
        and not idea.merged_into.is_by(person),
        "twin": twin_of(campaign, idea.title) if may_restore else None,
        "may_answer": "answer" in rights,
        "answer_due": due_at(idea) if promises(campaign) and not (idea.answered or idea.withdrawn) else None,
        "desk": desk_of(idea) if "see" in rights else None,
        "may_give_time": manages and idea.expiry is not None,
        "may_evaluate": not TEAM.isdisjoint(rights),
        "may_send_back": may_set(rights) and not mine and not idea.withdrawn,
        "may_place": may_set(rights) and not idea.withdrawn,
        "may_manage": manages,
        "may_declare": manages and (idea.label is None or idea.label.kind != "staff"),
        "may_declare_any": manages,
        "may_suspend": may_suspend(person, campaign, rights),
        "may_tag": "moderate" in rights and bool(tags_of_team(campaign)),
    }
