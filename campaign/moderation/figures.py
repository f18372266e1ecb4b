"""How a campaign is moderated, in figures for everybody: counts, causes and times, equal to the log. No titles, no names, no words."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from flask_babel import format_timedelta
from flask_babel import lazy_gettext as _l

from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.extensions import db
from campaign.moderation.models import Case, Report, SecondLook

MEASURED = 2_000  # The latest decisions, of which the medians are.

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
    median: timedelta | None  # From coming before a moderator to the decision; as the other, of the latest MEASURED.
    appeals: Counter[str]  # By outcome; "waiting" has none yet.
    overdue: int
    appeal_median: timedelta | None

    def total(self, act: str) -> int:
        """Ideas and remarks together."""
        return self.done["idea", act] + self.done["comment", act]


def figures_of(campaign: Campaign) -> Figures:
    """The figures as they are now, counted by the database, however many cases there were. Six queries."""
    kinds = Case.subject, Case.verdict, Case.was_kept, Case.cause
    counted = db.select(*kinds, db.func.count().label("number")).where(Case.campaign_id == campaign.id).group_by(*kinds)
    rows = db.session.execute(counted).all()
    done: Counter[tuple[str, str]] = Counter()
    causes: Counter[str] = Counter()
    for row in rows:
        if row.verdict is not None:
            done[row.subject, _act(row.verdict, row.was_kept)] += row.number
        if row.verdict == "hidden":
            causes[row.cause] += row.number
    given = db.select(Report.reason, db.func.count()).join(Report.case)
    given = given.where(Case.campaign_id == campaign.id, Case.verdict == "hidden").group_by(Report.reason)
    appeal = Case.campaign_id == campaign.id, SecondLook.kind == "appeal"
    asked = db.select(SecondLook.outcome, db.func.count()).join(SecondLook.case).where(*appeal)
    late = db.select(db.func.count()).select_from(SecondLook).join(SecondLook.case)
    late = late.where(*appeal, SecondLook.outcome.is_(None), SecondLook.due_at < now())
    # What the team came upon itself waited for nobody.
    waited = Case.campaign_id == campaign.id, Case.verdict.is_not(None), Case.cause != "team"
    answered = db.select(SecondLook.at, SecondLook.decided_at).join(SecondLook.case)
    answered = answered.where(*appeal, SecondLook.outcome.in_(("upheld", "put_back")))
    return Figures(
        done=done,
        waiting=sum(row.number for row in rows if row.verdict is None),
        causes=causes,
        reported=Counter(dict(db.session.execute(given).all())),
        median=_median(db.select(Case.opened_at, Case.decided_at).where(*waited).order_by(Case.id.desc())),
        appeals=Counter(
            {outcome or "waiting": number for outcome, number in db.session.execute(asked.group_by(SecondLook.outcome))}
        ),
        overdue=db.session.scalar(late) or 0,
        appeal_median=_median(answered.order_by(SecondLook.id.desc())),
    )


def _act(verdict: str, was_kept: str | None) -> str:
    if verdict == "hidden":
        return "taken_down"
    return "put_back" if was_kept == "hidden" else "approved"


def _median(spans: Any) -> timedelta | None:
    """Of the latest that this selection of beginnings and ends gives."""
    rows = db.session.execute(spans.limit(MEASURED))
    lasted = [(until - since).total_seconds() for since, until in rows if until is not None]
    return timedelta(seconds=median(lasted)) if lasted else None


def lasting(span: timedelta) -> str:
    """How long that is, in words: 3 hours."""
    return str(format_timedelta(span, granularity="minute"))
