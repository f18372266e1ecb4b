from flask import Blueprint

from campaign.campaigns import models  # noqa: F401

bp = Blueprint("campaigns", __name__)
