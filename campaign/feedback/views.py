from flask import Blueprint

from campaign.feedback import models  # noqa: F401

bp = Blueprint("feedback", __name__)
