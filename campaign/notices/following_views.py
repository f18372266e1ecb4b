"""Following a campaign, a person, a tag: buttons where one meets them, and their end."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.accounts.access import local_path
from campaign.campaigns.access import campaign_for
from campaign.extensions import db
from campaign.notices.following import (
    author_for,
    follow_campaign,
    follow_person,
    follow_tag,
    tag_for,
    unfollow_campaign,
    unfollow_person,
    unfollow_tag,
)

bp = Blueprint("notice_following", __name__)


@bp.post("/campaigns/<slug>/following")
@login_required
def campaign(slug: str) -> ResponseReturnValue:
    found = campaign_for(current_user, slug)
    follow_campaign(current_user, found)
    return _done(
        _("You follow “%(name)s”: what happens there is among your notices.", name=found.text.title), found.url
    )


@bp.post("/campaigns/<slug>/following/end")
@login_required
def campaign_end(slug: str) -> ResponseReturnValue:
    found = campaign_for(current_user, slug)
    unfollow_campaign(current_user, found)
    return _done(_("You follow “%(name)s” no more.", name=found.text.title), found.url)


@bp.post("/campaigns/<slug>/tags/<tag>/following")
@login_required
def tag(slug: str, tag: str) -> ResponseReturnValue:
    found = tag_for(current_user, slug, tag)
    follow_tag(current_user, found)
    url = f"/campaigns/{slug}?tag={found.slug}"
    return _done(_("You follow “%(name)s”: new ideas with this tag are among your notices.", name=found.name), url)


@bp.post("/campaigns/<slug>/tags/<tag>/following/end")
@login_required
def tag_end(slug: str, tag: str) -> ResponseReturnValue:
    found = tag_for(current_user, slug, tag)
    unfollow_tag(current_user, found)
    url = f"/campaigns/{slug}?tag={found.slug}"
    return _done(_("You follow “%(name)s” no more.", name=found.name), url)


@bp.post("/people/<id:person_id>/following")
@login_required
def person(person_id: int) -> ResponseReturnValue:
    found = author_for(current_user, person_id)
    follow_person(current_user, found)
    return _done(_("You follow %(name)s: their new ideas are among your notices.", name=found.display_name), "/notices")


@bp.post("/people/<id:person_id>/following/end")
@login_required
def person_end(person_id: int) -> ResponseReturnValue:
    """Also of somebody of whom nothing can be read any more."""
    unfollow_person(current_user, person_id)
    return _done(_("You follow them no more."), "/profile/followed")


def _done(said: str, url: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "good")
    return redirect(local_path(request.form.get("next")) or url)
