"""What moderators do with people: suspend them from taking part in the brand's campaigns, and lift that."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import may
from campaign.brands.models import Brand, Membership
from campaign.brands.suspensions import Suspension, suspension_of
from campaign.clock import now
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record
from campaign.mail import send_mail


class WorksHere(Refused):
    code = "works_here"
    message = _l(
        "This person works for the brand. An owner can take them out of the team, and then they can be suspended."
    )


class SuspendedAnew(Refused):
    code = "suspended_anew"
    message = _l(
        "Somebody has suspended this person anew meanwhile. Here is how it stands now: lift it if you still want to."
    )


def suspend_person(
    brand: Brand, person: Person, by: Person, reason: str, days: int | None, key: str, hidden: int = 0
) -> Suspension:
    """Keep somebody from taking part in the brand's campaigns, for so many days or (None) until it is lifted. They are told.

    Suspended again, it is one suspension, with the newer words. Sent again with the same key, nothing happens. `hidden`: how much of theirs
    was taken down with it.
    """
    lock(brand)  # Who joins the team at this moment waits, or is waited for.
    if not may(by, "moderate", brand.id):
        raise NotThere
    there = _row(brand, person)
    if there is not None and there.key == key:
        return there
    if works_for(brand, person.id):
        raise WorksHere
    at = now()
    until = None if days is None else at + timedelta(days=days)
    if there is None:
        there = Suspension(brand=brand, person=person)
        db.session.add(there)
    there.reason, there.until, there.key, there.by, there.at = reason, until, key, by, at
    record(
        "person.suspended",
        brand,
        by=by,
        why=reason,
        person=person.id,
        until=until.isoformat() if until else None,
    )
    told = {"reader": person, "brand": brand, "reason": reason}
    send_mail(person.email, person.language, "suspended", **told, until=until, hidden=hidden)
    return there


def lift_suspension(brand: Brand, person: Person, by: Person, why: str, read: str, restored: int = 0) -> None:
    """Let somebody take part again. They are told. Lifted again, or ended by its date, nothing happens.

    `read`: the key of the suspension that was looked at; `restored`: how much of theirs was put back with it. Raises SuspendedAnew where it
    says something else by now.
    """
    lock(brand)
    if not may(by, "moderate", brand.id):
        raise NotThere
    if (there := suspension_of(person, brand.id)) is None:
        return
    if there.key != read:
        raise SuspendedAnew
    _lift(there, by, why, restored)


def lift_for_member(brand: Brand, person: Person, by: Person) -> None:
    """End the suspension of somebody who joins the team. The brand is locked by whoever lets them in."""
    if (there := _row(brand, person)) is not None:
        _lift(there, by, "")


def works_for(brand: Brand, person_id: int) -> bool:
    """Whether somebody is in the brand's team, for the whole or for one campaign."""
    return person_id in team_of(brand.id)


def team_of(brand_id: int) -> set[int]:
    """Everybody who works for the brand, for the whole or for one campaign. One query."""
    return set(db.session.scalars(db.select(Membership.person_id).where(Membership.brand_id == brand_id)))


def _row(brand: Brand, person: Person) -> Suspension | None:
    return db.session.get(Suspension, (brand.id, person.id), populate_existing=True)


def _lift(there: Suspension, by: Person, why: str, restored: int = 0) -> None:
    brand, person, lasted = there.brand, there.person, _lasts(there.until)
    record("suspension.lifted", brand, by=by, why=why, person=person.id)
    db.session.delete(there)
    db.session.flush()
    if lasted:
        told = {"reader": person, "brand": brand, "reason": why, "restored": restored}
        send_mail(person.email, person.language, "suspension-lifted", **told)


def _lasts(until: datetime | None) -> bool:
    return until is None or until > now()
