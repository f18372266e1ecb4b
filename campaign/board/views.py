"""The two pages that everything else leads to: a campaign's board, and an idea."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload

from campaign.amendments.access import amendments_of
from campaign.audience.actions import note_coming
from campaign.board.acts import acts
from campaign.board.cards import told_card
from campaign.board.figures import figures_of, keeping, promise_kept, told_figures
from campaign.board.idea_page import life_of, offers
from campaign.board.kept_pages import BoardPage, page_for_visitor
from campaign.board.lots import keep_lot
from campaign.board.pulse import pulse_of
from campaign.brands.access import rights_of
from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.incentives import Label
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown
from campaign.campaigns.timeline import timeline
from campaign.clock import now
from campaign.coauthors.access import open_invitation
from campaign.doubts.access import votes_aside
from campaign.endorsements.access import endorsements_of
from campaign.endorsements.views import can_endorse
from campaign.evaluation.access import clarifications_for, words_to_authors
from campaign.evaluation.listing import count_owed
from campaign.exposure.listing import list_fairly
from campaign.exposure.standing import placed
from campaign.exposure.tickets import ticket_for
from campaign.extensions import db
from campaign.feedback.forms import CommentForm
from campaign.feedback.helping import helpful_of
from campaign.feedback.listing import SHOWN, may_read, threads
from campaign.feedback.pins import pin_on
from campaign.feedback.summary import LATELY, feedback_on, marks_of
from campaign.ideas.access import idea_for
from campaign.ideas.building import built_on, lineage_of, may_build_on
from campaign.ideas.drafting import draft_with_words
from campaign.ideas.filtering import Wish
from campaign.ideas.listing import ideas_by_id, list_ideas
from campaign.ideas.models import Idea, Withdrawal, disclose
from campaign.ideas.orders import BY_VOTES, ORDERS
from campaign.ideas.replies import told_replies
from campaign.ideas.totals import count_unanswered
from campaign.ideas.trending import weight_at
from campaign.live import numbers_of
from campaign.live.news import CARDS
from campaign.live.presence import people
from campaign.merging.access import count_waiting_pairs
from campaign.methods.doubted import Aside, ballots_aside
from campaign.methods.rereading import is_to_reread
from campaign.moderation.queue import count_waiting
from campaign.notices.beside import followed_of
from campaign.notices.following import tag_to_follow
from campaign.notices.updates import shown_updates
from campaign.reasons.access import reasons_beside, standing_of
from campaign.rendering import prepare_markdown
from campaign.statuses.lists import tags_and_stands
from campaign.text import squeeze
from campaign.votes.access import unvoted_by, votes_of
from campaign.votes.allowance import cap_of, votes_left
from campaign.votes.supporters import supporters_of

bp = Blueprint("board", __name__)


@bp.get("/campaigns/<slug>")
def show(slug: str) -> ResponseReturnValue:
    return page_for_visitor(slug, partial(_board, slug))


def _board(slug: str) -> BoardPage:
    campaign = campaign_for(current_user, slug)
    if note_coming(campaign, current_user):
        db.session.commit()
        campaign = campaign_for(current_user, slug)
    numbers = numbers_of(campaign.board)  # Read first: what changes while the page is made is told again, not lost.
    keep = keeping(campaign, numbers)
    rights = rights_of(current_user, campaign.brand_id, campaign.id)
    may_answer = "answer" in rights
    shown = counts_shown(campaign, current_user)
    wish = _wish(campaign, may_answer, shown)
    cursor = request.args.get("from")
    page = list_fairly(campaign, wish, cursor, keep=keep)
    besides = [unvoted_by(campaign, current_user)] if wish.unvoted else []
    page = page or list_ideas(campaign, wish, cursor, keep=keep, besides=besides)
    first = not cursor
    figures = figures_of(campaign, numbers)
    tags, stands = keep("tags", lambda: tags_and_stands(campaign))
    html = render_template(
        "campaigns/board.html",
        brand=campaign.brand,
        campaign=campaign,
        timeline=timeline(campaign, figures.ideas),
        ideas=page.ideas,
        total=page.total,
        many=page.many,
        next_url=_url(campaign, wish, page.cursor) if page.cursor else None,
        first=first,
        ticket=g.get("ticket") or ticket_for(campaign, page.ideas),
        vote_id=g.get("vote_id"),
        votes_aside=votes_aside(campaign),
        ballots_aside=ballots_aside(campaign.voted_on) if shown else Aside(),
        may_review=lambda: "moderate" in rights,
        to_evaluate=count_owed(campaign, current_user) if "evaluate" in rights else 0,
        same_waiting=count_waiting_pairs(campaign) if "moderate" in rights else 0,
        cases_waiting=count_waiting(campaign, current_user) if "moderate" in rights else {},
        placed=placed(campaign, page.ideas) if shown and first and wish == Wish("supported", seed=wish.seed) else [],
        order=wish.order,
        orders=[order for order in ORDERS if (shown and campaign.shows_support) or order not in BY_VOTES],
        counts_told=shown,
        weight=weight_at(now()),
        query=wish.query,
        tags=tags,
        chosen_tag=wish.tag,
        categories=campaign.categories,
        chosen_category=wish.category,
        stands=stands,
        chosen_status=wish.status,
        unanswered=wish.unanswered,
        unvoted=wish.unvoted,
        waiting=keep("unanswered", lambda: count_unanswered(campaign)) if may_answer else 0,
        may_answer=may_answer,
        counts={**told_figures(figures, shown), "people": people(campaign.board)},
        seq=numbers.told,
        newest=figures.newest,
        my_votes=votes_of(current_user, [idea.id for idea in page.ideas]),
        votes_cap=cap_of(campaign) if campaign.accepts_support else None,
        votes_left=votes_left(campaign, current_user.id) if current_user.is_authenticated else None,
        draft=draft_with_words(campaign, current_user),
        pulse=pulse_of(campaign, shown),
        promise=promise_kept(campaign, keep),
        may_manage="manage" in rights,
        follows_campaign=followed_of(current_user, campaign).campaign,
        tag_to_follow=tag_to_follow(current_user, campaign, wish.tag),
    )
    return BoardPage(html, campaign, page.ideas, wish.order == "shuffled")


@bp.get("/campaigns/<slug>/cards")
def cards(slug: str) -> ResponseReturnValue:
    """Some ideas as `board.changed` tells them, for a page that finds out from a snapshot that its own cards are of before."""
    campaign = campaign_for(current_user, slug)
    asked = [idea for idea in request.args.getlist("idea", type=int)[:CARDS] if 0 < idea < 2**31]
    told = counts_shown(campaign, current_user)
    ideas = ideas_by_id(campaign, asked)
    return jsonify(ideas=[told_card(idea, told) for idea in ideas if not idea.withdrawn])


@bp.get("/ideas/<id:idea_id>")
@bp.get("/ideas/<id:idea_id>/remarks/<id:first>")
def idea(idea_id: int, first: int = 0) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id, *_whole())
    campaign = idea.campaign
    seq = numbers_of(campaign.board).told
    lineage, children, amendments = lineage_of(idea), built_on(idea), amendments_of(idea)
    amenders = idea.amenders if idea.version > 1 else []
    others = {*(amendment.author_id for amendment in amendments), *(person.id for person in amenders)}
    asker = {current_user.id} if current_user.is_authenticated else set()
    labels: dict[int, Label] = {}
    rights = rights_of(current_user, campaign.brand_id, campaign.id)
    best, pin = request.args.get("order") == "best", pin_on(idea)
    names, talk = _names_under(idea), threads(idea, first, labels, current_user, "see" in rights, best)
    remarks = [comment for thread in talk for comment in (thread.comment, *thread.replies)]
    pinned = [pin.comment] if pin else []
    speakers = {comment.author_id for comment in (*remarks, *pinned)}
    followed, updates = followed_of(current_user, campaign, idea), shown_updates(idea)
    labels |= disclose(campaign, [idea, *lineage, *children], others | asker | speakers | names.pop("people"))
    comment_form = CommentForm()
    comment_form.ask_agreement(campaign, current_user, remark=True)
    comment_form.ask_received(labels.get(current_user.id) if asker else None)
    calling = [(comment.text, comment.called) for comment in (*remarks, *pinned)]
    prepare_markdown([idea.text, *(one.text for one in updates)], calling)
    by_order = "?order=best" if best else ""
    my_votes = votes_of(current_user, [idea.id, *([idea.retired_for.id] if idea.retired_for else [])])
    return render_template(
        "ideas/show.html",
        brand=campaign.brand,
        campaign=campaign,
        idea=idea,
        life=life_of(idea),
        replies=told_replies(idea, current_user),
        comments=talk[:SHOWN],
        more_remarks=f"{idea.url}/remarks/{talk[SHOWN].comment.id}{by_order}" if len(talk) > SHOWN else None,
        first_remarks=f"{idea.url}{by_order}#comments" if first else None,
        best_first=best,
        helpful=helpful_of([comment.id for comment in remarks], current_user),
        pin=pin,
        may_pin="moderate" in rights and not idea.is_by(current_user),
        comment_form=comment_form,
        my_votes=my_votes,
        ballot_reworded=is_to_reread(current_user, idea),
        vote_standing=standing_of(current_user, idea, my_votes),
        origins=idea.origins,
        following=followed.idea,
        follows_author=followed.author,
        updates=updates,
        may_moderate=lambda: may_on(current_user, "moderate", campaign),
        votes_aside=votes_aside(campaign, idea),
        may_review=lambda: "moderate" in rights,
        vote_wanted=request.args.get("vote") == "wanted",  # Before signing in: see votes/views.py.
        seq=seq,
        labels=labels,
        amendments=amendments,
        amenders=amenders,
        lineage=lineage,
        children=children,
        may_build=may_build_on(idea, current_user),
        invitation=open_invitation(current_user, idea),
        asked_back=clarifications_for(current_user, idea, rights),
        private_words=words_to_authors(current_user, idea),
        **names,
        **_feedback_on(idea),
        may_read=lambda comment: may_read(comment, current_user, "see" in rights),
        **offers(current_user, idea, rights),
    )


def _whole() -> tuple[Any, ...]:
    """Of an idea's page, in one query with the idea."""
    return (
        joinedload(Idea.campaign),
        *(joinedload(part) for part in (Idea.author, Idea.coauthors, Idea.category, Idea.answer)),
        joinedload(Idea.status),
        joinedload(Idea.climb),
        joinedload(Idea.expiry),
        joinedload(Idea.recorded),
        joinedload(Idea.updates),
        joinedload(Idea.status_changes),
        joinedload(Idea.withdrawal).joinedload(Withdrawal.into).joinedload(Idea.withdrawal),
        joinedload(Idea.absorbed).joinedload(Withdrawal.idea),
    )


def _names_under(idea: Idea) -> dict[str, Any]:
    """Who supports it by name, who put their name to it, and why people vote as they do; `people`: whose names are in it."""
    supporters, endorsed = supporters_of(idea, current_user), endorsements_of(idea, current_user)
    reasons = reasons_beside(idea, current_user)
    supporting = {person.id for person in supporters.people} if supporters else set()
    return {
        "people": supporting | endorsed.people | reasons.people,
        "supporters": supporters,
        "endorsed": endorsed,
        "may_endorse": can_endorse(idea),
        "reasons": reasons,
    }


def _feedback_on(idea: Idea) -> dict[str, Any]:
    """What the page of an idea tells of feedback, where a stage of its campaign asks for it. Three queries, or none."""
    if not any(stage.accepts_feedback for stage in idea.campaign.stages):
        return {"opinions": None}
    shown = counts_shown(idea.campaign, current_user)
    return {"opinions": feedback_on(idea, shown, LATELY), "marks": marks_of(idea) if shown else None}


@bp.get("/campaigns/<slug>/history")
def history(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="see")
    page = acts(campaign, after=request.args.get("from"), reader=current_user)
    return render_template(
        "campaigns/history.html",
        brand=campaign.brand,
        campaign=campaign,
        acts=page.acts,
        next_url=f"{campaign.url}/history?from={page.cursor}" if page.cursor else None,
        may_manage=may_on(current_user, "manage", campaign),
    )


def _wish(campaign: Campaign, may_answer: bool, shown: bool) -> Wish:
    """What the address asks for. While people vote, and while counts are sealed, everybody starts from an order of their own."""
    args = request.args
    order = args.get("order", "")
    by_votes = shown and campaign.shows_support
    if order not in ORDERS or (order in BY_VOTES and not by_votes):
        order = "shuffled" if campaign.accepts_votes or not shown else "supported" if by_votes else "new"
    return Wish(
        order=order,
        query=squeeze(args.get("q"))[:200],
        tag=squeeze(args.get("tag"))[:60],
        category=squeeze(args.get("category"))[:60],
        status=squeeze(args.get("status"))[:40],
        seed=keep_lot() if order == "shuffled" else 1,
        unanswered=may_answer and "unanswered" in args,  # What is still to be done is the team's list.
        unvoted="unvoted" in args and current_user.is_authenticated and campaign.accepts_support,
    )


def _url(campaign: Campaign, wish: Wish, cursor: str) -> str:
    asked = {
        "order": wish.order,
        "q": wish.query,
        "tag": wish.tag,
        "category": wish.category,
        "status": wish.status,
        "unanswered": wish.unanswered and "1",
        "unvoted": wish.unvoted and "1",
        "from": cursor,
    }
    return f"{campaign.url}?{urlencode({name: value for name, value in asked.items() if value})}"
