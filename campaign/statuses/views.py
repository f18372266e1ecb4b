"""Where an idea stands, and the page on which a campaign's team keeps its list of statuses."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from wtforms import SelectChoice

from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.forms import Page, ask
from campaign.languages import number
from campaign.statuses.access import idea_to_place_for, status_for
from campaign.statuses.actions import changes_of, following_for, set_status, standing_of
from campaign.statuses.arranging import add_status, change_status, choose_number, move_status, remove_status
from campaign.statuses.forms import PlaceForm, QualifyingForm, RemovalForm, StatusForm
from campaign.statuses.kinds import KINDS, QUALIFIED_NAME
from campaign.statuses.lists import status_counts, statuses_of
from campaign.statuses.models import Status, stamp_of

bp = Blueprint("statuses", __name__)
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(STATUS_KINDS=KINDS, QUALIFIED_NAME=QUALIFIED_NAME))


@bp.route("/ideas/<id:idea_id>/status", methods=["GET", "POST"])
@login_required
def place(idea_id: int) -> ResponseReturnValue:
    idea, freely = idea_to_place_for(current_user, idea_id)
    form = PlaceForm()
    page = ask(
        "statuses/place.html",
        form,
        idea=idea,
        freely=freely,
        present=lambda: standing_of(idea, statuses_of(idea.campaign)),
        offered=lambda: following_for(idea),
        last=lambda: next(reversed(changes_of(idea)), None),
        **around(idea.campaign),
    )
    read, form.read.data = form.read.data, str(stamp_of(changes_of(idea)))  # Sent again after a refusal, it is meant.
    if not form.is_submitted():
        return page()
    if not form.validate():
        form.read.data = read
        return page(), 422
    set_status(idea, current_user, form.status.data, form.reason.data or "", read=_whole(read), freely=freely)
    db.session.commit()
    flash(_("Where it stands is on its page, and its authors have a mail."), "good")
    return redirect(f"{idea.url}#standing")


@bp.route("/campaigns/<slug>/statuses", methods=["GET", "POST"])
@login_required
def list_page(slug: str) -> ResponseReturnValue:
    """The list; what is sent from here is the number of supporters that qualifies an idea."""
    campaign = campaign_for(current_user, slug, to="manage")
    form = QualifyingForm(number=campaign.qualifies_at)
    page = ask(
        "statuses/list.html",
        form,
        statuses=statuses_of(campaign),
        counts=status_counts(campaign),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose_number(campaign, current_user, form.number.data)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/statuses#qualifying")


@bp.route("/campaigns/<slug>/statuses/new-status", methods=["GET", "POST"])
@login_required
def new(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    page, form = _ask_status(campaign)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    add_status(campaign, current_user, form.wanted)
    return _kept(campaign)


@bp.route("/campaigns/<slug>/statuses/<key>", methods=["GET", "POST"])
@login_required
def change(slug: str, key: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    page, form = _ask_status(campaign, status_for(campaign, key))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    change_status(campaign, current_user, key, form.wanted)
    return _kept(campaign)


@bp.post("/campaigns/<slug>/statuses/<key>/place")
@login_required
def move(slug: str, key: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    move_status(campaign, current_user, key, _whole(request.form.get("to")))
    db.session.commit()
    return redirect(f"{campaign.url}/statuses#status-{key}")


@bp.route("/campaigns/<slug>/statuses/<key>/removal", methods=["GET", "POST"])
@login_required
def removal(slug: str, key: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    status, form = status_for(campaign, key), RemovalForm()
    form.to.choices = [SelectChoice(other.key, other.name) for other in statuses_of(campaign) if other.key != key]
    page = ask(
        "statuses/removal.html",
        form,
        status=status,
        standing=lambda: status_counts(campaign).get(status_for(campaign, key).id, 0),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    moved = remove_status(campaign, current_user, key, form.to.data, form.reason.data or "")
    db.session.commit()
    gone = _("The status is gone.")
    if moved:
        gone = ngettext(
            "The status is gone, and %(count)s idea has moved. Its authors have a mail.",
            "The status is gone, and %(count)s ideas have moved. Their authors have a mail.",
            moved,
            count=number(moved),
        )
    flash(gone, "good")
    return redirect(f"{campaign.url}/statuses")


def _ask_status(campaign: Campaign, status: Status | None = None) -> tuple[Page, StatusForm]:
    form = StatusForm(campaign, statuses_of(campaign), status)
    return ask("statuses/edit.html", form, status=status, **around(campaign)), form


def _kept(campaign: Campaign) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/statuses")


def _whole(text: Any) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
