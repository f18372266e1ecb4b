"""The door to campaigns: a draft is its team's, a members' campaign is its members', another may be for the people whom it invites."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload

from campaign.accounts.models import Person
from campaign.brands.access import MAY, Asker, may
from campaign.brands.models import Brand, Membership
from campaign.campaigns.audience import invited_to, inviting, is_invited
from campaign.campaigns.kinds import ASKING
from campaign.campaigns.models import BEHIND_A_DOOR, BOARD, Campaign, Closing, Stage, Tag
from campaign.campaigns.sealing import NOBODY
from campaign.clock import now
from campaign.database import begin_writing
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.images import Image
from campaign.live.models import BoardSequence
from campaign.text import slugify

TAGS = 50  # On one page.


@dataclass(frozen=True)
class TagPage:
    """As many tags as one page shows, in alphabetical order."""

    tags: list[Tag]
    cursor: str | None  # Where the next page begins.


def campaign_for(person: Asker, slug: str, to: str | None = None) -> Campaign:
    """The campaign, if this person may see it; with `to`, if a role of theirs allows that on it."""
    found = db.select(Campaign).where(Campaign.slug == slug).options(joinedload(Campaign.stages))
    campaign = db.session.scalars(found).unique().one_or_none()
    if campaign is None or not open_to(person, campaign) or (to and not may_on(person, to, campaign)):
        raise NotThere
    return campaign


def glance(slug: str) -> tuple[int, int] | None:
    """The same door for whoever is nobody, at the price of a glance: the campaign's id and how far its board has come in all but votes."""
    with db.engine.connect() as connection:  # A session would cost as much again as the question itself.
        row = connection.execute(_open_to_nobody(), {"slug": slug}).one_or_none()
    return (row.id, row.beyond_votes or 0) if row else None


@cache
def _open_to_nobody() -> Any:
    board = db.literal(BOARD) + db.cast(Campaign.id, db.String)
    found = db.select(Campaign.id, BoardSequence.beyond_votes).outerjoin(BoardSequence, BoardSequence.board == board)
    return found.where(Campaign.slug == db.bindparam("slug"), seen_by(NOBODY))


def is_taken(slug: str, besides: Campaign | None = None) -> bool:
    """Whether another campaign lives at this address."""
    there = db.session.scalar(db.select(Campaign.id).where(Campaign.slug == slug))
    return there is not None and (besides is None or there != besides.id)


def open_to(person: Asker, campaign: Campaign) -> bool:
    """Whether this person may see the campaign at all."""
    return campaign.is_open_to_all or may_on(person, "see", campaign) or is_invited(person, campaign)


def seen_by(person: Asker) -> Any:
    """The same as a condition on Campaign, for lists across campaigns."""
    listed: Any = db.and_(Campaign.publication.has(), Campaign.visibility.not_in(BEHIND_A_DOOR))
    if not person.is_authenticated:
        return listed
    seeing = [role for role, rights in MAY.items() if "see" in rights]
    theirs = db.select(Membership.id).where(
        Membership.brand_id == Campaign.brand_id,
        Membership.person_id == person.id,
        Membership.role.in_(seeing),
        db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == Campaign.id),
    )
    return db.or_(listed, theirs.exists(), inviting(person.id, person.email))


def sees(campaign: Campaign) -> Any:
    """The same as a condition on Person, for lists of people."""
    if campaign.is_open_to_all:
        return db.true()
    theirs = db.select(Membership.id).where(
        Membership.brand_id == campaign.brand_id,
        Membership.person_id == Person.id,
        Membership.role.in_([role for role, rights in MAY.items() if "see" in rights]),
        db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == campaign.id),
    )
    return db.or_(theirs.exists(), invited_to(campaign))


def who_see(campaign: Campaign, people: Collection[Person]) -> list[Person]:
    """Those of these people who may see the campaign now, to whom a mail may tell of it. One query at most."""
    if campaign.is_open_to_all:
        return list(people)
    found = db.select(Person.id).where(Person.id.in_([person.id for person in people]), sees(campaign))
    seeing = set(db.session.scalars(found))
    return [person for person in people if person.id in seeing]


def may_on(person: Asker, to: str, campaign: Campaign) -> bool:
    """Whether a role of this person, in the brand or in this campaign, allows `to`."""
    return may(person, to, campaign.brand_id, campaign.id)


def own_image_for(person: Asker, key: str) -> Image | None:
    """The picture of this key, if this person uploaded it: what came with an earlier attempt at a form."""
    if not person.is_authenticated or not re.fullmatch(r"[0-9a-f]{32}", key):
        return None  # The database might refuse to look for anything else, as for a zero byte.
    return db.session.scalar(db.select(Image).where(Image.key == key, Image.by_id == person.id))


def campaigns_by_id(ids: Iterable[int]) -> dict[int, Campaign]:
    """These campaigns as they are stored now, with no more of them than tells who may do what. One query."""
    found = (
        db.select(Campaign)
        .where(Campaign.id.in_(list(ids)))
        .options(
            lazyload("*"),
            joinedload(Campaign.publication),
            joinedload(Campaign.closing),
            joinedload(Campaign.stages).joinedload(Stage.campaign),
        )
        .execution_options(populate_existing=True)
    )
    return {campaign.id: campaign for campaign in db.session.scalars(found).unique()}


def keep_as_it_is(campaign: Campaign) -> None:
    """See the campaign with its stages as they are now, and let nobody close it or change them until the commit.

    Many may do so at once. Whoever closes it waits for our commit, or we for theirs; ideas are held before.
    """
    begin_writing()
    db.session.execute(db.select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(read=True))
    campaigns_by_id([campaign.id])


def insiders(campaigns: Iterable[Campaign], people: Collection[int]) -> set[tuple[int, int]]:
    """Of these people, those whom a role lets see these campaigns, as (campaign, person). The same as `may_on` for each, at once."""
    campaigns = list(campaigns)
    if not campaigns or not people:
        return set()
    found = db.select(Membership.brand_id, Membership.campaign_id, Membership.person_id, Membership.role).where(
        Membership.brand_id.in_({campaign.brand_id for campaign in campaigns})
    )
    roles = [row for row in db.session.execute(found) if row.person_id in people and "see" in MAY[row.role]]
    return {
        (campaign.id, role.person_id)
        for campaign in campaigns
        for role in roles
        if role.brand_id == campaign.brand_id and role.campaign_id in (None, campaign.id)
    }


def campaigns_of(brand: Brand, person: Asker) -> list[Campaign]:
    """The brand's campaigns that this person may find on its page, the newest first.

    Others than the team find what is published and public, or invites them. The number of queries is fixed.
    """
    listed: Any = db.and_(Campaign.publication.has(), Campaign.visibility == "public")
    if may(person, "see", brand.id):
        listed = db.true()
    elif person.is_authenticated:
        theirs = db.select(Membership.campaign_id).where(
            Membership.brand_id == brand.id,
            Membership.person_id == person.id,
            Membership.campaign_id.is_not(None),
        )
        listed = db.or_(listed, Campaign.id.in_(theirs), inviting(person.id, person.email))
    found = (
        db.select(Campaign)
        .where(Campaign.brand_id == brand.id, listed)
        .options(selectinload(Campaign.stages))
        .order_by(_beginning().desc(), Campaign.id.desc())
    )
    return list(db.session.scalars(found))


def tags_of_team(campaign: Campaign) -> list[Tag]:
    """The tags that only the campaign's team gives, by name. One query, whatever people have brought."""
    own = db.select(Tag).where(Tag.campaign_id == campaign.id, Tag.staff_only)
    return list(db.session.scalars(own.order_by(Tag.name)))


def tags_named_by_team(campaign: Campaign) -> list[Tag]:
    """Those, and the tags that the team named for people to choose, by name. One query."""
    named = db.select(Tag).where(Tag.campaign_id == campaign.id, Tag.staff_only | Tag.offered)
    return list(db.session.scalars(named.order_by(Tag.name)))


def tags_of_people(campaign: Campaign, query: str = "", after: str = "") -> TagPage:
    """One page of the tags that came with people's ideas, in alphabetical order. One query."""
    theirs = db.select(Tag).where(Tag.campaign_id == campaign.id, ~Tag.staff_only, ~Tag.offered, Tag.slug > after)
    if query:
        plain = slugify(query)  # Found without its accents, and in either case.
        by_slug = Tag.slug.contains(plain, autoescape=True) if plain else db.false()
        theirs = theirs.where(db.or_(Tag.name.icontains(query, autoescape=True), by_slug))
    found = list(db.session.scalars(theirs.order_by(Tag.slug).limit(TAGS + 1)))
    return TagPage(found[:TAGS], found[TAGS - 1].slug if len(found) > TAGS else None)


def open_campaigns(limit: int = 60) -> list[Campaign]:
    """What everybody can take part in now or will be able to, of all brands, once it has begun, the newest first."""
    return _public(~_over(), _beginning() <= now(), order=_beginning().desc(), limit=limit)


def ended_campaigns(limit: int = 6) -> list[Campaign]:
    """What ended last, of all brands."""
    begun = db.select(db.func.max(Stage.opens_at)).where(Stage.campaign_id == Campaign.id, Stage.opens_at <= now())
    closed = db.select(Closing.at).where(Closing.campaign_id == Campaign.id)
    last = db.func.coalesce(closed.scalar_subquery(), begun.scalar_subquery())
    return _public(_over(), order=last.desc(), limit=limit)


def _beginning() -> Any:
    """`Campaign.opens_at` in SQL."""
    return db.select(db.func.min(Stage.opens_at)).where(Stage.campaign_id == Campaign.id).scalar_subquery()


def _over() -> Any:
    """`Campaign.is_over` in SQL, for what is published."""
    later = aliased(Stage)
    passed = db.select(later.id).where(
        later.campaign_id == Stage.campaign_id, later.opens_at > Stage.opens_at, later.opens_at <= now()
    )
    asks = db.or_(*(getattr(Stage, switch) for switch in ASKING))
    awaited = db.select(Stage.id).where(Stage.campaign_id == Campaign.id, asks, ~passed.exists())
    ended = db.and_(Campaign.ends_at.is_not(None), Campaign.ends_at <= now())  # Not unknown where there is no end.
    return db.or_(Campaign.closing.has(), ended, ~awaited.exists())


def _public(*where: Any, order: Any, limit: int) -> list[Campaign]:
    listed = Campaign.visibility == "public", Campaign.publication.has()
    found = db.select(Campaign).where(*listed, *where).order_by(order, Campaign.id.desc()).limit(limit)
    return list(db.session.scalars(found.options(selectinload(Campaign.stages))))
