"""Which tools an idea's authors have, and what unlocks the others. A tool never tells a figure that its reader may not know."""

from datetime import timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.languages import number
from campaign.promotion.models import TOOLS, PromotionMarks

NAMES = {"links": _l("Links to share"), "kit": _l("A mail to send"), "poster": _l("A poster")}


class Marks(NamedTuple):
    """What unlocks a tool, the first of the two; 0 is at once. Without either, it is not offered."""

    supporters: int | None
    days: int | None


USUAL = {"links": Marks(0, 0), "kit": Marks(10, 7), "poster": Marks(25, 14)}


class ToolLocked(Refused):
    code, message = "tool_locked", _l("This is not unlocked yet.")


class Tool(NamedTuple):
    """One of the tools, as the page shows it."""

    key: str
    unlocked: bool
    needs: str  # What unlocks it, in words.

    @property
    def name(self) -> str:
        return str(NAMES[self.key])


def marks_of(campaign: Campaign) -> dict[str, Marks]:
    """What unlocks each tool on this campaign. One query."""
    found = db.select(PromotionMarks).where(PromotionMarks.campaign_id == campaign.id)
    return USUAL | {row.tool: Marks(row.supporters, row.days) for row in db.session.scalars(found)}


def choose_marks(campaign: Campaign, by: Person, marks: dict[str, Marks]) -> None:
    """Say from when on authors have which tool. Said again, it changes nothing."""
    lock(campaign)
    before = marks_of(campaign)
    if before == marks:
        return
    write_marks(campaign, marks)
    record("promotion.changed", campaign, by, marks=[_written(before), _written(marks)])


def write_marks(campaign: Campaign, marks: dict[str, Marks]) -> None:
    for tool in TOOLS:
        db.session.merge(
            PromotionMarks(campaign_id=campaign.id, tool=tool, supporters=marks[tool].supporters, days=marks[tool].days)
        )


def tools_of(idea: Idea, reader: Person) -> list[Tool]:
    """The tools that the campaign offers, each with whether the idea has unlocked it. One query; at most two more, for a seal."""
    shown = counts_shown(idea.campaign, reader)
    age = now() - idea.submitted_at
    tools = []
    for key, marks in marks_of(idea.campaign).items():
        by_days = marks.days is not None and age >= timedelta(days=marks.days)
        by_votes = marks.supporters == 0 or (shown and marks.supporters is not None and idea.votes >= marks.supporters)
        if marks != Marks(None, None):
            tools.append(Tool(key, by_days or by_votes, _needs(idea, marks, shown)))
    return tools


def check_unlocked(idea: Idea, reader: Person, key: str) -> None:
    """Raise ToolLocked, with what unlocks it, unless the idea's authors have this tool."""
    tool = next((tool for tool in tools_of(idea, reader) if tool.key == key), None)
    if tool is None or not tool.unlocked:
        raise ToolLocked(tool.needs if tool else None)


def _needs(idea: Idea, marks: Marks, shown: bool) -> str:
    supporters = days = ""
    if marks.supporters is not None:
        supporters = ngettext(
            "%(count)s supporter", "%(count)s supporters", marks.supporters, count=number(marks.supporters)
        )
    if marks.days is not None:
        days = ngettext(
            "%(count)s day after you suggested it",
            "%(count)s days after you suggested it",
            marks.days,
            count=number(marks.days),
        )
    if supporters and days:
        both = _("Unlocks with %(supporters)s, or %(days)s.", supporters=supporters, days=days)
    else:
        both = (
            _("Unlocks with %(supporters)s.", supporters=supporters)
            if supporters
            else _("Unlocks %(days)s.", days=days)
        )
    if supporters and not shown:
        both += " " + _("While counts are sealed, only the days speak: otherwise it would tell the count.")
    return both


def _written(marks: dict[str, Marks]) -> dict[str, list[int | None]]:
    return {tool: list(marks[tool]) for tool in TOOLS}


def _begin_with(campaign: Campaign, told: dict[str, list[Any]], by: Person) -> None:
    marks = {tool: Marks(*told[tool]) for tool in TOOLS}
    if marks != marks_of(campaign):
        write_marks(campaign, marks)


carry("promotion", lambda campaign: _written(marks_of(campaign)), _begin_with)
