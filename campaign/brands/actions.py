"""What people do with brands: found them, name them, give them a colour and a mark. Written down in the history."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from campaign.accounts.models import Person
from campaign.brands.access import RESERVED, membership_in
from campaign.brands.models import Brand, Membership
from campaign.brands.suspending import lift_for_member
from campaign.database import lock, without_connection
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.images import keep_image


class SlugTaken(Refused):
    code, field = "slug_taken", "slug"
    message = _l("Another brand has this address already. Choose a different one.")


class SlugKept(SlugTaken):
    message = _l("This address is kept for a page of the site itself. Choose a different one.")


class NoSlug(Refused):
    code, field = "no_slug", "slug"
    message = _l("We can’t make an address from this name. Write one with the letters a to z and figures.")


class ConfirmFirst(Refused):
    code, message = "confirm_first", _l("Confirm your e-mail address first: the link is in your mailbox.")


def found_brand(name: str, slug: str, by: Person) -> Brand:
    """Begin a brand, owned by who begins it. Asked twice, it is begun once."""
    if by.confirmed_at is None:
        raise ConfirmFirst
    if not slug:
        raise NoSlug
    if slug in RESERVED:
        raise SlugKept
    brand = Brand(name=name, slug=slug)
    try:
        with db.session.begin_nested():
            db.session.add(brand)
    except IntegrityError:
        taken = db.session.scalars(db.select(Brand).where(Brand.slug == slug)).one()
        owner = membership_in(taken, by, None)
        if taken.name == name and owner is not None and owner.role == "owner":
            return taken  # The form was sent a second time.
        raise SlugTaken from None
    db.session.add(Membership(brand=brand, person=by, role="owner"))
    record("brand.founded", brand, by=by, name=name)
    return brand


def take_brand(brand: Brand, by: Person) -> bool:
    """Let this person own a brand that nobody owns, as an import leaves one; says whether they own it now. Asked twice, it changes nothing."""
    if owners := owners_of(brand):
        return by.id in owners
    if by.confirmed_at is None:
        raise ConfirmFirst
    lock(brand)
    if owners := owners_of(brand):  # Of two who are given it at once, the second finds an owner.
        return by.id in owners
    membership = membership_in(brand, by, None)
    if membership is None:
        db.session.add(Membership(brand=brand, person=by, role="owner"))
    else:
        membership.role = "owner"
    lift_for_member(brand, by, by=by)
    record("member.joined", brand, by=by, role="owner", campaign=None)
    return True


def owners_of(brand: Brand) -> set[int]:
    """Who owns the whole of it. One query."""
    found = db.select(Membership.person_id).filter_by(brand_id=brand.id, role="owner", campaign_id=None)
    return set(db.session.scalars(found))


def change_brand(brand: Brand, by: Person, name: str, colour: str, about: dict[str, str]) -> None:
    """Change what a brand is called, its colour, and what it says about itself in each language: nothing where that is empty."""
    wanted: dict[str, Any] = {"name": name, "colour": colour.lower()}
    wanted["about"] = {code: text for code, text in about.items() if text}
    changes = {what: [getattr(brand, what), new] for what, new in wanted.items() if getattr(brand, what) != new}
    if not changes:
        return
    brand.name, brand.colour, brand.about = wanted["name"], wanted["colour"], wanted["about"]
    record("brand.changed", brand, by=by, changes=changes)


def set_logo(brand: Brand, by: Person, upload: FileStorage | bytes) -> None:
    """Give a brand its mark. The picture is checked and made anew as every other."""
    try:
        with without_connection():
            logo = keep_image(upload, by=by, alt=brand.name)
    except Refused as error:
        error.field = "logo"
        raise
    brand.logo = logo
    record("brand.logo_set", brand, by=by)


def remove_logo(brand: Brand, by: Person) -> None:
    """Go back to the brand's first letter on its colour."""
    if brand.logo is None:
        return
    brand.logo = None
    record("brand.logo_removed", brand, by=by)
