"""What the pages of accounts hang on, whichever file they stand in."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
