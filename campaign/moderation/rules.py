"""How a campaign is moderated: before or after publication, what weight of reports takes something out of sight, and who looks twice."""

from typing import Any, NamedTuple

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.extensions import db
from campaign.history import record
from campaign.moderation.models import APPEAL_DAYS, REPORTS_MOST, Moderating


class Rules(NamedTuple):
    """What holds in a campaign."""

    ideas_first: bool = False
    remarks_first: bool = False
    hides_at: int = REPORTS_MOST
    confirms_hides: bool = False
    appeal_days: int = APPEAL_DAYS


def rules_of(campaign: Campaign) -> Rules:
    """What holds in this campaign. One query."""
    there = db.session.get(Moderating, campaign.id)
    return Rules(*(getattr(there, name) for name in Rules._fields)) if there else Rules()


def choose_rules(campaign: Campaign, by: Person, rules: Rules) -> None:
    """Moderate from now on like this. What waits already waits on, until somebody decides. Chosen again, it changes nothing."""
    lock(campaign)
    before = rules_of(campaign)
    if before == rules:
        return
    _write(campaign, rules)
    changes = {
        name: [was, is_now] for name, was, is_now in zip(Rules._fields, before, rules, strict=True) if was != is_now
    }
    record("moderation.chosen", campaign, by=by, changes=changes)


def _write(campaign: Campaign, rules: Rules) -> None:
    there = db.session.get(Moderating, campaign.id)
    if there is None:
        there = Moderating(campaign_id=campaign.id)
        db.session.add(there)
    for name, value in rules._asdict().items():
        setattr(there, name, value)


def _begin(campaign: Campaign, told: Any, by: Person) -> None:
    _write(campaign, Rules(**told))


carry("moderation", lambda campaign: rules_of(campaign)._asdict(), _begin)
