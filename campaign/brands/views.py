from functools import cache
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.local import LocalProxy

from campaign.bodies import takes_files
from campaign.brands import models  # noqa: F401
from campaign.brands.access import brand_for, brands_of
from campaign.brands.actions import change_brand, found_brand, remove_logo, set_logo
from campaign.brands.colours import DEFAULT, HEX, palette, properties
from campaign.brands.forms import BrandForm, FoundingForm
from campaign.errors import BadRequest
from campaign.extensions import db
from campaign.forms import ask
from campaign.text import slugify

bp = Blueprint("brands", __name__)


@bp.app_context_processor
def brands_of_person() -> dict[str, Any]:
    # Asked when a page lists them, once, and not for each partial that a board sends.
    return {"brands_of_person": LocalProxy(cache(lambda: brands_of(current_user)))}


@bp.route("/brands/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    form = FoundingForm()
    page = ask("brands/new.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    form.slug.data = form.slug.data or slugify(form.name.data)
    brand = found_brand(form.name.data, form.slug.data, current_user)
    db.session.commit()
    flash(_("%(brand)s is here, and yours. Choose its colour.", brand=brand.name), "good")
    return redirect(f"{brand.url}/settings")


@bp.route("/brands/<slug>/settings", methods=["GET", "POST"])
@login_required
@takes_files
def settings(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="own")
    form = BrandForm(brand)
    typed = form.colour.data if HEX.fullmatch(form.colour.data or "") else brand.colour
    page = ask(
        "brands/settings.html", form, brand=brand, may_manage=True, shown=properties(palette(typed)), note=_note(typed)
    )
    if not form.is_submitted():
        return page()
    if request.form.get("then") == "preview":
        return page(), 200 if form.validate() else 422
    # The picture first: while it is made, nothing is written yet, and nobody's vote waits for its turn. And where it is
    # refused, that is said together with what is wrong with the rest.
    if form.logo.data and not form.without_logo.data:
        set_logo(brand, current_user, form.logo.data)
    if not form.validate():
        db.session.rollback()
        return page(), 422
    if form.without_logo.data:
        remove_logo(brand, current_user)
    change_brand(brand, current_user, form.name.data, form.colour.data, form.about)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{brand.url}/settings")


@bp.get("/brands/palette")
def derive() -> ResponseReturnValue:
    """For the preview beside the colour, while somebody chooses: the shades, and what was done to the colour."""
    colour = request.args.get("colour", DEFAULT)
    if not HEX.fullmatch(colour):
        raise BadRequest
    return jsonify(colours=properties(palette(colour)), note=_note(colour))


def _note(colour: str) -> str:
    light = palette(colour).light
    if light.brand == colour.lower():
        return _(
            "In the light theme your colour stays as it is. In the dark theme it is made brighter where it needs to be."
        )
    if light.fill == colour.lower():
        return _(
            "Buttons have your colour as it is. In the light theme, words and lines take a darker one, %(colour)s, so that everybody can read them.",
            colour=light.brand,
        )
    return _(
        "In the light theme your colour is made darker, %(fill)s for buttons and %(colour)s for words, so that everybody can read them.",
        fill=light.fill,
        colour=light.brand,
    )
