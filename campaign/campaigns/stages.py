"""The stages of a campaign, as the rail under its title tells them. Server time decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.languages import day, number


@dataclass(frozen=True)
class Stage:
    """A stretch of a campaign, with what the rail says about it."""

    key: str  # brief, ideas, vote, next
    label: str
    note: str
    state: str  # past, now, later


def stages(campaign: Campaign, ideas: int | None = None) -> list[Stage]:
    """The four stages with what there is to know about each. `ideas`: how many the campaign has received, if counted."""
    present = present_stage(campaign)
    keys = ("brief", "ideas", "vote", "next")
    states = {
        key: "past" if keys.index(key) < keys.index(present) else "now" if key == present else "later" for key in keys
    }
    return [
        Stage("brief", _("The brief"), _brief_note(campaign), states["brief"]),
        Stage("ideas", _("The ideas"), _ideas_note(campaign, states["ideas"], ideas), states["ideas"]),
        Stage("vote", _("The vote"), _vote_note(campaign, states["vote"]), states["vote"]),
        Stage("next", _("Next"), _next_note(campaign), states["next"]),
    ]


def present_stage(campaign: Campaign) -> str:
    """The key of the stage that the campaign is in."""
    if campaign.is_draft or (not campaign.is_closed and now() < campaign.opens_at):
        return "brief"
    if campaign.is_closed or now() >= campaign.votes_until:
        return "next"
    return "ideas" if now() < campaign.ideas_until else "vote"


def short_date(moment: datetime) -> str:
    """5 Dec., with the year where it is another than this one."""
    this_year = format_date(moment, "y") == format_date(now(), "y")
    return day(moment, "d MMM" if this_year else "d MMM y")


def time_left(until: datetime) -> str:
    """What remains, in the two largest units that say something: 4 days and 6 hours."""
    left = max(until - now(), timedelta())
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds % 3600 // 60
    in_days = ngettext("%(count)s day", "%(count)s days", days, count=number(days))
    in_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
    in_minutes = ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if days >= 14 or (days and not hours):
        return in_days
    if days:
        return _("%(longer)s and %(shorter)s", longer=in_days, shorter=in_hours)
    if hours and minutes:
        return _("%(longer)s and %(shorter)s", longer=in_hours, shorter=in_minutes)
    if hours:
        return in_hours
    return in_minutes if minutes else _("less than a minute")


def _left(until: datetime) -> str:
    return _("%(time)s left", time=time_left(until))


def _brief_note(campaign: Campaign) -> str:
    if campaign.publication is None:
        return _("a draft, for your team only")
    return _("published on %(date)s", date=short_date(campaign.publication.at))


def _ideas_note(campaign: Campaign, state: str, ideas: int | None) -> str:
    if state == "later":
        return _("from %(date)s", date=short_date(campaign.opens_at))
    if state == "now":
        return _left(campaign.ideas_until)
    if ideas is None:
        return _("until %(date)s", date=short_date(campaign.ideas_until))
    return ngettext("%(count)s received", "%(count)s received", ideas, count=number(ideas))


def _vote_note(campaign: Campaign, state: str) -> str:
    if state == "now":
        return _left(campaign.votes_until)
    if state == "past":
        if campaign.closing:
            return _("closed on %(date)s", date=short_date(campaign.closing.at))
        return _("until %(date)s", date=short_date(campaign.votes_until))
    if campaign.accepts_votes:  # People vote while ideas still come in.
        return _("already open, until %(date)s", date=short_date(campaign.votes_until))
    return _("until %(date)s", date=short_date(campaign.votes_until))


def _next_note(campaign: Campaign) -> str:
    if campaign.answers_by is None:
        return _("from %(date)s", date=short_date(campaign.votes_until)) if not campaign.is_closed else ""
    return _("answers by %(date)s", date=short_date(campaign.answers_by))
