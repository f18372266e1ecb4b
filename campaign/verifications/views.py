"""The page on which a team chooses what is asked, and the one on which people show it, on their way to what they wanted to do."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from campaign.accounts.access import local_path
from campaign.accounts.attempts import FROM_ONE_PLACE, count, forgive, place
from campaign.bodies import takes_files
from campaign.campaigns.access import campaign_for
from campaign.campaigns.heading import around
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.forms import ask
from campaign.languages import number
from campaign.verifications.access import (
    asked_before,
    binds_voters,
    latest_version,
    list_size,
    missing,
    page_of,
    versions_of,
)
from campaign.verifications.actions import (
    CodeOver,
    number_hash,
    number_of,
    prove_age,
    prove_listed,
    prove_phone,
    prove_postcode,
    send_code,
    spend_try,
    waiting_code,
)
from campaign.verifications.asking import add_to_list, ask_for, empty_list, wish_now
from campaign.verifications.forms import FORMS, AskingForm, CodeForm, ListForm, NumberForm, ShowForm
from campaign.verifications.kinds import ACTS, KINDS
from campaign.verifications.telling import told_asks, told_before, told_everywhere, words_for

bp = Blueprint("verifications", __name__)
bp.app_context_processor(lambda: {"asked_before": _told, "asked_everywhere": told_everywhere})
bp.record_once(lambda setup: setup.app.jinja_env.globals.update(VERIFIED_ACTS=ACTS))

# Text messages cost, and who has none of these numbers tries them all.
TEXTS_BY_ONE = RateLimitItemPerHour(5)
TEXTS_TO_ONE = RateLimitItemPerHour(5)
DATES_BY_ONE = RateLimitItemPerDay(3)
PLACES_BY_ONE = RateLimitItemPerDay(5)
MEMBERS_BY_ONE = RateLimitItemPerHour(10)


def _told(campaign: Campaign, act: str, back: str) -> object:
    return told_before(campaign, current_user, act, back)


@bp.route("/campaigns/<slug>/verifications", methods=["GET", "POST"])
@login_required
def setup(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    wish, version = wish_now(campaign)
    form = AskingForm(wish, read=str(version))
    page = ask(
        "verifications/setup.html",
        form,
        listing=ListForm(formdata=None),
        bound=binds_voters(campaign),
        versions=lambda: [
            (one, list(told_asks({"asks": one.asks, "age": one.age, "areas": one.areas})))
            for one in versions_of(campaign)
        ],
        sizes=lambda: list_size(campaign),
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    read = form.read.data or ""
    ask_for(
        campaign,
        current_user,
        form.wish,
        form.why.data or "",
        int(read) if read.isdecimal() and len(read) < 10 else None,
    )
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{campaign.url}/verifications")


@bp.route("/campaigns/<slug>/verifications/list", methods=["GET", "POST"])
@login_required
@takes_files
def listed(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    form = ListForm()
    page = ask("verifications/list.html", form, sizes=lambda: list_size(campaign), **around(campaign))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    added = add_to_list(campaign, current_user, form.entries)
    db.session.commit()
    flash(
        ngettext(
            "%(count)s person is new on the list.", "%(count)s people are new on the list.", added, count=number(added)
        ),
        "good",
    )
    return redirect(f"{campaign.url}/verifications/list")


@bp.post("/campaigns/<slug>/verifications/list/removal")
@login_required
def unlisted(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    empty_list(campaign, current_user)
    db.session.commit()
    flash(_("The list is empty."), "good")
    return redirect(f"{campaign.url}/verifications/list")


@bp.route("/campaigns/<slug>/before/<act>", methods=["GET", "POST"])
@login_required
def before(slug: str, act: str) -> ResponseReturnValue:
    """One thing after the other, until nothing is missing; then back to where somebody was."""
    campaign = campaign_for(current_user, slug)
    if act not in ACTS:
        raise NotThere
    asked, version = asked_before(campaign, act), latest_version(campaign)
    back = local_path(request.values.get("next")) or campaign.url
    lacking = missing(campaign, current_user, asked)
    if not lacking or version is None:
        return redirect(back)
    kind = lacking[0]
    form = _form_for(kind)
    form.next.data, step = back, "code" if isinstance(form, CodeForm) else kind
    if form.is_submitted() and form.kind.data != step:
        return redirect(page_of(slug, act, back))  # It was shown before, in another tab or by a second click.
    form.kind.data = step
    page = ask(
        "verifications/before.html",
        form,
        act=ACTS[act],
        kind=kind,
        kept=KINDS[kind].kept,
        steps=[(each not in lacking, words_for(each, version, campaign.brand)) for each in asked.kinds],
        purpose=version.purpose,
        waiting=waiting_code(current_user) if kind == "phone" else None,
        **around(campaign),
    )
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    _take(campaign, kind, form)
    db.session.commit()
    if not missing(campaign, current_user, asked):
        flash(_("Thank you, that is verified. Go on where you were."), "good")
        return redirect(back)
    return redirect(page_of(slug, act, back))


def _form_for(kind: str) -> ShowForm:
    if kind != "phone":
        return FORMS[kind](next=None)
    typed_number = request.form.get("kind") == "phone" or request.args.get("number") == "other"
    return NumberForm() if typed_number or waiting_code(current_user) is None else CodeForm()


def _take(campaign: Campaign, kind: str, form: ShowForm) -> None:
    who = str(current_user.id)
    if isinstance(form, NumberForm):
        called = number_of(form.number.data)
        count(FROM_ONE_PLACE, "text.place", place())
        count(TEXTS_BY_ONE, "text.person", who)
        count(TEXTS_TO_ONE, "text.number", number_hash(called))
        send_code(current_user, called)
    elif isinstance(form, CodeForm):
        spent = spend_try(current_user)
        db.session.commit()  # Whatever comes of it.
        if not spent:
            raise CodeOver
        prove_phone(current_user, form.code.data)
    elif kind == "age":
        count(DATES_BY_ONE, "verified.age", f"{campaign.id} {who}")
        prove_age(campaign, current_user, form.born.data)
    elif kind == "postcode":
        count(PLACES_BY_ONE, "verified.postcode", f"{campaign.id} {who}")
        prove_postcode(campaign, current_user, form.postcode.data)
    else:
        count(MEMBERS_BY_ONE, "verified.list", f"{campaign.id} {who}")
        # Many accounts of one guesser stand behind one network, and so does an office whose members find themselves at the first try.
        from_here = "verified.list.place", f"{campaign.id} {place()}"
        count(FROM_ONE_PLACE, *from_here)
        prove_listed(campaign, current_user, form.member.data or "")
        forgive(FROM_ONE_PLACE, *from_here)
