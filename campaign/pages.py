"""The few pages that belong to no slice: the front page, health, and what only developers see."""

from flask import Blueprint, Response, render_template
from flask_login import current_user
from sqlalchemy import text

from campaign.brands.access import brands_of
from campaign.campaigns.access import ended_campaigns, open_campaigns
from campaign.extensions import db
from campaign.ideas.counting import count_into

bp = Blueprint("pages", __name__)


@bp.get("/")
def front() -> str:
    """What is open now, of all brands."""
    return render_template(
        "home.html",
        campaigns=count_into(open_campaigns()),
        closed=ended_campaigns(),
        own_brands=brands_of(current_user, to="manage"),
    )


@bp.get("/healthz")
def health() -> Response:
    """For supervisors: 200 while the database answers."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
