"""Putting one's name to an idea, reading who did, and hiding what should not stand there."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.attempts import EDITS_BY_ONE, count_writing
from campaign.campaigns.access import may_on
from campaign.campaigns.heading import around
from campaign.campaigns.incentives import labels_of
from campaign.endorsements.access import (
    PAGE,
    endorsement_to_moderate_for,
    endorsements_of,
    has_consented,
    hiding_of,
    own_endorsement,
)
from campaign.endorsements.actions import endorse, hide_endorsement, show_endorsement, withdraw_endorsement
from campaign.endorsements.forms import EndorsementForm, HidingForm
from campaign.errors import NotThere, SignInFirst
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea

bp = Blueprint("endorsements", __name__)


@bp.route("/ideas/<id:idea_id>/endorsements", methods=["GET", "POST"])
def show(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    if request.method == "POST" and not current_user.is_authenticated:
        raise SignInFirst
    campaign, own = idea.campaign, own_endorsement(current_user, idea)
    form = EndorsementForm(data={"text": own.text if own else ""})
    form.ask_agreement(campaign, current_user, remark=True)
    if has_consented(current_user):
        del form.public
    moderates = may_on(current_user, "moderate", campaign)
    found = endorsements_of(idea, current_user, PAGE, _before(), moderates)
    page = ask(
        "endorsements/show.html",
        form,
        idea=idea,
        own=own,
        own_hiding=hiding_of(idea.id, current_user.id) if own else None,
        found=found,
        labels=labels_of(campaign, found.people),
        origins=idea.origins,
        may_endorse=can_endorse(idea),
        moderates=moderates,
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(EDITS_BY_ONE, "endorsement", current_user.id)
    public = bool(form.public and form.public.data)
    endorse(idea, current_user, form.text.data, public, form.agreement)
    db.session.commit()
    flash(_("Your name stands under this idea. You can take it away at any time."), "good")
    return redirect(f"{idea.url}/endorsements")


@bp.post("/ideas/<id:idea_id>/endorsements/withdrawal")
@login_required
def withdraw(idea_id: int) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id)
    withdraw_endorsement(idea, current_user)
    db.session.commit()
    flash(_("Your name is taken away."), "good")
    return redirect(f"{idea.url}/endorsements")


@bp.route("/ideas/<id:idea_id>/endorsements/<id:person_id>/hiding", methods=["GET", "POST"])
@login_required
def hiding(idea_id: int, person_id: int) -> ResponseReturnValue:
    endorsement = endorsement_to_moderate_for(current_user, idea_id, person_id)
    idea, form = endorsement.idea, HidingForm()
    page = ask("endorsements/hide.html", form, idea=idea, endorsement=endorsement, **around(idea.campaign))
    if hiding_of(idea.id, person_id) is not None:
        return redirect(f"{idea.url}/endorsements")  # Somebody else was first.
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    hide_endorsement(endorsement, current_user, form.why.data)
    db.session.commit()
    flash(_("It is hidden. Its author finds your reason."), "good")
    return redirect(f"{idea.url}/endorsements")


@bp.post("/ideas/<id:idea_id>/endorsements/<id:person_id>/hiding/undo")
@login_required
def unhide(idea_id: int, person_id: int) -> ResponseReturnValue:
    endorsement = endorsement_to_moderate_for(current_user, idea_id, person_id)
    show_endorsement(endorsement, current_user)
    db.session.commit()
    flash(_("Everybody can read it again."), "good")
    return redirect(f"{endorsement.idea.url}/endorsements")


def can_endorse(idea: Idea) -> bool:
    """Whether the page offers it to whoever looks. The action asks again."""
    frozen = idea.status is not None and idea.status.freezes_comments
    mine = current_user.is_authenticated and idea.is_by(current_user)
    return idea.campaign.accepts_comments and not idea.withdrawn and not frozen and not mine


def _before() -> int | None:
    asked = request.args.get("from")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise NotThere
    return int(asked)
