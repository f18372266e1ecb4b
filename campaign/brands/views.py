from flask import Blueprint

from campaign.brands import models  # noqa: F401

bp = Blueprint("brands", __name__)
