"""The few pages that belong to no slice: the front page, health, and what only developers see."""

from flask import Blueprint, Response, render_template
from sqlalchemy import text

from campaign.extensions import db

bp = Blueprint("pages", __name__)


@bp.get("/healthz")
def health() -> Response:
    """For supervisors: 200 while the database answers."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
