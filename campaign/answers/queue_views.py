"""The team's queue of answers: what is due, what is overdue, and acts on many at once."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from campaign.accounts.wished_mail import wants, wish_mail
from campaign.answers.access import colleagues_on
from campaign.answers.assigning import assign_many
from campaign.answers.clock import days_of, promise_days
from campaign.answers.drafting import AT_ONCE, Done, begin_drafts, publish_drafts
from campaign.answers.forms import PromiseForm
from campaign.answers.promise import promise
from campaign.answers.queue import VIEWS, WHOSE, counts_of, lines_of, queue
from campaign.answers.reminding import DUE, end_mails, read_ending
from campaign.answers.templates import template_in, templates_of
from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.errors import BadRequest
from campaign.extensions import csrf, db
from campaign.forms import ask
from campaign.ideas.models import disclose
from campaign.languages import number

bp = Blueprint("answer_queue", __name__)


@bp.get("/campaigns/<slug>/answers")
@login_required
def show(slug: str) -> ResponseReturnValue:
    return _page(campaign_for(current_user, slug, to="answer"))


@bp.post("/campaigns/<slug>/answers/assignments")
@login_required
def assignments(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="answer")
    person = None
    if given := request.form.get("person"):
        person = next((one for one in colleagues_on(campaign, "answer") if str(one.id) == given), None)
        if person is None:
            raise BadRequest
    done = assign_many(campaign, current_user, person, _chosen("assigned"))
    return _after(
        campaign,
        done,
        lambda count: (
            ngettext(
                "%(count)s idea is with %(name)s now.",
                "%(count)s ideas are with %(name)s now.",
                count,
                **_n(count),
                name=person.name,
            )
            if person
            else ngettext("%(count)s idea is nobody’s now.", "%(count)s ideas are nobody’s now.", count, **_n(count))
        ),
    )


@bp.post("/campaigns/<slug>/answers/drafts")
@login_required
def drafts(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="answer")
    template = template_in(campaign.brand, _whole(request.form.get("template")))
    done = begin_drafts(campaign, current_user, template, _chosen("draft"))
    return _after(
        campaign,
        done,
        lambda count: ngettext(
            "%(count)s draft is kept. Read it before you publish it.",
            "%(count)s drafts are kept. Read them before you publish them.",
            count,
            **_n(count),
        ),
    )


@bp.post("/campaigns/<slug>/answers/publication")
@login_required
def publication(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="answer")
    done = publish_drafts(campaign, current_user, _chosen("draft"), tell="quiet" not in request.form)
    return _after(
        campaign,
        done,
        lambda count: ngettext(
            "%(count)s answer is published.", "%(count)s answers are published.", count, **_n(count)
        ),
    )


@bp.route("/campaigns/<slug>/answers/promise", methods=["GET", "POST"])
@login_required
def promised(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = PromiseForm(data={"days": days_of(campaign)})
    page = ask("answers/promise.html", form, **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    promise_days(campaign, current_user, form.days.data or 0)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/answers")


@bp.post("/campaigns/<slug>/answers/mails")
@login_required
def mails(slug: str) -> ResponseReturnValue:
    """Have a mail where answers are due, or none."""
    campaign = campaign_for(current_user, slug, to="answer")
    wanted = request.form.get("wanted") == "1"
    wish_mail(current_user, DUE, wanted)
    db.session.commit()
    flash(
        _("You get a mail when answers are due.") if wanted else _("You get no more mails about what is due."), "good"
    )
    return redirect(f"{campaign.url}/answers")


@bp.get("/answer-mails/<token>")
def ending(token: str) -> ResponseReturnValue:
    """Asks first: programs that look at mails follow their links."""
    read_ending(token)
    return render_template("answers/mails_end.html", over=False)


@bp.post("/answer-mails/<token>")
@csrf.exempt  # Mail programs send it at one press, without our page; the token says whose wish it is.
def ended(token: str) -> ResponseReturnValue:
    end_mails(token)
    db.session.commit()
    return render_template("answers/mails_end.html", over=True)


def _after(campaign: Campaign, done: Done, told: Any) -> ResponseReturnValue:
    """Keep what was done; where something was refused, show the queue with each reason beside its idea."""
    db.session.commit()
    if not done.ideas and not done.refused:
        flash(_("Choose ideas first, then what to do with them."), "attention")
    if done.ideas:
        flash(told(len(done.ideas)), "good")
    if done.refused:
        return _page(campaign, done.refused), 409
    return redirect(_url(campaign, *_wish(request.form)))


def _page(campaign: Campaign, refused: dict[int, str] | None = None) -> str:
    given = request.form if refused else request.args
    (view, whose), team = _wish(given), colleagues_on(campaign, "answer")
    after = None if refused else request.args.get("from")
    page = queue(campaign, current_user, view, whose, team, after)
    disclose(campaign, [line.idea for line in page.lines])
    return render_template(
        "answers/queue.html",
        lines=page.lines,
        next_url=f"{_url(campaign, view, whose)}&from={page.cursor}" if page.cursor else None,
        first=after is None,
        view=view,
        whose=whose,
        counts=counts_of(campaign, current_user, view, whose, team),
        url=lambda view, whose: _url(campaign, view, whose),
        team=team,
        templates=templates_of(campaign.brand),
        days=days_of(campaign),
        kept=promise(campaign),
        refused=[(line, refused[line.idea.id]) for line in lines_of(campaign, refused)] if refused else [],
        most=AT_ONCE,
        wants_mail=wants(current_user, DUE),
        **around(campaign),
    )


def _wish(given: Any) -> tuple[str, str]:
    view, whose = given.get("view", ""), given.get("whose", "")
    return view if view in VIEWS else VIEWS[0], whose if whose in WHOSE else WHOSE[0]


def _url(campaign: Campaign, view: str, whose: str) -> str:
    return f"{campaign.url}/answers?{urlencode({'view': view, 'whose': whose})}"


def _chosen(stamp: str) -> dict[int, str]:
    """The ideas that were chosen, each with the stamp of what their row showed."""
    ids = [_whole(one) for one in request.form.getlist("idea")[:AT_ONCE]]
    return {one: request.form.get(f"{stamp}-{one}", "") for one in ids}


def _whole(text: str | None) -> int:
    if not (text and text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest
    return int(text)


def _n(count: int) -> dict[str, Any]:
    return {"count": number(count)}
