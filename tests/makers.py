"""Rows that tests begin with. Each maker adds to the session; the caller commits."""

import itertools
import secrets
from datetime import timedelta
from typing import Any

from campaign.accounts.access import digest
from campaign.accounts.models import ApiToken, Person
from campaign.brands.models import Brand, Membership
from campaign.campaigns.models import Campaign, CampaignText, Publication
from campaign.clock import now
from campaign.extensions import db
from campaign.ideas.actions import submit_idea
from campaign.ideas.models import Idea
from tests.calendars import stages_of

_numbers = itertools.count(1)


def make_person(name: str = "bea", **given: Any) -> Person:
    """Somebody with a confirmed account."""
    fields = {
        "email": f"{name}-{secrets.token_hex(4)}@example.org",
        "name": name.title(),
        "confirmed_at": now(),
    }
    person = Person(**fields | given)
    db.session.add(person)
    db.session.flush()
    return person


def make_token(person: Person) -> str:
    """A personal token, with which a socket may speak for the person."""
    token = secrets.token_urlsafe(16)
    db.session.add(ApiToken(person_id=person.id, token_hash=digest(token), purpose="test"))
    return token


def make_brand(owner: Person, slug: str | None = None, **given: Any) -> Brand:
    slug = slug or f"brand-{secrets.token_hex(4)}"
    brand = Brand(slug=slug, **{"name": slug.title(), **given})
    db.session.add(brand)
    db.session.flush()
    db.session.add(Membership(brand=brand, person=owner, role="owner"))
    return brand


def make_campaign(brand: Brand, by: Person, slug: str | None = None, published: bool = True, **given: Any) -> Campaign:
    """A campaign in English and French that takes ideas and votes today."""
    dates = {
        "opens_at": now() - timedelta(days=1),
        "ideas_until": now() + timedelta(days=7),
        "votes_until": now() + timedelta(days=14),
    }
    dates |= {name: given.pop(name) for name in dates if name in given}
    campaign = Campaign(
        stages=stages_of(**dates), slug=slug or f"campaign-{secrets.token_hex(4)}", brand=brand, **given
    )
    campaign.texts = {
        "en": CampaignText(language="en", title="A better can", brief="Tell us."),
        "fr": CampaignText(language="fr", title="Une meilleure canette", brief="Dites-nous."),
    }
    if published:
        campaign.publication = Publication(by=by)
    db.session.add(campaign)
    db.session.flush()
    return campaign


def make_idea(campaign: Campaign, author: Person, title: str | None = None, text: str = "", **given: Any) -> Idea:
    title = title or f"A can you can reseal, number {next(_numbers)}"
    return submit_idea(campaign, author, title, text, **{"language": "en", **given})
