from flask import Blueprint

from campaign.ideas import models  # noqa: F401

bp = Blueprint("ideas", __name__)
