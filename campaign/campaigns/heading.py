"""What stands above every page of a campaign."""

from typing import Any

from flask_login import current_user

from campaign.campaigns.access import may_on
from campaign.campaigns.models import Campaign


def around(campaign: Campaign) -> dict[str, Any]:
    """What the header of a campaign's page needs to know about it and about who asks for the page."""
    return {"campaign": campaign, "brand": campaign.brand, "may_manage": may_on(current_user, "manage", campaign)}
