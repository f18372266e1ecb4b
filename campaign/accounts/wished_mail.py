"""Which mails somebody wants, of those that they can do without."""

from collections.abc import Iterable

from campaign.accounts.models import DeclinedMail, Person
from campaign.database import insert
from campaign.extensions import db


def wants(person: Person, mail: str) -> bool:
    """Whether this person wants mails of this template. They do until they say otherwise."""
    return db.session.get(DeclinedMail, (person.id, mail), populate_existing=True) is None


def who_want(people: Iterable[Person], mail: str) -> list[Person]:
    """Those of these people who want mails of this template. One query."""
    people = list(people)
    theirs = DeclinedMail.person_id.in_([person.id for person in people])
    declined = set(db.session.scalars(db.select(DeclinedMail.person_id).where(DeclinedMail.mail == mail, theirs)))
    return [person for person in people if person.id not in declined]


def wish_mail(person: Person, mail: str, wanted: bool) -> None:
    """Write to this person by this template from now on, or no more."""
    if wanted:
        db.session.execute(db.delete(DeclinedMail).filter_by(person_id=person.id, mail=mail))
    else:
        db.session.execute(insert(DeclinedMail).values(person_id=person.id, mail=mail).on_conflict_do_nothing())
