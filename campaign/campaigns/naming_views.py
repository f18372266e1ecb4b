"""Whether voters are listed by name: for everybody to read, and for the team to choose."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from wtforms import RadioField, SelectChoice, StringField

from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.naming import (
    NAMINGS,
    can_name,
    choose_naming,
    has_ballots,
    naming_versions,
)
from campaign.extensions import db
from campaign.forms import Form, Page, ask, at_most
from campaign.text import squeeze

bp = Blueprint("naming", __name__)

KEYS = {"secret": False, "named": True}


class NamingForm(Form):
    naming = RadioField(
        _l("Who votes"),
        choices=[SelectChoice(key, NAMINGS[named].name) for key, named in KEYS.items()],
        invalid_choice_message=_l("Choose one of the two."),
    )
    why = StringField(_l("Why"), filters=[squeeze], validators=[at_most(500)])


@bp.get("/campaigns/<slug>/naming")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)[0]()


@bp.post("/campaigns/<slug>/naming")
@login_required
def choose(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    page, form = _page(slug)
    if not form.validate():
        return page(), 422
    choose_naming(campaign, current_user, KEYS[form.naming.data], form.why.data)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/naming")


def _page(slug: str) -> tuple[Page, NamingForm]:
    campaign = campaign_for(current_user, slug, to="manage" if request.method == "POST" else None)
    form = NamingForm(naming="named" if campaign.names_voters else "secret")
    page = ask(
        "campaigns/naming.html",
        form,
        versions=naming_versions(campaign),
        frozen=has_ballots(campaign),
        possible=can_name(campaign),
        **around(campaign),
    )
    return page, form
