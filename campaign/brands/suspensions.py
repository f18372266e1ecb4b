"""Suspensions: who may read a brand's campaigns like anybody, and give nothing to them for a while."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.brands.models import Brand
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.errors import Refused
from campaign.extensions import db
from campaign.languages import moment


class Suspension(db.Model):
    """Somebody takes no part in a brand's campaigns. Deleting the row lifts it; past its end, it is as if it were not there."""

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id", ondelete="CASCADE"), primary_key=True)
    brand: Mapped[Brand] = relationship(lazy="joined", innerjoin=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    reason: Mapped[str] = mapped_column(String(500))
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: until it is lifted.
    key: Mapped[str] = mapped_column(String(64))  # Made by the page: sent twice, it is one suspension, told once.
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: they have no mail yet, for it may be undone.
    replaced: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # What stood there, to be undone to.


class Suspended(Refused):
    """What somebody hears who may only read: why, and until when."""

    code, status = "suspended", 403

    def __init__(self, suspension: Suspension) -> None:
        brand, reason, until = suspension.brand.name, suspension.reason, suspension.until
        if until is None:
            said = _l(
                "%(brand)s has suspended you: you can read its campaigns and give nothing to them until it lifts that. "
                "The reason: %(reason)s",
                brand=brand,
                reason=reason,
            )
        else:
            said = _l(
                "%(brand)s has suspended you: you can read its campaigns and give nothing to them until %(end)s. "
                "The reason: %(reason)s",
                brand=brand,
                reason=reason,
                end=LazyString(moment, until),  # In the words of whoever reads it, as the sentence around it.
            )
        super().__init__(said)


def standing(at: Any = None) -> Any:
    """Whether a suspension has not ended, as a condition; `at`: a moment, or a parameter that will be one."""
    return db.or_(Suspension.until.is_(None), Suspension.until > (now() if at is None else at))


def suspension_of(person: Asker, brand_id: int) -> Suspension | None:
    """The suspension that keeps this person from taking part in this brand's campaigns now. One query."""
    if not person.is_authenticated:
        return None
    theirs = db.select(Suspension).where(Suspension.brand_id == brand_id, Suspension.person_id == person.id)
    return db.session.scalar(theirs.where(standing()).execution_options(populate_existing=True))


def suspensions_of(brands: Collection[int], people: Collection[int]) -> dict[tuple[int, int], Suspension]:
    """The same for many people and brands at once, by (brand, person). One query."""
    if not brands or not people:
        return {}
    theirs = db.select(Suspension).where(Suspension.brand_id.in_(brands), Suspension.person_id.in_(people), standing())
    return {(row.brand_id, row.person_id): row for row in db.session.scalars(theirs)}


def check_not_suspended(brand_id: int, person: Person) -> None:
    """To be asked before anything is taken from somebody in one of this brand's campaigns. Raises Suspended.

    Votes are asked about all at once, see votes.actions. What takes one's own words away, and gives nothing, needn't ask.
    """
    if (suspension := suspension_of(person, brand_id)) is not None:
        raise Suspended(suspension)
