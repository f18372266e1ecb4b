from flask import Blueprint

from campaign.accounts import models  # noqa: F401

bp = Blueprint("accounts", __name__)
