from flask import Blueprint

from campaign.votes import models  # noqa: F401

bp = Blueprint("votes", __name__)
