"""The console of a campaign's moderators: what needs them, the list, and the item with its acts."""

import secrets
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from campaign.accounts.attempts import REPORTS_BY_ONE, count_writing
from campaign.accounts.wished_mail import wants
from campaign.brands.access import may, rights_of
from campaign.brands.suspending import block_person
from campaign.campaigns.access import campaign_for
from campaign.campaigns.errands import owed_by
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import lock
from campaign.errors import BadRequest, NotThere, Refused, wants_json
from campaign.extensions import db
from campaign.forms import Page, ask
from campaign.live import board_seq
from campaign.moderation.access import case_for, subject_for
from campaign.moderation.cases import told_reason
from campaign.moderation.deciding import (
    ALL_OF_THEM,
    GRACE,
    UNDO,
    cases_of,
    claim,
    decide,
    decline_all,
    hide,
    hold_all,
    looker_at,
    pending_of,
    put_back,
    read_of,
    release,
    take_back,
    trust,
    uphold,
)
from campaign.moderation.figures import CAUSES_TOLD, figures_of, lasting
from campaign.moderation.forms import ACTS, DecisionForm, ReportForm, RulesForm, TakingDownForm
from campaign.moderation.models import Case
from campaign.moderation.queue import QUEUES, Item, authors_in, count_waiting, item_in, items_in, items_of, record_of
from campaign.moderation.rates import LEAST, rates_of
from campaign.moderation.reminding import WAITS
from campaign.moderation.reporting import REASONS, has_reported, report
from campaign.moderation.rules import choose_rules, rules_of
from campaign.moderation.searching import Search, causes_of, whole
from campaign.moderation.subjects import Subject, campaign_of, idea_of

bp = Blueprint("console", __name__)

# What can follow an approval at once: the page of that act, of the idea that stands on the board by then.
THEN = {"merge": "same", "answer": "answer", "assign": "assignment"}
UNDONE = ("approve", "trust", "hide", "hide_all")  # Acts that can be taken back in one for ten seconds.
WITH_THEM = {"trust": (), "hide_all": ALL_OF_THEM}  # Acts on all of somebody, and what they reach besides what waits.
READ = "read-"  # With a case's number: what of it the page showed.
QUIET, QUIET_FOR = "quiet_alerts", 3600  # Which alerts somebody has put away, and for how many seconds.
BLOCKED_FOR = 30  # Days, where a moderator declines all of somebody and blocks them. They can lengthen it, or lift it.


@bp.app_context_processor
def told_reasons() -> dict[str, Any]:
    return {"told_reason": told_reason}


@bp.get("/campaigns/<slug>/console")
@login_required
def first(slug: str) -> ResponseReturnValue:
    """Where something waits; for who doesn't moderate, what else they are asked to do."""
    campaign = campaign_for(current_user, slug)
    rights = rights_of(current_user, campaign.brand_id, campaign.id)
    if "moderate" in rights:
        waiting = count_waiting(campaign, current_user)
        key = next((key for key, number in waiting.items() if number), "first")
        return redirect(f"{campaign.url}/console/{key}")
    seq = board_seq(campaign.board)
    owed = owed_by(current_user, campaign, rights)
    if not owed:
        raise NotThere
    return render_template("moderation/errands.html", **around(campaign), owed=owed, seq=seq)


@bp.get("/campaigns/<slug>/console/<any(first, reports, edited, appeals, second, hidden):queue_key>")
@login_required
def show(slug: str, queue_key: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="moderate")
    queue, seq = QUEUES[queue_key], board_seq(campaign.board)
    rights = rights_of(current_user, campaign.brand_id, campaign.id)
    search, after = Search.read(request.args), whole(request.args.get("from"))
    items, further = items_in(campaign, queue, after, search)
    if after is not None and not items:  # All from here on is done; what stands before it isn't, perhaps.
        after = None
        items, further = items_in(campaign, queue, after, search)
    chosen = whole(request.args.get("case"))
    item = next((one for one in items if one.case.id == chosen), None)
    if item is None and chosen is not None:
        item = item_in(campaign, chosen)
    shown = item or (items[0] if items else None)
    may_block = may(current_user, "moderate", campaign.brand_id)
    rates = rates_of(campaign)
    return render_template(
        "moderation/console.html",
        **around(campaign),
        queues=QUEUES.values(),
        queue=queue,
        waiting=count_waiting(campaign, current_user),
        owed=owed_by(current_user, campaign, rights),
        seq=seq,
        items=items,
        further=further,
        item=shown,
        chosen=item is not None,
        search=search,
        causes=causes_of(queue.key),
        authors=authors_in(campaign, queue, search.by),
        place=partial(address_of, campaign, queue.key, search, after),
        acts=partial(address_of, campaign, search=search, after=after),
        rates=rates,
        alerts=[rate for rate in rates if rate.floods and not _is_quiet(campaign, rate.what)],
        may_answer="answer" in rights,
        wants_mail=wants(current_user, WAITS),
        record=record_of(shown.case) if shown else None,
        may_block=may_block,
        theirs=_theirs(shown) if shown and may_block else [],
        reasons=REASONS,
        read_of=read_of,
        looker_at=looker_at,
        key=secrets.token_urlsafe(12),
        undo=request.args.get("undo", "")[:32],
        undo_seconds=int(UNDO.total_seconds()),
    )


def _theirs(item: Item) -> list[Item]:
    """What else waits of the same person: an act on all of it is about what stood there when its page was shown."""
    return items_of(pending_of(item.case, current_user, ALL_OF_THEM)) if item.case.is_open else []


def address_of(campaign: Campaign, key: str, search: Search, after: int | None = None, **more: Any) -> str:
    """A list of the console, or where an act on it is sent, with what somebody searches for and from where they had come to in it.

    So an answer leads back to it. `more`: the case that is open, and the like.
    """
    fields = {
        **search.asked,
        **({"from": after} if after else {}),
        **{name: value for name, value in more.items() if value},
    }
    return f"{campaign.url}/console/{key}" + (f"?{urlencode(fields)}" if fields else "")


def _back(campaign: Campaign, **more: Any) -> str:
    """The list from which an act was sent."""
    key = request.form.get("queue", "first")
    search, after = Search.read(request.args), whole(request.args.get("from"))
    return address_of(campaign, key if key in QUEUES else "first", search, after, **more)


@bp.post("/campaigns/<slug>/console/decisions")
@login_required
def decisions(slug: str) -> ResponseReturnValue:
    """One case or several, decided in one act."""
    campaign = campaign_for(current_user, slug, to="moderate")
    form = DecisionForm()
    if form.act.data not in (*ACTS, *THEN) or not form.validate():
        raise BadRequest
    numbers = [number for text in request.form.getlist("case") if (number := whole(text)) is not None]
    cases = cases_of(numbers, campaign)
    if not cases:
        raise NotThere
    if form.act.data in THEN and len(cases) > 1:
        raise BadRequest
    batch = form.key.data or secrets.token_urlsafe(12)
    done, refusals = _act_on(cases, form, batch, _reads(cases, form))
    stay = len(_with_them(cases[0], form.act.data)) if form.act.data in WITH_THEM and not refusals else 0
    db.session.commit()
    if refusals and not done and len(cases) == 1:
        raise refusals[0]
    if not done and not refusals and form.act.data in UNDONE:  # The second click: it hears what the first one did.
        before = [case for case in cases if case.decided_by_id == current_user.id and case.batch == batch]
        done = len([case for case in before if case.decided_at and case.decided_at > now() - UNDO - GRACE])
    return _told(campaign, form.act.data, cases, done, refusals, batch, stay)


def _reads(cases: list[Case], form: DecisionForm) -> dict[int, str]:
    """What the moderator had before them of each case: the one that is open, those of the list, and what else its author sent."""
    reads = {
        number: value
        for name, value in request.form.items()
        if name.startswith(READ) and value and (number := whole(name.removeprefix(READ))) is not None
    }
    if len(cases) == 1 and form.read.data:
        reads[cases[0].id] = form.read.data
    return reads


def _with_them(case: Case, act: str) -> list[Case]:
    """What waits of the same person, and is decided by the same act."""
    return pending_of(case, current_user, WITH_THEM[act]) if act in WITH_THEM else []


def _act_on(cases: list[Case], form: DecisionForm, batch: str, reads: dict[int, str]) -> tuple[int, list[Refused]]:
    done, refusals, act, reason = 0, [], form.act.data, form.reason.data or ""
    if act not in WITH_THEM:  # Those hold what they reach.
        hold_all(cases)
    for case in cases:
        try:
            with db.session.begin_nested():
                done += _one(case, act, reason, batch, reads)
        except Refused as error:  # The others are decided all the same.
            refusals.append(error)
    return done, refusals


def _one(case: Case, act: str, reason: str, batch: str, reads: dict[int, str]) -> int:
    read = reads.get(case.id)
    if act == "put_back":
        put_back(case, current_user, reason, read)
        return 1
    if act == "uphold":
        return int(uphold(case, current_user, reason, read))
    if act == "trust":
        return trust(case, current_user, batch, reads)
    if act == "hide_all":
        done = decline_all(case, current_user, reason, batch, reads)
        block_person(case.campaign.brand, case.author, current_user, reason, BLOCKED_FOR, batch)
        return done
    return int(decide(case, current_user, "hidden" if act == "hide" else "approved", reason, read, batch))


def _told(
    campaign: Campaign, act: str, cases: list[Case], done: int, refusals: list[Refused], batch: str, stay: int
) -> ResponseReturnValue:
    said = _said(act, done)
    if stay:
        said += " " + ngettext(
            "%(num)s of theirs waits on: look at it by itself.", "%(num)s of theirs wait on: look at each.", stay
        )
    undo = batch if done and act in UNDONE else ""
    then = ""
    if act in THEN and cases[0].subject == "idea" and cases[0].verdict == "approved":
        then = f"{cases[0].idea.url}/{THEN[act]}?{urlencode({'back': _back(campaign)})}"
    if wants_json():
        refused = list(dict.fromkeys(str(error.message) for error in refusals))
        return jsonify(said=said, undo=undo, seconds=int(UNDO.total_seconds()), refused=refused, then=then)
    if done:
        flash(said, "good")
    for message in dict.fromkeys(str(error.message) for error in refusals):
        flash(message, "danger")
    return redirect(then or _back(campaign, undo=undo))


def _said(act: str, done: int) -> str:
    if act in ("hide", "hide_all"):
        return ngettext(
            "Taken down. Its author will read why.", "%(num)s taken down. Their authors will read why.", done
        )
    if act == "uphold":
        return _("It stays down.")
    if act == "put_back":
        return ngettext("It stands there again.", "%(num)s stand there again.", done)
    return ngettext("Approved.", "%(num)s approved.", done)


@bp.post("/campaigns/<slug>/console/undo")
@login_required
def undo(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="moderate")
    number = take_back(request.form.get("batch", "")[:32], current_user)
    db.session.commit()
    said = (
        ngettext("Taken back: it waits again.", "Taken back: %(num)s wait again.", number)
        if number
        else _("There is nothing left to take back.")
    )
    if wants_json():
        return jsonify(said=said)
    flash(said, "good" if number else "information")
    return redirect(_back(campaign) if request.form.get("queue") else f"{campaign.url}/console")


@bp.post("/campaigns/<slug>/console/alerts")
@login_required
def alerts(slug: str) -> ResponseReturnValue:
    """Put an alert away: for an hour it isn't said again, here on this device."""
    campaign = campaign_for(current_user, slug, to="moderate")
    what = request.form.get("what", "")
    if what not in LEAST:
        raise BadRequest
    moment = int(now().timestamp())
    kept = {key: until for key, until in session.get(QUIET, {}).items() if until > moment}
    session[QUIET] = {**kept, f"{campaign.id} {what}": moment + QUIET_FOR}
    return redirect(_back(campaign)) if not wants_json() else jsonify(ok=True)


def _is_quiet(campaign: Campaign, what: str) -> bool:
    return session.get(QUIET, {}).get(f"{campaign.id} {what}", 0) > now().timestamp()


@bp.post("/campaigns/<slug>/console/claims")
@login_required
def claims(slug: str) -> ResponseReturnValue:
    """Tell the others which case one looks at, and which no more."""
    campaign_for(current_user, slug, to="moderate")
    left, looked = whole(request.form.get("left")), whole(request.form.get("case"))
    cases = {number: case_for(current_user, number) for number in (left, looked) if number is not None}
    for number in sorted(cases):
        lock(cases[number])  # Both before the board is told of one.
    if left is not None:
        release(cases[left], current_user)
    if looked is not None:
        claim(cases[looked], current_user)
    db.session.commit()
    return "", 204


@bp.route("/<any(ideas, comments):kind>/<id:number>/report", methods=["GET", "POST"])
@login_required
def reporting(kind: str, number: int) -> ResponseReturnValue:
    subject = subject_for(current_user, _kind(kind), number)
    campaign, form = campaign_of(subject), ReportForm()
    told = {"subject": subject, "above": _above(subject), **around(campaign)}
    page = ask("moderation/report.html", form, reported=has_reported(current_user, subject), **told)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count_writing(REPORTS_BY_ONE, "report", current_user.id, campaign.brand_id)
    report(subject, current_user, form.reason.data, form.words.data or "")
    db.session.commit()
    flash(_("Thank you. A moderator looks at it."), "good")
    return redirect(campaign.url if idea_of(subject).unseen else idea_of(subject).url)


@bp.route("/<any(ideas, comments):kind>/<id:number>/taking-down", methods=["GET", "POST"])
@login_required
def taking_down(kind: str, number: int) -> ResponseReturnValue:
    subject = subject_for(current_user, _kind(kind), number, to="moderate")
    campaign, form = campaign_of(subject), TakingDownForm()
    page = ask("moderation/take_down.html", form, subject=subject, above=_above(subject), **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    hide(subject, current_user, form.reason.data)
    db.session.commit()
    flash(_("Taken down. Its author will read why."), "good")
    return redirect(f"{campaign.url}/console/hidden")


@bp.get("/campaigns/<slug>/moderation")
def rules(slug: str) -> ResponseReturnValue:
    return _rules_page(campaign_for(current_user, slug))[0]()


@bp.post("/campaigns/<slug>/moderation")
@login_required
def choosing(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    page, form = _rules_page(campaign)
    if not form.validate():
        return page(), 422
    choose_rules(campaign, current_user, form.rules)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/moderation")


def _rules_page(campaign: Campaign) -> tuple[Page, RulesForm]:
    present = rules_of(campaign)
    form = RulesForm(data=present._asdict())
    figures = figures_of(campaign)
    return ask(
        "moderation/rules.html",
        form,
        rules=present,
        figures=figures,
        causes=CAUSES_TOLD,
        report_reasons=REASONS,
        lasting=lasting,
        **around(campaign),
    ), form


def _kind(plural: str) -> str:
    return "idea" if plural == "ideas" else "comment"


def _above(subject: Subject) -> dict[str, Any]:
    idea = idea_of(subject)
    return {"label": idea.title, "url": idea.url}
