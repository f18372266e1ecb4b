from datetime import datetime

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign import settings
from campaign.campaigns.access import campaign_for
from campaign.demo.simulation import end_simulation, simulation_on
from campaign.extensions import db
from campaign.languages import clock

bp = Blueprint("demo", __name__)


@bp.post("/demo/simulation/end")
def end() -> ResponseReturnValue:
    # On somebody's own machine whoever sees the strip may; on a server, those who run the campaign.
    to = None if settings.current().development else "manage"
    campaign = campaign_for(current_user, request.form.get("campaign", ""), to)
    end_simulation(campaign)
    db.session.commit()
    flash(_("The simulated participants are switched off. What they gave stays."), "good")
    return redirect(campaign.url)


@bp.app_template_filter()
def time_of_day(moment: datetime) -> str:
    """14:32, or 14 h 32, where the installation is."""
    return clock(moment)


bp.add_app_template_global(simulation_on)  # Also where a board that is open hears of its stage, away from any page.


@bp.app_context_processor
def _for_the_board() -> dict[str, object]:
    return {"in_development": settings.current().development}
