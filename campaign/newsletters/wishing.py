"""Asking for a brand's newsletter, and ending it: a tick that is off until somebody sets it, and one press in the mail (RFC 8058)."""

from collections.abc import Collection
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Select

from campaign import settings
from campaign.accounts.links import LinkOver
from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.models import Brand
from campaign.campaigns.access import seen_by
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import insert
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.following import Following
from campaign.ideas.models import CoAuthor, Idea
from campaign.newsletters.models import Subscription
from campaign.notices.models import CampaignFollowing

LISTED = 50


def subscribe(person: Person, brand: Brand) -> None:
    """Send this person the brand's newsletters from now on. Asked again, it changes nothing."""
    asked = insert(Subscription).values(brand_id=brand.id, person_id=person.id, at=now())
    db.session.execute(asked.on_conflict_do_nothing())


def unsubscribe(person: Person, brand: Brand) -> None:
    """Send this person none of them any more, also of what is leaving at this moment."""
    theirs = db.delete(Subscription).where(Subscription.brand_id == brand.id, Subscription.person_id == person.id)
    db.session.execute(theirs.execution_options(synchronize_session=False))


def is_subscribed(person: Asker, brand: Brand) -> bool:
    """Whether this person asked for the brand's newsletter. One query."""
    if not person.is_authenticated:
        return False
    theirs = db.select(Subscription.at).where(Subscription.brand_id == brand.id, Subscription.person_id == person.id)
    return db.session.scalar(theirs) is not None


def brands_known(person: Person) -> list[tuple[Brand, bool]]:
    """The brands of which this person may want to hear, by name, each with whether they asked for its newsletter. Two queries."""
    asked = set(db.session.scalars(db.select(Subscription.brand_id).where(Subscription.person_id == person.id)))
    own = db.select(Idea.campaign_id).where(Idea.author_id == person.id)
    joined: Select[Any] = db.select(Idea.campaign_id).join(CoAuthor, CoAuthor.idea_id == Idea.id)
    said = db.select(Idea.campaign_id).join(Comment, Comment.idea_id == Idea.id)
    followed = db.select(Idea.campaign_id).join(Following, Following.idea_id == Idea.id)
    campaigns = db.select(CampaignFollowing.campaign_id).where(CampaignFollowing.person_id == person.id)
    met = own.union(
        joined.where(CoAuthor.person_id == person.id),
        said.where(Comment.author_id == person.id),
        followed.where(Following.person_id == person.id),
        campaigns,
    ).subquery()
    of_met = db.select(Campaign.brand_id).where(Campaign.id.in_(db.select(met.c[0])), seen_by(person))
    found = db.select(Brand).where(db.or_(Brand.id.in_(asked), Brand.id.in_(of_met)))
    brands = db.session.scalars(found.order_by(Brand.id.in_(asked).desc(), Brand.name).limit(max(LISTED, len(asked))))
    return sorted(((brand, brand.id in asked) for brand in brands), key=lambda one: one[0].name.casefold())


def choose(person: Person, brands: Collection[tuple[Brand, bool]], wanted: Collection[int]) -> None:
    """Keep what was ticked among these brands, each with what was ticked before."""
    for brand, was in brands:
        if (brand.id in wanted) != was:
            (unsubscribe if was else subscribe)(person, brand)


def ending_url(person: Person, brand: Brand) -> str:
    """The address that ends this brand's newsletters for this person."""
    return (
        f"{settings.current().address}/newsletters/ending/{_signer().dumps({'person': person.id, 'brand': brand.id})}"
    )


def read_ending(token: str) -> tuple[Person, Brand]:
    """Whose wish a link in a mail ends, and of which brand. Raises LinkOver."""
    try:
        said = _signer().loads(token)
    except BadData:
        raise LinkOver from None
    person, brand = db.session.get(Person, said["person"]), db.session.get(Brand, said["brand"])
    if person is None or brand is None:
        raise LinkOver
    return person, brand


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="link.newsletters")
