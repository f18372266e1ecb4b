"""The door to newsletters: for who manages the whole brand."""

from campaign.brands.access import Asker, brand_for
from campaign.brands.models import Brand
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.newsletters.models import Newsletter

LISTED = 30


def newsletter_for(person: Asker, slug: str, newsletter_id: int) -> Newsletter:
    """The brand's newsletter of this id, for who writes them."""
    brand = brand_for(person, slug, to="manage")
    newsletter = db.session.get(Newsletter, newsletter_id)
    if newsletter is None or newsletter.brand_id != brand.id:
        raise NotThere
    return newsletter


def newsletters_of(brand: Brand, before: int | None = None) -> tuple[list[Newsletter], int | None]:
    """One page of a brand's newsletters, drafts and sent ones, the newest first, with where the next begins. One query."""
    found = db.select(Newsletter).where(Newsletter.brand_id == brand.id)
    if before is not None:
        found = found.where(Newsletter.id < before)
    parts = db.joinedload(Newsletter.sent_by), db.joinedload(Newsletter.by), db.joinedload(Newsletter.campaign)
    listed = list(db.session.scalars(found.options(*parts).order_by(Newsletter.id.desc()).limit(LISTED + 1)).unique())
    return listed[:LISTED], listed[LISTED - 1].id if len(listed) > LISTED else None
