"""Whose an idea is, asked before somebody's first one where the campaign wants it: their own, or with what is another's."""

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import Rules
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea

BUILDS_ON_MAX = 200
ORIGINS = {
    "own": _l("Yes, it is my own"),
    "allowed": _l("In part: somebody else’s brand or work is in it, and I may use it"),
    "theirs": _l("No, it is somebody else’s"),
}


class OriginMissing(Refused):
    code, field, message = "origin_missing", "yours", _l("Say whether it is yours.")


class SomebodyElses(Refused):
    code, field = "somebody_elses", "yours"
    message = _l("Then it is theirs to suggest. Send them the address of this campaign, or bring what is your own.")


class SourceMissing(Refused):
    code, field, message = "source_missing", "builds_on", _l("Name them, so that what is theirs stays theirs.")


def asks_origin(campaign: Campaign, rules: Rules | None) -> bool:
    """Whether this campaign, with these rules standing or none, asks whose an idea is."""
    return campaign.asks_origin or rules is not None


def check_origin(campaign: Campaign, rules: Rules | None, origin: str | None, source: str) -> None:
    """Raise what is missing in what an author said, where the campaign asks: one of ORIGINS, and whose work is in it."""
    if not asks_origin(campaign, rules):
        return
    if origin not in ORIGINS:
        raise OriginMissing
    if origin == "theirs":
        raise SomebodyElses
    if origin == "allowed" and not source:
        raise SourceMissing


def has_told_before(campaign: Campaign, author: Person) -> bool:
    """Whether this person brought an idea here before, and was asked. One query."""
    brought = db.select(Idea.id).where(Idea.campaign_id == campaign.id, Idea.author_id == author.id)
    if not campaign.asks_origin:
        brought = brought.where(Idea.rules_id.is_not(None))
    return db.session.scalar(brought.limit(1)) is not None
