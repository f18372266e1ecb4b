"""The board by socket: who may watch, and how a change reads to each audience."""

from typing import Any

from flask import render_template, request
from flask_babel import force_locale
from flask_login import current_user

from campaign.accounts.access import sign_in_by_token
from campaign.campaigns.access import campaign_for, may_on
from campaign.campaigns.models import Campaign
from campaign.errors import BadRequest
from campaign.extensions import db
from campaign.ideas.listing import count_ideas, ideas_by_id, on_board
from campaign.ideas.models import Idea
from campaign.languages import language
from campaign.live import Audience, News, boards
from campaign.live.sockets import identify_with, on

SNAPSHOT = 5000  # Ideas whose totals a snapshot holds, the newest; a longer board says so.


@on("board.watch")
def watch(data: dict[str, Any]) -> dict[str, Any]:
    campaign = _campaign(data, {"campaign", "since"})
    since = data.get("since")
    if since is not None and (type(since) is not int or not 0 <= since < 2**63):
        raise BadRequest
    who = f"person-{current_user.id}" if current_user.is_authenticated else request.sid  # type: ignore[attr-defined]
    audience = Audience("team" if may_on(current_user, "see", campaign) else "public", language())
    return boards.watch(campaign.board, request.sid, who, audience, since)  # type: ignore[attr-defined]


@on("board.leave")
def leave(data: dict[str, Any]) -> dict[str, Any]:
    boards.leave(request.sid, _campaign(data, {"campaign"}).board)  # type: ignore[attr-defined]
    return {}


def _campaign(data: dict[str, Any], known: set[str]) -> Campaign:
    if not isinstance(data.get("campaign"), str) or not set(data) <= known:
        raise BadRequest
    return campaign_for(current_user, data["campaign"])


class CampaignBoard:
    """How a campaign's board reads: the same partial as on the page, once per language."""

    def present(self, board: str, news: News, audience: Audience) -> dict[str, Any]:
        """`board.changed`, as docs/protocol.md describes it."""
        campaign = _campaign_of(board)
        with force_locale(audience.language):
            cards = [_card(idea) for idea in ideas_by_id(news.get("ideas", [])) if not idea.withdrawn]
        message: dict[str, Any] = {"campaign": campaign.slug, "votes": news.get("votes", {}), "ideas": cards}
        message["gone"] = news.get("gone", [])
        message["kinds"] = news.get("kinds", [])
        if news:
            message["counts"] = _counts(campaign)
        return message

    def snapshot(self, board: str, audience: Audience) -> dict[str, Any]:
        """Every idea's total, and the figures; the page itself shows the rest."""
        campaign = _campaign_of(board)
        totals = db.select(Idea.id, Idea.votes).where(*on_board(campaign)).order_by(Idea.id.desc()).limit(SNAPSHOT)
        votes = {str(row.id): row.votes for row in db.session.execute(totals)}
        return {
            "campaign": campaign.slug,
            "votes": votes,
            "counts": _counts(campaign),
            "whole": len(votes) < SNAPSHOT,
        }

    def name(self, board: str) -> dict[str, Any]:
        """The campaign, as `board.watch` names it."""
        return {"campaign": _campaign_of(board).slug}


def _campaign_of(board: str) -> Campaign:
    campaign = db.session.get(Campaign, int(board.removeprefix("campaign-")))
    assert campaign is not None
    return campaign


def _counts(campaign: Campaign) -> dict[str, int]:
    ideas, votes, comments = count_ideas(campaign)
    return {"ideas": ideas, "votes": votes, "comments": comments}


def _card(idea: Idea) -> dict[str, Any]:
    return {
        "id": idea.id,
        "title": idea.title,
        "author": idea.author.display_name,
        "version": idea.version,
        "votes": idea.votes,
        "comments": idea.comments,
        "html": render_template("ideas/_idea.html", idea=idea, my_votes=frozenset()),
    }


boards.present_with(CampaignBoard())
identify_with(sign_in_by_token)
