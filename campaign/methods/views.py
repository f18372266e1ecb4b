"""The ballot of a stage, and the results."""

import hashlib
import random
import secrets
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_required

from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.models import Campaign, Stage
from campaign.campaigns.sealing import counts_shown
from campaign.campaigns.voting import settings_of
from campaign.errors import NotThere, SignInFirst
from campaign.extensions import db
from campaign.forms import Page, ask
from campaign.ideas.dealing import LOTS
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import list_ideas
from campaign.methods.access import ballot_of, ideas_on_paper, pair_of_ideas, stages_with_counts
from campaign.methods.actions import frame_of, hand_in, lists_names, take_back
from campaign.methods.comparing import ANY_MOST
from campaign.methods.counting import counted_at_once, draws_places
from campaign.methods.counting_later import ask_for_count, count_at_once, how_far
from campaign.methods.doubted import Aside, ballots_aside, votes_aside
from campaign.methods.following import follow_ballot, may_follow
from campaign.methods.forms import BallotForm, DuelForm, steps_as_typed
from campaign.methods.pairs import answer_pair, most_pairs, open_pair
from campaign.methods.papers import MARKED, duels_in, how_many_in_words, marks_in, ranking_in, steps_in
from campaign.methods.pricing import PriceForm, price_ideas
from campaign.methods.readiness import waits_in_vain
from campaign.methods.rereading import reworded_since, rewordings_told
from campaign.methods.results import ToldTally, doing, finished, places_of, told
from campaign.methods.versions import versions_of
from campaign.text import squeeze
from campaign.votes.ballot_box import ballot_key
from campaign.votes.ballots import VotingClosed
from campaign.votes.networks import note_networks

bp = Blueprint("methods", __name__)

LOOK = "look"  # The buttons of a ballot that show other ideas, and hand nothing in.


@bp.route("/campaigns/<slug>/ballot", methods=["GET", "POST"])
def ballot(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    stage = campaign.stage
    if stage is None or not campaign.accepts_ballots:
        if request.method == "POST":
            raise VotingClosed
        return redirect(
            campaign.url if campaign.accepts_support or not campaign.voted_on else f"{campaign.url}/results"
        )
    before = ballot_of(current_user, stage)
    if stage.method == "duels":
        return _duel(campaign, stage, before)
    page, form = _paper(campaign, stage, before)
    if not form.is_submitted() or LOOK in request.form:
        return page()
    if not current_user.is_authenticated:
        raise SignInFirst(onwards=f"{campaign.url}/ballot")
    form.validate()
    wanted, named = _stage_of(campaign, form.stage.data), form.named.data == "1"
    hand_in(wanted, current_user, _key_of(form), form.content, form.typed, named)
    _commit()
    flash(_("Your ballot is stored. You can change it as long as this stage is open."), "good")
    return redirect(f"{campaign.url}/ballot")


def _paper(campaign: Campaign, stage: Stage, before: str | None) -> tuple[Page, BallotForm]:
    first_is_best = stage.method not in MARKED
    kept: dict[int, Any]
    if stage.method == "scales":
        steps = steps_in(before)
        kept = {idea: steps_as_typed(each) for idea, each in steps.items()}
        first = sorted(steps, key=lambda idea: (-sum(step or 0 for step in steps[idea]), idea))
    elif stage.method in MARKED:
        kept = marks_in(before)
        first = sorted(kept, key=lambda idea: (-kept[idea], idea))
    else:
        first = ranking_in(before)
        kept = {idea: place for place, idea in enumerate(first, 1)}
    form = BallotForm(request.form, kept, key=secrets.token_urlsafe(12), stage=stage.id)
    if "lot" not in session:
        session["lot"] = random.randrange(1, LOTS)  # noqa: S311  An order of ideas, not a secret.
    # A search, or the next page, takes along what is marked: then it is sent as a ballot is, and handed in later.
    query = squeeze(request.values.get("q"))[:200]
    page_from = (request.form.get(LOOK) if form.is_submitted() else request.args.get("from")) or None
    marked = sorted((idea for idea, text in form.typed.items() if text), key=form.place_of if first_is_best else None)
    chosen = list(dict.fromkeys([*marked, *first] if first_is_best else [*first, *marked]))
    if form.is_submitted() and LOOK not in request.form:
        # Refused, the page comes again as it was: nothing moves away from under a hand.
        chosen = list(dict.fromkeys([*form.typed, *first]))
    shown_before = set(form.typed) if form.is_submitted() else set()
    ideas, total, cursor = ideas_on_paper(campaign, chosen, session["lot"], query, page_from)
    frame = frame_of(stage, [idea.id for idea in ideas], current_user)
    page = ask(
        "methods/ballot.html",
        form,
        brand=campaign.brand,
        campaign=campaign,
        stage=stage,
        given=settings_of(stage.method, stage.method_settings),
        frame=frame,
        how_many=how_many_in_words(frame),
        budget=Decimal(stage.method_settings.get("budget", 0)),
        ideas=ideas,
        total=total,
        query=query,
        cursor=cursor,
        seen=[idea for idea in ideas if idea.id not in shown_before],
        unsaved=bool(marked) and LOOK in request.form,
        version=versions_of(stage)[0],
        handed_in=before is not None,
        reworded=reworded_since(current_user, stage, before),
        may_follow=may_follow(current_user, stage, before),
        lists_names=lists_names(stage),
        may_manage=may_on(current_user, "manage", campaign),
    )
    return page, form


def _duel(campaign: Campaign, stage: Stage, before: str | None) -> ResponseReturnValue:
    pair = None
    if current_user.is_authenticated:
        pair = open_pair(stage, current_user, before)
        db.session.commit()  # What was drawn is asked until it is answered.
    form = DuelForm(stage=stage.id, pair=pair.number if pair else "")
    page = ask(
        "methods/duel.html",
        form,
        brand=campaign.brand,
        campaign=campaign,
        stage=stage,
        given=settings_of(stage.method, stage.method_settings),
        ideas=pair_of_ideas(campaign, pair) if pair else [],
        pair=pair,
        answered=len(duels_in(before)),
        most=most_pairs(stage, current_user, before) if pair else 0,
        may_follow=may_follow(current_user, stage, before),
        version=versions_of(stage)[0],
        may_manage=may_on(current_user, "manage", campaign),
    )
    if not form.is_submitted():
        return page()
    if not current_user.is_authenticated:
        raise SignInFirst(onwards=f"{campaign.url}/ballot")
    number = _number(form.pair.data)
    answer_pair(
        _stage_of(campaign, form.stage.data),
        current_user,
        number,
        request.form.get("answer", ""),
        form.undecided.data or "",
    )
    _commit()
    return redirect(f"{campaign.url}/ballot")


@bp.post("/campaigns/<slug>/ballot/withdrawal")
@login_required
def withdrawal(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    take_back(_stage_of(campaign, request.form.get("stage")), current_user, ballot_key(request.form.get("key")))
    db.session.commit()
    flash(_("Your ballot is taken back."), "good")
    return redirect(f"{campaign.url}/ballot")


@bp.post("/campaigns/<slug>/ballot/following")
@login_required
def following(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    wanted = _stage_of(campaign, request.form.get("stage"))
    told = follow_ballot(current_user, next(stage for stage in campaign.stages if stage.id == wanted))
    db.session.commit()
    flash(
        ngettext(
            "You will get a mail about the idea that you voted for: when it is answered, when the outcome comes, or when it is taken back.",
            "You will get a mail about each of the %(num)s ideas that you voted for: when it is answered, when the outcome comes, or when it is taken back.",
            told,
        ),
        "good",
    )
    return redirect(f"{campaign.url}/ballot")


@bp.route("/campaigns/<slug>/prices", methods=["GET", "POST"])
@login_required
def prices(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="manage")
    query = squeeze(request.args.get("q"))[:200]
    found = list_ideas(campaign, Wish(query=query), request.args.get("from"))
    form = PriceForm(request.form, found.ideas)
    page = ask(
        "methods/prices.html",
        form,
        brand=campaign.brand,
        campaign=campaign,
        ideas=found.ideas,
        query=query,
        stuck=not found.ideas and any(waits_in_vain(stage) for stage in campaign.stages),
        next_url=f"{campaign.url}/prices?{urlencode({'q': query, 'from': found.cursor})}" if found.cursor else None,
        may_manage=True,
    )
    if not form.is_submitted():
        return page()
    wanted = form.prices()
    if not form.validate() or form.refused:
        return page(), 422
    price_ideas(campaign, current_user, wanted)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(request.full_path.rstrip("?"))


@bp.get("/campaigns/<slug>/results")
def results(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    stages = stages_with_counts(campaign)
    number = request.args.get("stage")
    stage = next((stage for stage in stages if number in (None, str(stage.id))), None)
    if stage is None and number is not None:
        raise NotThere
    shown = counts_shown(campaign, current_user)
    counted, standing, surer, asked = None, None, None, None
    if stage and shown:
        if counted_at_once(stage):
            result = count_at_once(stage)
            if result["people"] and draws_places(stage):
                # What is counted here at once is counted by a worker as well, who then works out how sure the places are.
                asked = surer = ask_for_count(stage)
                db.session.commit()
            counted = told(stage, result, places_of(surer.count) if surer and surer.is_current else None)
        else:
            asked = standing = ask_for_count(stage)
            db.session.commit()
            if standing.count and standing.count.result:
                counted = told(stage, standing.count.result, places_of(standing.count))
    return render_template(
        "methods/results.html",
        brand=campaign.brand,
        campaign=campaign,
        stages=stages,
        stage=stage,
        sealed=not shown,
        tally=counted,
        reworded=rewordings_told(stage, _shown(counted)) if stage and counted else {},
        standing=standing,
        doing=doing(standing) if standing else "",
        surer=surer,
        asked=asked,
        finished=finished(asked) if asked else "",
        ballots_aside=ballots_aside([stage]) if stage and shown else Aside(),
        votes_aside=votes_aside(stage) if stage and shown else Aside(),
        may_review=lambda: may_on(current_user, "moderate", campaign),
        version=versions_of(stage)[0] if stage else None,
        ideas_most=ANY_MOST,
        may_manage=may_on(current_user, "manage", campaign),
    )


@bp.get("/campaigns/<slug>/results/<id:stage_id>/progress")
def progress(slug: str, stage_id: int) -> ResponseReturnValue:
    """How far the count in the worker is, for a page that is open. Sealed counts have none."""
    campaign = campaign_for(current_user, slug)
    stage = next((stage for stage in stages_with_counts(campaign) if stage.id == stage_id), None)
    if stage is None or not counts_shown(campaign, current_user):
        raise NotThere
    standing = how_far(stage)
    response = jsonify(
        step=standing.step,
        done=standing.done,
        out_of=standing.out_of,
        doing=doing(standing),
        finished=finished(standing),
    )
    response.cache_control.no_store = True
    return response


def _shown(tally: ToldTally) -> set[int]:
    return {row.idea for count in tally.counts for row in count.rows}


def _commit() -> None:
    """Store the ballot, and note from which network it came."""
    voter = current_user.id
    db.session.commit()
    note_networks([(voter, get_remote_address())])


def _key_of(form: BallotForm) -> str:
    """What makes a repeat a repeat. With the marks in it: a page gone back to sends the old key with other marks."""
    said = f"{ballot_key(form.key.data)}\n{sorted(form.typed.items())}"
    return hashlib.sha256(said.encode()).hexdigest()


def _stage_of(campaign: Campaign, text: str | None) -> int:
    """The stage that a form is for, among those of the campaign that its sender may see."""
    number = _number(text)
    if all(stage.id != number for stage in campaign.stages):
        raise NotThere
    return number


def _number(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotThere
    return int(text)
