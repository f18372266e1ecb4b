"""What moderators do with people: suspend them from taking part in the brand's campaigns, and lift that."""

from datetime import datetime, timedelta
from typing import Any

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
    there, anew = _suspend(brand, person, by, reason, days, key)
    if anew:
        there.replaced = None
        tell_suspended(there, hidden)
    return there


def block_person(brand: Brand, person: Person, by: Person, reason: str, days: int, key: str) -> None:
    """Suspend somebody by an act that can be undone for a moment, see `undo_suspension`: a worker tells them, when it can't be any more.

    Who is suspended for longer stays so, with the words that they had.
    """
    lock(brand)
    row = _row(brand, person)
    if row is not None and row.key != key and (row.until is None or row.until >= now() + timedelta(days=days)):
        if not may(by, "moderate", brand.id):
            raise NotThere
        return
    before = None if row is None else _as_stored(row)
    there, anew = _suspend(brand, person, by, reason, days, key)
    if anew:
        there.replaced, there.told_at = before, None


def undo_suspension(key: str, by: Person) -> bool:
    """Take back what `block_person` did under this key: what stood there before stands there again. False where its person was told."""
    found = db.select(Suspension).where(Suspension.key == key, Suspension.by_id == by.id)
    if (row := db.session.scalar(found)) is None:
        return True
    brand, person = row.brand, row.person
    lock(brand)
    there = _row(brand, person)
    if there is None or there.key != key:
        return True
    if there.told_at is not None:
        return False
    if there.replaced is None:
        db.session.delete(there)
    else:
        for name, value in there.replaced.items():
            setattr(there, name, _moment(value) if name in MOMENTS else value)
        there.replaced = None
    record("suspension.undone", brand, by=by, person=person.id)
    db.session.flush()
    return True


def tell_suspended(there: Suspension, hidden: int = 0) -> None:
    """Write to somebody who is suspended, why and until when."""
    there.told_at = now()
    if not _lasts(there.until):
        return
    told = {"reader": there.person, "brand": there.brand, "reason": there.reason}
    send_mail(there.person.email, there.person.language, "suspended", **told, until=there.until, hidden=hidden)


def _suspend(
    brand: Brand, person: Person, by: Person, reason: str, days: int | None, key: str
) -> tuple[Suspension, bool]:
    """The suspension, and whether it is a new one or says something new."""
    lock(brand)  # Who joins the team at this moment waits, or is waited for.
    if not may(by, "moderate", brand.id):
        raise NotThere
    there = _row(brand, person)
    if there is not None and there.key == key:
        return there, False
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
    return there, True


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
    brand, person, lasted = there.brand, there.person, _lasts(there.until) and there.told_at is not None
    record("suspension.lifted", brand, by=by, why=why, person=person.id)
    db.session.delete(there)
    db.session.flush()
    if lasted:
        told = {"reader": person, "brand": brand, "reason": why, "restored": restored}
        send_mail(person.email, person.language, "suspension-lifted", **told)


MOMENTS = ("until", "at", "told_at")


def _as_stored(row: Suspension) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("reason", "key", "by_id")}
    return kept | {name: at.isoformat() if (at := getattr(row, name)) else None for name in MOMENTS}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _lasts(until: datetime | None) -> bool:
    return until is None or until > now()
