"""The log of a campaign's moderation, as a page and as a file; and the mails that tell moderators what waits."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from wtforms import SelectChoice

from campaign.accounts.wished_mail import wish_mail
from campaign.brands.access import may
from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.extensions import csrf, db
from campaign.moderation.forms import LogForm
from campaign.moderation.log import KINDS, Sight, Wanted, as_csv, lines_of, moderators_in, sight_of
from campaign.moderation.reminding import WAITS, end_mails, read_ending
from campaign.moderation.searching import whole

bp = Blueprint("moderation_log", __name__)


@bp.get("/campaigns/<slug>/console/log")
@login_required
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="moderate")
    form, sight = _asked(campaign)
    lines, further = lines_of(campaign, _wanted(form), sight, whole(request.args.get("from")))
    asked = {name: value for name, value in request.args.items() if name in form and value}
    return render_template(
        "moderation/log.html",
        **around(campaign),
        form=form,
        lines=lines,
        asked=asked,
        next_url=f"{request.path}?{urlencode({**asked, 'from': further})}" if further else None,
        file_url=f"{request.path}/export?{urlencode(asked)}",
    )


@bp.get("/campaigns/<slug>/console/log/export")
@login_required
def export(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="moderate")
    form, sight = _asked(campaign)
    lines = stream_with_context(as_csv(campaign, _wanted(form), sight))
    response = Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-moderation.csv"'
    response.cache_control.no_store = True
    return response


def _asked(campaign: Campaign) -> tuple[LogForm, Sight]:
    """Which acts the address asks for, and what of the log the asker reads."""
    sight = sight_of(current_user, campaign, may(current_user, "moderate", campaign.brand_id))
    form = LogForm(request.args)
    people = [SelectChoice(str(one.id), one.display_name) for one in moderators_in(campaign, sight)]
    form.by.choices = [SelectChoice("", _("Everybody")), *people]
    form.what.choices = [SelectChoice("", _("Everything")), *(SelectChoice(key, name) for key, name in KINDS.items())]
    return form, sight


def _wanted(form: LogForm) -> Wanted:
    """What of it makes sense: what doesn't is not asked for, and its field says so."""
    form.validate()
    sound: dict[str, Any] = {field.name: field.data for field in form if not field.errors and field.data}
    return Wanted(**{**sound, "by": int(sound["by"])} if "by" in sound else sound)


@bp.post("/campaigns/<slug>/moderation/mails")
@login_required
def mails(slug: str) -> ResponseReturnValue:
    """Have a mail where something waits for longer than an hour, or none."""
    campaign = campaign_for(current_user, slug, to="moderate")
    wanted = request.form.get("wanted") == "1"
    wish_mail(current_user, WAITS, wanted)
    db.session.commit()
    flash(_("You get a mail when something waits.") if wanted else _("You get no more mails about what waits."), "good")
    return redirect(f"{campaign.url}/console")


@bp.get("/moderation-mails/<token>")
def ending(token: str) -> ResponseReturnValue:
    """Asks first: programs that look at mails follow their links."""
    read_ending(token)
    return render_template("moderation/mails_end.html", over=False)


@bp.post("/moderation-mails/<token>")
@csrf.exempt  # Mail programs send it at one press, without our page; the token says whose wish it is.
def ended(token: str) -> ResponseReturnValue:
    end_mails(token)
    db.session.commit()
    return render_template("moderation/mails_end.html", over=True)
