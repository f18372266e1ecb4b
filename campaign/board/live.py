"""The board by socket: who may watch, and how a change reads to each audience."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import get_template_attribute, render_template, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from campaign.accounts.access import holders_of, present_secret, ticket_of
from campaign.board.cards import told_card
from campaign.board.figures import figures_of, told_figures
from campaign.board.pulse import lately_on
from campaign.brands.suspensions import Suspended, suspensions_of
from campaign.campaigns.access import campaigns_by_id, insiders
from campaign.campaigns.audience import invited
from campaign.campaigns.kinds import KINDS
from campaign.campaigns.models import Campaign, board_of, campaign_id_of
from campaign.campaigns.sealing import seal_on, who_voted
from campaign.campaigns.timeline import timeline
from campaign.errors import BadRequest, NotThere, as_json
from campaign.extensions import db
from campaign.ideas.listing import ideas_by_id
from campaign.ideas.models import Idea
from campaign.ideas.totals import Figures, on_board
from campaign.live import Audience, News, boards, numbers_of
from campaign.live.board import Arrival
from campaign.live.gathering import Gathering
from campaign.live.sockets import Caller, identify_with, on, on_together
from campaign.moderation.queue import count_waiting
from campaign.statuses.models import Status

SAID = {
    "campaign.ended": _l("The campaign has ended. Thank you to all who took part."),
    "stage.held": _l("What comes next is not ready yet. It opens as soon as it is."),
    "campaign.closed": _l("The campaign was closed just now."),
    "campaign.simulated": _l("Simulated participants have come in. For some minutes, votes and ideas may be theirs."),
    "campaign.left_alone": _l("The simulated participants have gone. What they gave stays."),
}
# The beginnings of kinds that only the team hears: what waits for it has changed.
FOR_TEAM = ("case.", "answer.", "duplicate.", "doubts.", "evaluation.")
SUSPENDED = ", suspended"  # Follows the role of who may read like anybody, and give nothing.
VOTER = ", voted in stage %d"  # Ends the role of who has voted, where that lets them see the totals.
SNAPSHOT = 5000  # Ideas whose totals a snapshot holds, the newest; a longer board says so.


class Asking(NamedTuple):
    """Somebody who wants to watch a campaign's board, as it was asked."""

    sid: str
    caller: Caller
    slug: str
    since: int | None


def read_watch(sid: str, caller: Caller, data: dict[str, Any]) -> Asking:
    """What a `board.watch` asks, or a refusal of its form."""
    slug, since = data.get("campaign"), data.get("since")
    if not isinstance(slug, str) or not set(data) <= {"campaign", "since"}:
        raise BadRequest
    if since is not None and (type(since) is not int or not 0 <= since < 2**63):
        raise BadRequest
    if not slug.isprintable():
        raise NotThere
    return Asking(sid, caller, slug, since)


def let_in(asking: list[Asking]) -> list[str | Exception]:
    """Bring everybody who asks at this moment to their board: a fixed number of queries, however many they are."""
    slugs = {ask.slug for ask in asking}
    boards_by_slug = {
        row.slug: board_of(row.id)
        for row in db.session.execute(db.select(Campaign.id, Campaign.slug).where(Campaign.slug.in_(slugs)))
    }
    holders = holders_of({ask.caller.ticket for ask in asking})
    asked: dict[str, set[Any]] = {board: {None} for board in boards_by_slug.values()}
    for ask in asking:
        if ask.slug in boards_by_slug:
            asked[boards_by_slug[ask.slug]].add(ask.caller.ticket)
    roles = CampaignBoard().roles(asked)
    arrivals: dict[int, Arrival] = {}
    for place, ask in enumerate(asking):
        board, holder = boards_by_slug.get(ask.slug, ""), holders.get(ask.caller.ticket)
        ticket = ask.caller.ticket if holder else None  # A sign-in that ended makes nobody of its holder.
        if (role := roles.get(board, {}).get(ticket)) is not None:
            who = f"person-{holder.person}" if holder else ask.sid
            arrivals[place] = Arrival(board, ask.sid, who, Audience(role, ask.caller.language), ticket, ask.since)
    texts = dict(zip(arrivals, boards.welcome(list(arrivals.values())), strict=True))
    db.session.rollback()
    return [texts.get(place, NotThere()) for place in range(len(asking))]


on_together("board.watch", Gathering(let_in, apart=lambda ask: ask.sid), read_watch, str)


@on("board.leave")
def leave(data: dict[str, Any]) -> dict[str, Any]:
    slug = data.get("campaign")
    if not isinstance(slug, str) or not slug.isprintable() or set(data) != {"campaign"}:
        raise BadRequest
    # Whoever may no longer see it, or never could, watches nothing afterwards: that is all that was asked.
    if (left := db.session.scalar(db.select(Campaign.id).where(Campaign.slug == slug))) is not None:
        boards.leave(request.sid, board_of(left))  # type: ignore[attr-defined]
    return {}


class CampaignBoard:
    """How a campaign's board reads: the same partial as on the page, once per language."""

    def figures(self, board: str) -> Figures:
        """How many ideas stand on it, and their votes and remarks in all."""
        return figures_of(_campaign_of(board), numbers_of(board))

    def present(self, board: str, news: News, audience: Audience, figures: Figures | None) -> dict[str, Any]:
        """`board.changed`, as docs/protocol.md describes it."""
        campaign = _campaign_of(board)
        told = _told(campaign, audience)
        with force_locale(audience.language):
            cards = [
                told_card(idea, told) for idea in ideas_by_id(campaign, news.get("ideas", [])) if not idea.withdrawn
            ]
        message: dict[str, Any] = {"campaign": campaign.slug, "ideas": cards}
        if told:
            message["votes"] = news.get("votes", {})
        message["gone"] = news.get("gone", [])
        message["kinds"] = news.get("kinds", [])
        if audience.role.startswith("team") and any(kind.startswith("case.") for kind in message["kinds"]):
            message["awaits"] = count_waiting(campaign)
        if figures is not None:
            message["counts"] = told_figures(figures, told)
        if any(kind.startswith(("idea.", "ideas.")) for kind in message["kinds"]):
            with force_locale(audience.language):
                message["lately"] = _lately(campaign)
        if any(kind.startswith(("campaign.", "stage.")) for kind in message["kinds"]):
            with force_locale(audience.language):
                message["stage"] = _stage(campaign, message["counts"]["ideas"], told, message["kinds"])
            if told and any(stage.shows_counts != "always" for stage in campaign.stages):
                message["votes"] = {
                    str(row.id): row.votes for row in _rows(campaign)[0]
                }  # A seal may just have been broken.
        return message

    def heard(self, board: str, news: News, audience: Audience) -> News:
        """This news without what the audience may not know of: what the team has to do; while totals are sealed, that somebody voted."""
        if not audience.role.startswith("team") and any(kind.startswith(FOR_TEAM) for kind in news.get("kinds", [])):
            open_kinds = [kind for kind in news["kinds"] if not kind.startswith(FOR_TEAM)]
            rest: News = {**news, "kinds": open_kinds}
            news = {name: value for name, value in rest.items() if value}
        if not news.get("votes") or _told(_campaign_of(board), audience):
            return news
        kinds = [kind for kind in news.get("kinds", []) if not kind.startswith("vote.")]
        heard: News = {**news, "votes": {}, "kinds": kinds}
        return {name: value for name, value in heard.items() if value}

    def snapshot(self, board: str, audience: Audience, figures: Figures) -> dict[str, Any]:
        """Every idea's total, what tells an outdated card from one as it is now, and the figures; the page itself shows the rest."""
        campaign = _campaign_of(board)
        told = _told(campaign, audience)
        rows, whole = _rows(campaign)
        with force_locale(audience.language):
            stage, lately = _stage(campaign, figures.ideas, told), _lately(campaign)
        return {
            "campaign": campaign.slug,
            **({"votes": {str(row.id): row.votes for row in rows}} if told else {}),
            "newest": figures.newest,
            "counts": told_figures(figures, told),
            "versions": {str(row.id): row.version for row in rows},
            "comments": {str(row.id): row.comments for row in rows if row.comments},
            "statuses": {str(row.id): row.key for row in rows if row.key is not None},
            "answered": [row.id for row in rows if row.answered_at is not None],
            "whole": whole,
            "stage": stage,
            "lately": lately,
        }

    def name(self, board: str) -> dict[str, Any]:
        """The campaign, as `board.watch` names it."""
        return {"campaign": _campaign_of(board).slug}

    def roles(self, asked: dict[str, set[Any]]) -> dict[str, dict[Any, str]]:
        """Who may still watch: a sign-in that ended lets nobody in, and a draft or a members' campaign its team only, and one
        that invites people these as well.

        The same rules as campaign_for, for everybody who watches anything at once.
        """
        holders = holders_of({ticket for tickets in asked.values() for ticket in tickets if ticket})
        campaigns = {
            campaign.board: campaign for campaign in campaigns_by_id(campaign_id_of(board) for board in asked).values()
        }
        people = {holder.person for holder in holders.values()}
        team, guests = insiders(campaigns.values(), people), invited(campaigns.values(), people)
        suspended = suspensions_of({campaign.brand_id for campaign in campaigns.values()}, people)
        roles: dict[str, dict[Any, str]] = {board: {} for board in asked}
        # By the stage they last voted in, not by the present one: a role that changed has its people ask for the board afresh.
        sealed = [each.id for each in campaigns.values() if any(stage.shows_counts == "voted" for stage in each.stages)]
        voted = who_voted(sealed, people) if sealed else {}
        for board, campaign in campaigns.items():
            for ticket in asked[board]:
                holder = holders.get(ticket)
                if holder is not None and (campaign.id, holder.person) in team:
                    roles[board][ticket] = "team"
                elif (campaign.is_open_to_all and (ticket is None or holder is not None)) or (
                    holder is not None and (campaign.id, holder.person) in guests
                ):
                    out = holder is not None and (campaign.brand_id, holder.person) in suspended
                    roles[board][ticket] = "public" + (SUSPENDED if out else "")
                last = voted.get((campaign.id, holder.person)) if holder is not None else None
                if last is not None and ticket in roles[board]:
                    stages = [stage for stage in campaign.stages if stage.opens_at <= last]
                    roles[board][ticket] += VOTER % stages[-1].id if stages else ""
        return roles

    def reason(self, board: str, ticket: Any, before: Audience, role: str) -> dict[str, Any]:
        """Why somebody was shown out whom the brand has just suspended, in their language. Others learn it from the page."""
        if SUSPENDED not in role or SUSPENDED in before.role:
            return {}
        holder = holders_of({ticket}).get(ticket)
        brand_id = _campaign_of(board).brand_id
        suspension = suspensions_of({brand_id}, {holder.person}).get((brand_id, holder.person)) if holder else None
        if suspension is None:
            return {}  # Lifted in the meantime.
        with force_locale(before.language):
            return {"error": as_json(Suspended(suspension))}


def _campaign_of(board: str) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id_of(board))
    assert campaign is not None
    return campaign


def _told(campaign: Campaign, audience: Audience) -> bool:
    """Whether this audience may know the totals: counts_shown, for many at once."""
    seal = seal_on(campaign)
    if seal == "voted":
        assert campaign.present is not None
        return audience.role.endswith(VOTER % campaign.present.id)
    return seal == "always"


def _rows(campaign: Campaign) -> tuple[Sequence[Any], bool]:
    """The newest ideas, each with its total and what else a snapshot tells of it, and whether these are all the ideas."""
    told = (Idea.id, Idea.votes, Idea.version, Idea.comments, Idea.answered_at, Status.key)
    newest = db.select(*told).outerjoin(Status, Status.id == Idea.status_id)
    rows = db.session.execute(newest.where(*on_board(campaign)).order_by(Idea.id.desc()).limit(SNAPSHOT + 1)).all()
    return rows[:SNAPSHOT], len(rows) <= SNAPSHOT


def _stage(campaign: Campaign, ideas: int, told: bool, kinds: Iterable[str] = ()) -> dict[str, Any]:
    """What of the page depends on the campaign's stage, as the page shows it, and what has just happened in words."""
    said = [_said(campaign, kind) for kind in kinds if kind in SAID or kind == "stage.opened"]
    return {
        "html": get_template_attribute("campaigns/_stage.html", "pieces")(campaign, timeline(campaign, ideas), told),
        "votes": campaign.accepts_support,
        "counts": told,
        "said": str(said[-1]) if said else "",
    }


def _said(campaign: Campaign, kind: str) -> Any:
    return SAID[kind] if kind in SAID else KINDS[campaign.stage.kind].begun if campaign.stage else ""


def _lately(campaign: Campaign) -> str:
    """What happened last, as the page tells it beside the ideas."""
    return render_template("campaigns/_lately.html", recent=lately_on(campaign))


boards.present_with(CampaignBoard())


def _admit(secrets: list[str]) -> list[Caller | None]:
    """Who shows these secrets, and which language they read."""
    holders = holders_of({ticket_of(secret) for secret in secrets})
    db.session.rollback()
    found = [(ticket_of(secret), holders.get(ticket_of(secret))) for secret in secrets]
    return [Caller(ticket, holder.language, person=holder.person) if holder else None for ticket, holder in found]


identify_with(present_secret, Gathering(_admit))
