"""How a campaign is moderated, in figures for everybody: counts, causes and times, equal to the log. No titles, no names, no words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from flask_babel import format_timedelta
from flask_babel import lazy_gettext as _l

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.moderation.models import Case, Report, SecondLook

# How something came before a moderator, for everybody to read.
CAUSES_TOLD = {
    "first": _l("Read before it was published"),
    "filter": _l("Held by a filter, for a person to look"),
    "reports": _l("Reported by people"),
    "team": _l("Found by the team"),
    "edited": _l("Changed by its author, and looked at again"),
}


@dataclass(frozen=True)
class Figures:
    """What moderators of a campaign have done so far."""

    done: Counter[tuple[str, str]]  # How often what was done ("approved", …) with which kind ("idea", "comment").
    waiting: int
    causes: Counter[str]  # Of what was taken down: how it came before a moderator.
    reported: Counter[str]  # Of what was taken down: as what people had reported it.
    median: timedelta | None  # From coming before a moderator to the decision.
    appeals: Counter[str]  # By outcome; "waiting" has none yet.
    overdue: int
    appeal_median: timedelta | None

    def total(self, act: str) -> int:
        """Ideas and remarks together."""
        return self.done["idea", act] + self.done["comment", act]


def figures_of(campaign: Campaign) -> Figures:
    """The figures as they are now. Three queries."""
    columns = Case.subject, Case.verdict, Case.was_kept, Case.cause, Case.opened_at, Case.decided_at
    rows = db.session.execute(db.select(*columns).where(Case.campaign_id == campaign.id)).all()
    decided = [row for row in rows if row.verdict is not None]
    given = db.select(Report.reason, db.func.count()).join(Report.case)
    given = given.where(Case.campaign_id == campaign.id, Case.verdict == "hidden").group_by(Report.reason)
    asked = db.select(SecondLook).join(SecondLook.case)
    asked = asked.where(Case.campaign_id == campaign.id, SecondLook.kind == "appeal")
    appeals = db.session.scalars(asked).all()
    return Figures(
        done=Counter((row.subject, _act(row.verdict, row.was_kept)) for row in decided),
        waiting=len(rows) - len(decided),
        causes=Counter(row.cause for row in decided if row.verdict == "hidden"),
        reported=Counter(dict(db.session.execute(given).all())),
        # What the team came upon itself waited for nobody.
        median=_median((row.opened_at, row.decided_at) for row in decided if row.cause != "team"),
        appeals=Counter(one.outcome or "waiting" for one in appeals),
        overdue=sum(one.due_at < now() for one in appeals if one.outcome is None),
        appeal_median=_median((one.at, one.decided_at) for one in appeals if one.outcome in ("upheld", "put_back")),
    )


def _act(verdict: str, was_kept: str | None) -> str:
    if verdict == "hidden":
        return "taken_down"
    return "put_back" if was_kept == "hidden" else "approved"


def _median(spans: Iterable[tuple[datetime, datetime | None]]) -> timedelta | None:
    lasted = [(until - since).total_seconds() for since, until in spans if until is not None]
    return timedelta(seconds=median(lasted)) if lasted else None


def lasting(span: timedelta) -> str:
    """How long that is, in words: 3 hours."""
    return str(format_timedelta(span, granularity="minute"))
