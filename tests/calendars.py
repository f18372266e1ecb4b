"""The stages of the tests' campaigns: ideas until one moment, votes until another, and what comes after."""

from datetime import datetime, timedelta

from campaign.campaigns.kinds import KINDS, switched
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.plans import stages_until
from campaign.clock import now


def stages_of(opens_at: datetime, ideas_until: datetime, votes_until: datetime) -> list[Stage]:
    """Three stages as rows, or two where ideas and votes end together."""
    return [
        Stage(kind=stage.kind, opens_at=stage.opens_at, **switched(KINDS[stage.kind].switches))
        for stage in stages_until(opens_at, ideas_until, votes_until)
    ]


def stage_called(campaign: Campaign, kind: str) -> Stage:
    return next(stage for stage in campaign.stages if stage.kind == kind)


def over(campaign: Campaign) -> None:
    """Let ideas and votes have ended just now, one after the other: together they would be one stage."""
    moment = now()
    until(campaign, ideas_until=moment - timedelta(microseconds=1), votes_until=moment)


def until(campaign: Campaign, **dates: datetime) -> None:
    """Move the campaign's beginning, the end of its ideas, or of its votes."""
    before = {
        "opens_at": campaign.opens_at,
        "ideas_until": campaign.stages[1].opens_at,
        "votes_until": campaign.stages[-1].opens_at,
    }
    wanted = before | dates
    if wanted["opens_at"] >= wanted["ideas_until"]:
        wanted["opens_at"] = wanted["ideas_until"] - timedelta(days=1)
    kept = {stage.kind: stage for stage in campaign.stages}
    for stage in stages_of(**wanted):
        if there := kept.pop(stage.kind, None):
            there.opens_at = stage.opens_at
        else:
            campaign.stages.append(stage)
    for stage in kept.values():
        campaign.stages.remove(stage)
    campaign.stages.sort(key=lambda stage: stage.opens_at)
