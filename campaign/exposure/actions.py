"""Choosing in which order people meet ideas while they vote."""

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.extensions import db
from campaign.history import record
from campaign.jobs import wake

EXPOSURES = {"shuffled": _l("Shuffled"), "guaranteed": _l("Guaranteed exposure")}


def choose_exposure(campaign: Campaign, by: Person, exposure: str) -> None:
    """Let people meet ideas in this order from now on. Chosen again, it changes nothing."""
    lock(campaign)
    if campaign.exposure == exposure:
        return
    before, campaign.exposure = campaign.exposure, exposure
    record("exposure.chosen", campaign, by=by, exposure=[before, exposure])
    wake("exposure")
    db.session.flush()
