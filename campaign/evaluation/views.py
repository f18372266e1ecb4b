"""What a reviewer has to evaluate, the team's view of it all, and the pages on which criteria and reviewers are chosen."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown
from campaign.errors import NotThere
from campaign.evaluation.access import evaluation_for
from campaign.evaluation.assigning import AT_ONCE, assign, ideas_to_deal, reviewers_of, take_assignments_back
from campaign.evaluation.clarifying import waiting_in
from campaign.evaluation.criteria import is_frozen, scorecard_of, set_criteria
from campaign.evaluation.exporting import as_csv
from campaign.evaluation.forms import AssignmentForm, CriteriaForm
from campaign.evaluation.listing import own_ideas, own_progress, progress_of_all
from campaign.evaluation.models import Scorecard
from campaign.evaluation.results import ORDERS, in_hundredths, in_order, results_of, sight_of
from campaign.extensions import db
from campaign.feedback.summary import Marks, marks_by_id
from campaign.forms import ask
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import list_ideas
from campaign.ideas.models import Idea
from campaign.languages import number
from campaign.statuses.lists import statuses_of
from campaign.text import squeeze

SHOWN = 50  # On one page.

bp = Blueprint("evaluation", __name__)


@bp.app_template_filter("hundredths")
def hundredths(value: Any) -> str:
    """A mean or a spread with its two places, as the reader's language writes them."""
    exact = in_hundredths(value) if isinstance(value, Fraction) else value
    return format_decimal(exact, "0.00")


@bp.get("/campaigns/<slug>/evaluation")
@login_required
def mine(slug: str) -> ResponseReturnValue:
    campaign, rights = evaluation_for(current_user, slug)
    if "evaluate" not in rights:
        return redirect(f"{campaign.url}/evaluation/results")
    scorecard, done = scorecard_of(campaign), request.args.get("show") == "done"
    page = own_ideas(campaign, current_user, scorecard, done, _whole("from"), SHOWN)
    cursor = f"{campaign.url}/evaluation?{'show=done&' if done else ''}from={page.cursor}" if page.cursor else None
    return _page(
        "evaluation/mine.html",
        campaign,
        rights,
        scorecard=scorecard,
        progress=own_progress(campaign, current_user, scorecard),
        page=page,
        done=done,
        next_url=cursor,
    )


@bp.get("/campaigns/<slug>/evaluation/results")
@login_required
def results(slug: str) -> ResponseReturnValue:
    campaign, rights = evaluation_for(current_user, slug)
    scorecard = _scorecard(campaign)
    order = request.args.get("order", "mean")
    order = order if order in ORDERS else "mean"
    first = _whole("from")
    found = results_of(scorecard) if scorecard else {}
    sight = sight_of(current_user, campaign, scorecard)
    marks, means = _feedback(campaign, found) if order == "feedback" else ({}, {})
    ordered = in_order(order, found, sight, means)
    shown = _ideas(ordered[first : first + SHOWN])
    marks = marks or _feedback(campaign, {idea.id: found[idea.id] for idea in shown})[0]
    more = (
        f"{campaign.url}/evaluation/results?order={order}&from={first + SHOWN}"
        if len(ordered) > first + SHOWN
        else None
    )
    return _page(
        "evaluation/results.html",
        campaign,
        rights,
        scorecard=scorecard,
        results=found,
        ideas=shown,
        sight=sight,
        marks=marks,
        order=order,
        first=first,
        sealed=not counts_shown(campaign, current_user),
        waiting=waiting_in(campaign.id),
        next_url=more,
    )


@bp.get("/campaigns/<slug>/evaluation/export")
@login_required
def export(slug: str) -> Response:
    campaign, _rights = evaluation_for(current_user, slug)
    scorecard = _scorecard(campaign)
    if scorecard is None:
        raise NotThere
    found, sight = results_of(scorecard), sight_of(current_user, campaign, scorecard)
    marks, means = _feedback(campaign, found)
    titles = _titles(list(in_order("mean", found, sight, means)))
    answer = Response(as_csv(scorecard, titles, found, sight, marks), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}-evaluation.csv"'
    return answer


@bp.route("/campaigns/<slug>/evaluation/criteria", methods=["GET", "POST"])
@login_required
def criteria(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    scorecard = scorecard_of(campaign)
    form = CriteriaForm(campaign, scorecard)
    page = ask(
        "evaluation/criteria.html",
        form,
        scorecard=scorecard,
        frozen=scorecard is not None and is_frozen(scorecard),
        **around(campaign),
    )
    read, form.read.data = form.read.data, str(scorecard.number if scorecard else 0)
    if not form.is_submitted():
        return page()
    if not form.validate():
        form.read.data = read
        return page(), 422
    set_criteria(campaign, current_user, form.wanted, _number(read))
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/evaluation/criteria")


@bp.route("/campaigns/<slug>/evaluation/assignment", methods=["GET", "POST"])
@login_required
def assignment(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    scorecard, people, query = scorecard_of(campaign), reviewers_of(campaign), squeeze(request.args.get("q"))[:200]
    ideas = list_ideas(campaign, Wish("new", query=query)).ideas
    form = AssignmentForm(people, statuses_of(campaign), ideas)
    page = ask(
        "evaluation/assignment.html",
        form,
        scorecard=scorecard,
        people=people,
        ideas=ideas,
        query=query,
        progress=lambda: progress_of_all(campaign, scorecard_of(campaign)),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    which = form.which.data
    wanted = ideas_to_deal(
        campaign,
        status=form.status.data if which == "status" else None,
        chosen=form.ideas.data if which == "chosen" else None,
    )
    chosen = [person for person in people if person.id in form.reviewers.data]
    dealt = assign(campaign, current_user, chosen, wanted, form.each.data)
    db.session.commit()
    flash(_said_dealt(dealt.given), "good")
    if dealt.short:
        flash(_said_short(dealt.short), "attention")
    return redirect(f"{campaign.url}/evaluation/assignment#progress")


@bp.post("/campaigns/<slug>/evaluation/assignment/removal")
@login_required
def unassign(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    person = next(
        (
            one
            for one in progress_of_all(campaign, scorecard_of(campaign))
            if one.id == _number(request.form.get("person"))
        ),
        None,
    )
    if person is None:
        raise NotThere
    gone = take_assignments_back(campaign, current_user, person.person)
    db.session.commit()
    flash(
        ngettext(
            "%(name)s is not asked for %(count)s idea any more.",
            "%(name)s is not asked for %(count)s ideas any more.",
            gone,
            name=person.person.display_name,
            count=number(gone),
        ),
        "good",
    )
    return redirect(f"{campaign.url}/evaluation/assignment#progress")


def _page(template: str, campaign: Campaign, rights: set[str], **context: Any) -> str:
    return render_template(template, rights=rights, **context, **around(campaign))


def _scorecard(campaign: Campaign) -> Scorecard | None:
    """The version that the address names, or that stands."""
    wanted = request.args.get("version", "")
    if not wanted:
        return scorecard_of(campaign)
    found = db.select(Scorecard).filter_by(campaign_id=campaign.id, number=_number(wanted))
    scorecard = db.session.scalar(found)
    if scorecard is None:
        raise NotThere
    return scorecard


def _feedback(campaign: Campaign, found: dict[int, Any]) -> tuple[dict[int, Marks], dict[int, Fraction]]:
    """What participants gave these ideas, with its means; nothing while counts are sealed for who asks."""
    if not found or not counts_shown(campaign, current_user):
        return {}, {}
    marks: dict[int, Marks] = {}
    for some in _portions(list(found)):
        marks |= marks_by_id(some)
    sums = {idea: sum(mark * people for mark, people in of.counts.items()) for idea, of in marks.items()}
    return marks, {idea: Fraction(sums[idea], of.marked) for idea, of in marks.items() if of.marked}


def _ideas(ids: Sequence[int]) -> list[Idea]:
    """These ideas in this order. One query for some hundred."""
    found: dict[int, Idea] = {}
    for some in _portions(list(ids)):
        found |= {idea.id: idea for idea in db.session.scalars(db.select(Idea).where(Idea.id.in_(some)))}
    return [found[key] for key in ids if key in found]


def _titles(ids: Sequence[int]) -> dict[int, str]:
    """The titles of these ideas in this order, and nothing else of them: they can be all of a large campaign."""
    found: dict[int, str] = {}
    for some in _portions(list(ids)):
        found |= dict(db.session.execute(db.select(Idea.id, Idea.title).where(Idea.id.in_(some))).all())
    return {key: found[key] for key in ids if key in found}


def _portions(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def _said_dealt(given: int) -> str:
    return ngettext(
        "%(count)s evaluation is asked for.", "%(count)s evaluations are asked for.", given, count=number(given)
    )


def _said_short(short: int) -> str:
    return ngettext(
        "%(count)s idea has fewer reviewers than you wished: the others wrote it, or could read cards that are submitted already.",
        "%(count)s ideas have fewer reviewers than you wished: the others wrote them, or could read cards that are submitted already.",
        short,
        count=number(short),
    )


def _whole(name: str) -> int:
    return _number(request.args.get(name))


def _number(text: Any) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
