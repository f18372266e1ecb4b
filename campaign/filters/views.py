"""The pages of filters: of a brand, with what one of them learned, and of a campaign, with its own words."""

from typing import Any

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.brands.access import brand_for, may
from campaign.brands.gates import why_shut
from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.filters.choosing import choose, choose_words, chosen_by, words_of_campaign
from campaign.filters.forms import FiltersForm, WordsForm
from campaign.filters.gating import ACTS, FROM, choose_gates, gates_of
from campaign.filters.learning import ENOUGH
from campaign.filters.lessons import decisions_of
from campaign.filters.levels import standing_of
from campaign.filters.limits import LEVELS, LIMITS, VOTES
from campaign.filters.models import Learned
from campaign.filters.words import MOST
from campaign.forms import ask

bp = Blueprint("filters", __name__)


@bp.app_context_processor
def told_levels() -> dict[str, Any]:
    return {  # By pages of the slice below.
        "level_of": lambda person_id, brand_id: LEVELS[standing_of(person_id, brand_id).level],
        "filters_of": chosen_by,
        "limits_told": _limits_told,
        "shut_for_me": _shut_for_me,
    }


def _limits_told(brand_id: int) -> dict[str, Any]:
    """How much one may send, by level, with the level of who asks."""
    level = standing_of(current_user.id, brand_id).level if current_user.is_authenticated else None
    rows = [
        (
            LEVELS[key],
            key == level,
            LIMITS["idea"][key].amount,
            LIMITS["remark"][key].amount,
            LIMITS["report"][key].amount,
            VOTES["first" if key == "first" else "later"],
        )
        for key in LEVELS
    ]
    gates = gates_of(brand_id)
    gated = [(ACTS[act], FROM[needed]) for act in ACTS if (needed := getattr(gates, act))]
    return {"rows": rows, "level": LEVELS[level] if level else None, "gated": gated}


def _shut_for_me(act: str, brand_id: int) -> str:
    """Why whoever asks may not do it here yet; empty where they may."""
    refusal = why_shut(act, current_user, brand_id) if current_user.is_authenticated else None
    return str(refusal.message) if refusal else ""


@bp.route("/brands/<slug>/filters", methods=["GET", "POST"])
@login_required
def of_brand(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="manage")
    present = chosen_by(brand.id)
    data = {**present._asdict(), "words": "\n".join(present.words), "hosts": "\n".join(present.hosts)}
    gates = gates_of(brand.id)
    form = FiltersForm(data=data | {f"from_{act}": getattr(gates, act) or "" for act in ACTS})
    page = ask(
        "filters/brand.html",
        form,
        brand=brand,
        may_manage=may(current_user, "manage", brand.id),
        most=MOST,
        lesson=db.session.get(Learned, brand.id),
        percent=format_percent,
        decisions=decisions_of(brand.id),
        enough=ENOUGH,
        acts=ACTS,
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose(brand, current_user, form.chosen)
    choose_gates(brand, current_user, form.gates)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{brand.url}/filters")


@bp.route("/campaigns/<slug>/filters", methods=["GET", "POST"])
@login_required
def of_campaign(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = WordsForm(data={"words": "\n".join(words_of_campaign(campaign.id))})
    of_brand = may(current_user, "manage", campaign.brand_id)  # And not of this campaign alone.
    page = ask("filters/campaign.html", form, most=MOST, of_brand=of_brand, **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose_words(campaign, current_user, form.chosen_words)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/moderation")
