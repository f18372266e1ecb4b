"""An author asks for another look at what was taken down."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.heading import around
from campaign.extensions import db
from campaign.forms import ask
from campaign.moderation.access import own_subject_for
from campaign.moderation.deciding import appeal, last_case
from campaign.moderation.editing import comes_back
from campaign.moderation.forms import AppealForm
from campaign.moderation.rules import rules_of
from campaign.moderation.subjects import campaign_of, idea_of, kept_as

bp = Blueprint("appeals", __name__)


@bp.route("/<any(ideas, comments):kind>/<id:number>/appeal", methods=["GET", "POST"])
@login_required
def appealing(kind: str, number: int) -> ResponseReturnValue:
    subject = own_subject_for(current_user, "idea" if kind == "ideas" else "comment", number)
    campaign, idea, form = campaign_of(subject), idea_of(subject), AppealForm()
    case = last_case(subject)
    down = case if case and case.verdict == "hidden" else None
    page = ask(
        "moderation/appeal.html",
        form,
        subject=subject,
        case=down,
        kept=kept_as(subject),
        look=next((one for one in down.looks if one.kind == "appeal"), None) if down else None,
        back=comes_back(subject),
        edit=f"/{kind}/{number}/edit",
        days=rules_of(campaign).appeal_days,
        above={"label": idea.title, "url": idea.url},
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    appeal(subject, current_user, form.words.data)
    db.session.commit()
    flash(_("Sent. Somebody else of the team looks at it, and you get a mail with the answer."), "good")
    return redirect(f"/{kind}/{number}/appeal")
