"""The two pages that everything else leads to: a campaign's board, and an idea."""

import random
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload

from campaign.amendments.access import amendments_of
from campaign.answers.promise import promise
from campaign.board.acts import acts
from campaign.board.figures import told_figures
from campaign.board.idea_page import life_of, offers
from campaign.board.pulse import pulse_of
from campaign.brands.access import rights_of
from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import counts_shown
from campaign.campaigns.timeline import timeline
from campaign.clock import now
from campaign.coauthors.access import open_invitation
from campaign.doubts.access import votes_aside
from campaign.exposure.listing import list_fairly
from campaign.exposure.standing import placed
from campaign.exposure.tickets import ticket_for
from campaign.feedback.forms import CommentForm
from campaign.feedback.listing import SHOWN, threads
from campaign.ideas.access import idea_for
from campaign.ideas.building import built_on, lineage_of, may_build_on
from campaign.ideas.drafting import draft_with_words
from campaign.ideas.following import is_following
from campaign.ideas.listing import BY_VOTES, LOTS, ORDERS, Wish, count_ideas, count_unanswered, list_ideas, tags_in_use
from campaign.ideas.models import Idea, disclose
from campaign.ideas.replies import told_replies
from campaign.ideas.trending import weight_at
from campaign.live import board_seq
from campaign.live.presence import people
from campaign.rendering import prepare_markdown
from campaign.text import squeeze
from campaign.votes.access import votes_of
from campaign.votes.allowance import cap_of, votes_left

PARTS = (Idea.author, Idea.coauthors, Idea.category, Idea.withdrawal)  # Of an idea's page, in one query with the idea.

bp = Blueprint("board", __name__)


@bp.get("/campaigns/<slug>")
def show(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug)
    seq = board_seq(campaign.board)  # Read first: what changes while the page is made is told again, not lost.
    rights = rights_of(current_user, campaign.brand_id, campaign.id)
    may_answer = "answer" in rights
    shown = counts_shown(campaign, current_user)
    wish = _wish(campaign, may_answer, shown)
    cursor = request.args.get("from")
    # The fair order follows the votes too, in half of its places: it would tell what is sealed.
    page = (list_fairly(campaign, wish, cursor) if shown else None) or list_ideas(campaign, wish, cursor)
    first = not cursor
    figures = count_ideas(campaign)
    return render_template(
        "campaigns/board.html",
        brand=campaign.brand,
        campaign=campaign,
        timeline=timeline(campaign, figures.ideas),
        ideas=page.ideas,
        total=page.total,
        next_url=_url(campaign, wish, page.cursor) if page.cursor else None,
        first=first,
        ticket=ticket_for(campaign, page.ideas),
        votes_aside=votes_aside(campaign),
        may_review=lambda: "moderate" in rights,
        placed=placed(campaign, page.ideas) if shown and first and wish == Wish("supported", seed=wish.seed) else [],
        order=wish.order,
        orders=[order for order in ORDERS if shown or order not in BY_VOTES],
        counts_told=shown,
        weight=weight_at(now()),
        query=wish.query,
        tags=tags_in_use(campaign),
        chosen_tag=wish.tag,
        categories=campaign.categories,
        chosen_category=wish.category,
        unanswered=wish.unanswered,
        waiting=count_unanswered(campaign) if may_answer else 0,
        may_answer=may_answer,
        counts={**told_figures(figures, shown), "people": people(campaign.board)},
        seq=seq,
        newest=figures.newest,
        my_votes=votes_of(current_user, [idea.id for idea in page.ideas]),
        votes_cap=cap_of(campaign) if campaign.accepts_support else None,
        votes_left=votes_left(campaign, current_user.id) if current_user.is_authenticated else None,
        draft=draft_with_words(campaign, current_user),
        pulse=pulse_of(campaign, shown),
        promise=promise(campaign),
        may_manage="manage" in rights,
    )


@bp.get("/ideas/<id:idea_id>")
@bp.get("/ideas/<id:idea_id>/remarks/<id:first>")
def idea(idea_id: int, first: int = 0) -> ResponseReturnValue:
    idea = idea_for(current_user, idea_id, *(joinedload(part) for part in PARTS))
    campaign = idea.campaign
    seq = board_seq(campaign.board)
    lineage, children, amendments = lineage_of(idea), built_on(idea), amendments_of(idea)
    amenders = idea.amenders if idea.version > 1 else []
    others = {*(amendment.author_id for amendment in amendments), *(person.id for person in amenders)}
    asker = {current_user.id} if current_user.is_authenticated else set()
    labels = disclose(campaign, [idea, *lineage, *children], others | asker)
    talk = threads(idea, first)
    comment_form = CommentForm()
    comment_form.ask_agreement(campaign, current_user, remark=True)
    comment_form.ask_received(labels.get(current_user.id) if asker else None)
    remarks = (comment for thread in talk for comment in (thread.comment, *thread.replies))
    prepare_markdown([idea.text, *(comment.text for comment in remarks)])
    return render_template(
        "ideas/show.html",
        brand=campaign.brand,
        campaign=campaign,
        idea=idea,
        life=life_of(idea),
        replies=told_replies(idea, current_user),
        comments=talk[:SHOWN],
        more_remarks=f"{idea.url}/remarks/{talk[SHOWN].comment.id}" if len(talk) > SHOWN else None,
        first_remarks=f"{idea.url}#comments" if first else None,
        comment_form=comment_form,
        my_votes=votes_of(current_user, [idea.id]),
        following=is_following(current_user, idea),
        votes_aside=votes_aside(campaign, idea),
        may_review=lambda: may_on(current_user, "moderate", campaign),
        vote_wanted=request.args.get("vote") == "wanted",  # Before signing in: see votes/views.py.
        seq=seq,
        labels=labels,
        amendments=amendments,
        amenders=amenders,
        lineage=lineage,
        children=children,
        may_build=may_build_on(idea, current_user),
        invitation=open_invitation(current_user, idea),
        **offers(current_user, idea),
    )


@bp.get("/campaigns/<slug>/history")
def history(slug: str) -> ResponseReturnValue:
    campaign = campaign_for(current_user, slug, to="see")
    page = acts(campaign, after=request.args.get("from"))
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
    if order not in ORDERS or (order in BY_VOTES and not shown):
        order = "shuffled" if campaign.accepts_votes or not shown else "supported"
    if order == "shuffled" and "lot" not in session:
        session["lot"] = random.randrange(1, LOTS)  # noqa: S311  An order of ideas, not a secret.
    return Wish(
        order=order,
        query=squeeze(args.get("q"))[:200],
        tag=squeeze(args.get("tag"))[:60],
        category=squeeze(args.get("category"))[:60],
        seed=session.get("lot", 1),
        unanswered=may_answer and "unanswered" in args,  # What is still to be done is the team's list.
    )


def _url(campaign: Campaign, wish: Wish, cursor: str) -> str:
    asked = {
        "order": wish.order,
        "q": wish.query,
        "tag": wish.tag,
        "category": wish.category,
        "unanswered": wish.unanswered and "1",
        "from": cursor,
    }
    return f"{campaign.url}?{urlencode({name: value for name, value in asked.items() if value})}"
