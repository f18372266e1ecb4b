"""How pages speak and look to whoever reads them: their language, light or dark."""

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from campaign.accounts.actions import describe
from campaign.accounts.onwards import onwards
from campaign.errors import BadRequest
from campaign.extensions import db
from campaign.languages import COOKIE, LANGUAGES

YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")

bp = Blueprint("appearance", __name__)


@bp.post("/language", endpoint="language")
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        raise BadRequest
    if current_user.is_authenticated:
        describe(current_user, current_user.name, chosen)
        db.session.commit()
    return speaking(chosen, redirect(onwards()))


@bp.post("/theme")
def theme() -> ResponseReturnValue:
    chosen = request.form.get("theme")
    if chosen not in THEMES:
        raise BadRequest
    return _keep("theme", chosen, redirect(onwards()))


def speaking(chosen: str, response: Response) -> Response:
    """The response, after which this browser's pages come in the chosen language."""
    return _keep(COOKIE, chosen, response)


def _keep(name: str, chosen: str, response: Response) -> Response:
    secure = current_app.session_interface.get_cookie_secure(current_app)
    response.set_cookie(name, chosen, max_age=YEAR, samesite="Lax", secure=secure)
    return response
