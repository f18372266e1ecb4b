"""When an idea can no longer be changed: some time after it came in, with so many supporters, or with the brand's answer."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import seal_on
from campaign.clock import now
from campaign.ideas.models import Idea
from campaign.languages import moment, number

Why = Callable[[Idea], str | None]
_also: list[Why] = []
_reopening: list[Callable[[Idea], bool]] = []


def also_ends_edits(why: Why) -> None:
    """Have another slice say why an idea can't be changed, in a sentence, or None where it has nothing against it."""
    _also.append(why)


def also_reopens_edits(has: Callable[[Idea], bool]) -> None:
    """Have another slice say that the authors of an idea were asked to change it, so that they can whatever else ends changes."""
    _reopening.append(has)


def is_reopened(idea: Idea) -> bool:
    """Whether this idea waits for its authors to change it, also where its campaign takes no changes now."""
    return any(has(idea) for has in _reopening)


def why_ended(idea: Idea) -> str | None:
    """Why this idea can't be changed any more, in a sentence for its author. None where its campaign's rules let it."""
    campaign = idea.campaign
    if campaign.edits_until_answer and idea.answered:
        return _("The brand has answered this idea, so it stays as it is.")
    if (most := _most_votes(campaign)) and idea.votes >= most:
        return ngettext(
            "%(count)s person supports this idea, so it stays as it is.",
            "%(count)s people support this idea, so it stays as it is.",
            idea.votes,
            count=number(idea.votes),
        )
    if (end := _end(idea)) and end <= now():
        return _("The time to change this idea ended on %(moment)s.", moment=moment(end))
    return next((why for ended in _also if (why := ended(idea))), None)


def ends_of(idea: Idea) -> list[str]:
    """What will end its changes, whichever comes first: each as the end of “It can be changed until…”."""
    campaign, end, most = idea.campaign, _end(idea), _most_votes(idea.campaign)
    return [
        said
        for said in (
            moment(end) if end else "",
            ngettext(
                "%(count)s person supports it",
                "%(count)s people support it",
                most,
                count=number(most),
            )
            if most
            else "",
            _("the brand answers it") if campaign.edits_until_answer else "",
        )
        if said
    ]


def edits_end(campaign: Campaign) -> list[str]:
    """What ends changes to every idea, for whoever reads of it before they write: each as the end of “until…”."""
    hours, most = campaign.edit_hours, campaign.edit_votes
    return [
        *(
            [
                ngettext(
                    "%(count)s hour after it came in", "%(count)s hours after it came in", hours, count=number(hours)
                )
            ]
            if hours
            else []
        ),
        *(
            [ngettext("%(count)s person supports it", "%(count)s people support it", most, count=number(most))]
            if most
            else []
        ),
        *([_("the brand answers it")] if campaign.edits_until_answer else []),
    ]


def _most_votes(campaign: Campaign) -> int | None:
    """How many supporters end the changes. While counts are sealed none does: that an idea can't be changed would tell of them."""
    return campaign.edit_votes if seal_on(campaign) == "always" else None


def _end(idea: Idea) -> datetime | None:
    hours = idea.campaign.edit_hours
    return idea.submitted_at + timedelta(hours=hours) if hours else None
