"""The stages of a campaign as the rail under its title tells them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import format_date, ngettext, to_user_timezone
from flask_babel import gettext as _

from campaign.campaigns.models import Campaign, Stage
from campaign.clock import now
from campaign.languages import day, moment, number


@dataclass(frozen=True)
class Stop:
    """A stage as the rail shows it."""

    key: str  # The stage's kind; "brief" for the time before the first.
    label: str
    note: str
    state: str  # past, now, later


def timeline(campaign: Campaign, ideas: int | None = None) -> list[Stop]:
    """The stages with what there is to know about each. `ideas`: how many the campaign has received, if counted.

    What came before the first is told as the brief, unless that is a stage of its own.
    """
    stops = [Stop(stage.kind, stage.name, _note(stage, ideas), stage.state) for stage in campaign.stages]
    if stops and stops[0].key == "brief":
        return stops
    return [Stop("brief", _("The brief"), _brief_note(campaign), "past" if campaign.present else "now"), *stops]


def short_date(at: datetime) -> str:
    """5 Dec., with the year where it is another than this one."""
    return day(at, _pattern(at))


def _pattern(at: datetime) -> str:
    this_year = format_date(at, "y") == format_date(now(), "y")
    return "d MMM" if this_year else "d MMM y"


def _turn(campaign: Campaign, at: datetime) -> str:
    """The date at which a stage begins or ends, with the hour where another one begins or ends on the same day."""
    date = to_user_timezone(at).date()
    others = (turn for turn in campaign.turns if turn != at)
    if any(to_user_timezone(turn).date() == date for turn in others):
        return moment(at, _pattern(at))
    return short_date(at)


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


def _brief_note(campaign: Campaign) -> str:
    if campaign.publication is None:
        return _("a draft, for your team only")
    return _("published on %(date)s", date=short_date(campaign.publication.at))


def _note(stage: Stage, ideas: int | None) -> str:
    campaign, end, state = stage.campaign, stage.ends_at, stage.state
    if campaign.closing and state == "now":
        return _("closed on %(date)s", date=short_date(campaign.closing.at))
    if stage.is_held:
        return _("did not open") if state == "past" else _("opens as soon as it is ready")
    if campaign.is_draft and stage.kind == "brief":
        return _brief_note(campaign)
    if state == "later":
        if campaign.accepts_votes and _goes_on(stage):  # People vote while ideas still come in.
            return _("already open, until %(date)s", date=_turn(campaign, end)) if end else _("already open")
        return _("from %(date)s", date=_turn(campaign, stage.opens_at))
    if state == "past":
        return _past_note(stage, ideas)
    if stage.kind == "outcome" and campaign.answers_by and not campaign.has_ended:
        return _("answers by %(date)s", date=short_date(campaign.answers_by))
    if end is None:
        return _("without an end")
    return (
        _("until %(date)s", date=_turn(campaign, end)) if stage.has_passed else _("%(time)s left", time=time_left(end))
    )


def _goes_on(stage: Stage) -> bool:
    """Whether people vote in this coming stage as they do now: by supporting ideas, which goes from stage to stage."""
    present = stage.campaign.stage
    return stage.accepts_votes and present is not None and present.method == stage.method == "approval"


def _past_note(stage: Stage, ideas: int | None) -> str:
    # The calendar goes on behind a closing: what it had still to open never did, and what ran ended that day.
    closed_at = stage.campaign.closing.at if stage.campaign.closing else None
    if closed_at and stage.opens_at > closed_at:
        return _("did not open")
    if stage.accepts_ideas and ideas is not None:
        return ngettext("%(count)s received", "%(count)s received", ideas, count=number(ideas))
    ends = [end for end in (stage.ends_at, closed_at) if end]
    return _("until %(date)s", date=_turn(stage.campaign, min(ends))) if ends else ""
