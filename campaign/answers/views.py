from flask import Blueprint

from campaign.answers import models  # noqa: F401

bp = Blueprint("answers", __name__)
