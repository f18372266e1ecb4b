"""The campaign that an import fills, and its brand. It is open at once, because its ideas exist already."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.access import person_by_email
from campaign.accounts.actions import tidy_email
from campaign.accounts.models import Person
from campaign.brands.access import RESERVED
from campaign.brands.actions import found_brand, take_brand
from campaign.brands.models import Brand
from campaign.campaigns.actions import draft_campaign, publish_campaign
from campaign.campaigns.models import Campaign
from campaign.campaigns.plans import stages_until
from campaign.campaigns.setup import Setup, WantedCategory, Words
from campaign.clock import now
from campaign.errors import Refused
from campaign.exchange.writing import NAME, TITLE, shorten
from campaign.extensions import db
from campaign.history import record
from campaign.text import slugify


class SlugUnusable(Refused):
    code, field = "slug_unusable", "slug"

    @classmethod
    def of(cls, slug: str) -> "SlugUnusable":
        return cls(
            _(
                "“%(slug)s” can’t stand in an address: use small letters, digits and hyphens, 60 at most.",
                slug=slug,
            )
        )


class CampaignThere(Refused):
    code, field = "campaign_there", "slug"

    @classmethod
    def of(cls, slug: str) -> "CampaignThere":
        return cls(_("There is a campaign “%(slug)s” already. Choose another address for this one.", slug=slug))


class NobodyThere(Refused):
    code, field = "nobody_there", "owner"

    @classmethod
    def of(cls, email: str) -> "NobodyThere":
        return cls(_("Nobody has an account with the address %(email)s.", email=email))


class OwnedByOthers(Refused):
    code, field = "owned_by_others", "owner"

    @classmethod
    def of(cls, brand: Brand) -> "OwnedByOthers":
        return cls(_("The brand “%(brand)s” is there already, so only its owners can share it.", brand=brand.name))


class NamedAlready(Refused):
    code, field = "named_already", "brand_name"

    @classmethod
    def of(cls, brand: Brand) -> "NamedAlready":
        return cls(
            _("The brand at “%(slug)s” is there already, and is called “%(brand)s”.", slug=brand.slug, brand=brand.name)
        )


class VoteOver(Refused):
    code, message, field = (
        "vote_over",
        _l("The vote would be over already: choose a moment that is still to come."),
        "until",
    )


@dataclass(frozen=True)
class NewCampaign:
    """What somebody decides about a campaign that a file fills. An empty title is made from the file."""

    brand: str
    slug: str
    until: datetime
    language: str
    title: str = ""
    owner: str | None = None
    brand_name: str = ""

    @property
    def brand_called(self) -> str:
        """What a brand that is made is called: as was said, or else like its address, never like the file."""
        return self.brand_name or " ".join(word.capitalize() for word in self.brand.split("-"))


def check(wanted: NewCampaign) -> None:
    """Refuse an address that can't be, a campaign that is there, and a vote that is over."""
    for slug in (wanted.brand, wanted.slug):
        if not slug or slugify(slug) != slug:
            raise SlugUnusable.of(slug)
    if db.session.scalar(db.select(Campaign.id).where(Campaign.slug == wanted.slug)) is not None:
        raise CampaignThere.of(wanted.slug)
    if wanted.until <= now():
        raise VoteOver


def open_campaign(wanted: NewCampaign, title: str, brief: str, categories: list[str], author: Person) -> Campaign:
    """Make the campaign that is wanted, and publish it."""
    begins = now()
    owner = None
    if wanted.owner and (owner := person_by_email(tidy_email(wanted.owner))) is None:
        raise NobodyThere.of(wanted.owner)
    setup = Setup(
        texts={wanted.language: Words(title=shorten(title, 120), brief=brief)},
        stages=stages_until(begins, wanted.until, wanted.until),
        slug=wanted.slug,
        title_max=TITLE,  # Authors can edit what was imported without having to shorten it.
        categories=[WantedCategory({wanted.language: name}) for name in categories],
    )
    campaign = draft_campaign(_brand(wanted, owner), owner or author, setup)
    publish_campaign(campaign, owner or author)
    return campaign


def _brand(wanted: NewCampaign, owner: Person | None) -> Brand:
    brand = db.session.scalar(db.select(Brand).where(Brand.slug == wanted.brand))
    if brand is not None:
        if owner and not take_brand(brand, owner):
            raise OwnedByOthers.of(brand)
        if wanted.brand_name not in ("", brand.name):
            raise NamedAlready.of(brand)
        return brand
    name = shorten(wanted.brand_called, NAME)
    if owner:
        return found_brand(name, wanted.brand, owner)
    if wanted.brand in RESERVED:
        raise SlugUnusable.of(wanted.brand)
    brand = Brand(slug=wanted.brand, name=name)
    db.session.add(brand)
    record("brand.founded", brand, name=name)
    return brand
