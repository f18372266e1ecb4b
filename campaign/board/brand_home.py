"""A brand's own page: what it asks now, and what became of what it asked."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.answers.promise import promise_of_brand
from campaign.brands.access import brand_for, may
from campaign.brands.listing import members_of
from campaign.brands.roles import NAMES, RUNNING
from campaign.campaigns.access import campaigns_of
from campaign.campaigns.models import Campaign
from campaign.campaigns.sealing import shown_to_reader
from campaign.ideas.counting import count_into
from campaign.newsletters.wishing import is_subscribed

bp = Blueprint("brand_home", __name__)


@bp.get("/brands/<slug>")
def show(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug)
    campaigns = count_into(campaigns_of(brand, current_user))
    members = members_of(brand)
    return render_template(
        "brands/show.html",
        brand=brand,
        drafts=[campaign for campaign in campaigns if campaign.is_draft],
        coming=[campaign for campaign in campaigns if _is_coming(campaign)],
        running=[campaign for campaign in campaigns if campaign.is_open and not campaign.is_over],
        past=[campaign for campaign in campaigns if _is_past(campaign)],
        given=_given(campaigns),
        promise=promise_of_brand([campaign for campaign in campaigns if campaign.is_listed]),
        titles={campaign.id: campaign.title for campaign in campaigns},
        runners=[member for member in members if member.role in RUNNING and member.campaign_id is None],
        own=[member for member in members if current_user.is_authenticated and member.person_id == current_user.id],
        roles=NAMES,
        wants_newsletter=is_subscribed(current_user, brand),
        may_manage=may(current_user, "own", brand.id),
        may_open=may(current_user, "manage", brand.id),
    )


def _is_coming(campaign: Campaign) -> bool:
    return not (campaign.is_draft or campaign.is_closed or campaign.stage)


def _is_past(campaign: Campaign) -> bool:
    return campaign.is_over and not _is_coming(campaign)


def _given(campaigns: list[Campaign]) -> dict[str, int | None]:
    """What people gave to the campaigns that have begun, in figures."""
    begun = [campaign for campaign in campaigns if not (campaign.is_draft or _is_coming(campaign))]
    figures: dict[str, int | None] = {
        name: sum(getattr(campaign.counts, name) for campaign in begun) for name in ("ideas", "votes", "comments")
    }
    if not all(shown_to_reader(campaign) for campaign in begun):
        figures["votes"] = None  # A part of them would be taken for the whole.
    return {"campaigns": len(begun), **figures}
