"""The page of tools for an idea's authors, what it gives to take along, the short link, and the marks that a campaign sets."""

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import ask
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.languages import LANGUAGES
from campaign.promotion.access import promoted_idea_for
from campaign.promotion.forms import MarksForm
from campaign.promotion.kit import kit_in
from campaign.promotion.links import idea_of, networks, short_url
from campaign.promotion.poster import poster_of
from campaign.promotion.unlocking import check_unlocked, choose_marks, marks_of, tools_of

bp = Blueprint("promotion", __name__)


@bp.get("/i/<code>")
def short(code: str) -> ResponseReturnValue:
    return redirect(idea_for(current_user, idea_of(code)).url)


@bp.get("/ideas/<id:idea_id>/promotion")
@login_required
def show(idea_id: int) -> ResponseReturnValue:
    idea = promoted_idea_for(current_user, idea_id)
    url = short_url(idea)
    words = _("“%(title)s”, an idea to support", title=idea.title)
    return render_template(
        "promotion/show.html",
        idea=idea,
        url=url,
        words=words,
        networks=networks(url, words),
        tools=tools_of(idea, current_user),
        kits=[kit_in(idea, language) for language in idea.campaign.languages],
        **around(idea.campaign),
    )


@bp.get("/ideas/<id:idea_id>/promotion/mail-<language>.txt")
@login_required
def mail_as_text(idea_id: int, language: str) -> ResponseReturnValue:
    idea = _unlocked(idea_id, language, "kit")
    return _file(kit_in(idea, language).txt, "text/plain; charset=utf-8", f"idea-{idea.id}-{language}.txt")


@bp.get("/ideas/<id:idea_id>/promotion/mail-<language>.eml")
@login_required
def mail_as_draft(idea_id: int, language: str) -> ResponseReturnValue:
    idea = _unlocked(idea_id, language, "kit")
    return _file(kit_in(idea, language).eml, "message/rfc822", f"idea-{idea.id}-{language}.eml")


@bp.get("/ideas/<id:idea_id>/promotion/poster-<language>.pdf")
@login_required
def poster(idea_id: int, language: str) -> ResponseReturnValue:
    idea = _unlocked(idea_id, language, "poster")
    name = f"idea-{idea.id}-{language}.pdf"
    return _file(poster_of(idea, language, current_user.id), "application/pdf", name)


def _unlocked(idea_id: int, language: str, tool: str) -> Idea:
    if language not in LANGUAGES:
        raise NotThere
    idea = promoted_idea_for(current_user, idea_id)
    check_unlocked(idea, current_user, tool)
    return idea


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/campaigns/<slug>/promotion", methods=["GET", "POST"])
@login_required
def marks(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = MarksForm(marks_of(campaign))
    page = ask("promotion/marks.html", form, **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    choose_marks(campaign, current_user, form.marks)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/promotion")
