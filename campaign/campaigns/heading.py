"""What stands above every page of a campaign."""

import re
from typing import Any

from flask import request
from flask_login import current_user

from campaign.campaigns.access import may_on
from campaign.campaigns.models import Campaign

BACK_MOST = 500  # Characters.


def around(campaign: Campaign) -> dict[str, Any]:
    """What the header of a campaign's page needs to know about it and about who asks for the page."""
    return {"campaign": campaign, "brand": campaign.brand, "may_manage": may_on(current_user, "manage", campaign)}


def way_back(campaign: Campaign) -> str | None:
    """The list of the campaign's console from which somebody came to this page, to lead them back to it; None where they came otherwise.

    Nothing else is taken for one, whatever a link says.
    """
    asked = request.args.get("back", "")
    console = rf"{re.escape(campaign.url)}/console(/[a-z]+)?(\?[A-Za-z0-9_=&%+.~-]*)?"
    return asked if len(asked) <= BACK_MOST and re.fullmatch(console, asked) else None
