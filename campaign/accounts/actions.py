"""What people do with their account. What an address has to do with whom is told to its mailbox only, never to the asker."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.access import person_by_email
from campaign.accounts.links import make_link, read_link
from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.accounts.passwords import check_password, hash_password, is_outdated, is_password
from campaign.clock import now
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.mail import send_mail

LONGEST_EMAIL = 254  # Characters that mail servers take (RFC 5321).


class NotAnAddress(Refused):
    code, field = "not_an_address", "email"
    message = _l("This isn’t an e-mail address that we can write to. It looks like name@example.org.")


class WrongPassword(Refused):
    code = "wrong_password"
    message = _l("This address and this password don’t belong together. Try again, or choose a new password.")


class NotYourPassword(Refused):
    code, field, message = "not_your_password", "present_password", _l("This isn’t your present password.")


class SameAddress(Refused):
    code, field, message = "same_address", "email", _l("This is your address already.")


class AddressTaken(Refused):
    code, message = (
        "address_taken",
        _l("This address belongs to another account by now, so yours keeps the one it had."),
    )


def tidy_email(email: str) -> str:
    """One form of an address, so that one mailbox is one person. Raises NotAnAddress."""
    if len(email) > LONGEST_EMAIL:
        raise NotAnAddress  # First: nothing below should chew on megabytes.
    if "=?" in email:
        raise NotAnAddress  # In the header of a mail this begins an encoded word, which could spell another address.
    try:
        # Only ASCII before the @: few mail servers take anything else, and the mail would never arrive.
        found = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise NotAnAddress from None
    return f"{found.local_part.casefold()}@{found.domain.lower()}"


def sign_up(name: str, email: str, password: str, language: str, onwards: str | None = None) -> None:
    """Open an account, or tell the owner of a known address that they have one. Both look and last the same.

    Until its mail is confirmed an account proves nothing, and two passwords for one address may come from two people. So
    then neither is kept: whoever reads the mails chooses one, behind a link that only they have.
    """
    email = tidy_email(email)
    check_password(password, email, name)
    password_hash = hash_password(password)
    person = person_by_email(email)
    again = is_password(password, person.password_hash if person else None)  # For everybody: it takes its time.
    if person is None:
        person = Person(email=email, name=name, password_hash=password_hash, language=language)
        try:
            with db.session.begin_nested():
                db.session.add(person)
        except IntegrityError:  # Somebody did the same in the same moment; often it is a second click.
            person = db.session.scalars(db.select(Person).where(Person.email == email)).one()
            again = is_password(password, person.password_hash)
        else:
            send_confirmation(person, onwards)
            return
    known = person.password_hash
    lock(person)
    if person.confirmed_at or known is None:
        # Theirs already, or waiting for them since an import: nobody else may name it or choose its password.
        token = make_link("reset", person, onwards=onwards)
        send_mail(person.email, person.language, "already-here", person=person, token=token)
    elif again and person.password_hash == known:
        send_confirmation(person, onwards)
    else:
        person.password_hash = None
        # As after an import. The name goes with the link, so that it is theirs whose link is followed.
        token = make_link("reset", person, name=name, language=language, onwards=onwards)
        send_mail(person.email, language, "sign-up-again", name=name, token=token)


def send_confirmation(person: Person, onwards: str | None = None) -> None:
    """Send the link that confirms a person's address, and leads them on to where they wanted to go."""
    token = make_link("confirmation", person, onwards=onwards)
    send_mail(person.email, person.language, "confirmation", person=person, token=token)


def person_to_confirm(token: str) -> Person:
    """Whose address a link would confirm."""
    return read_link("confirmation", token)[0]


def confirm(token: str) -> tuple[Person, str | None]:
    """Confirm the address that a link was sent to. Gives the person, and where they wanted to go."""
    person, said = _read_link_once("confirmation", token)
    person.confirmed_at = now()
    return person, said.get("onwards")


def _read_link_once(purpose: str, token: str) -> tuple[Person, dict[str, Any]]:
    """Read a link that is followed now. Of two who follow it at once, or of two links, the second learns that it is over."""
    lock(read_link(purpose, token)[0])
    return read_link(purpose, token)


def prove_address(email: str, name: str, language: str) -> Person:
    """Whoever reads this mailbox, which a link that they followed has proved. Where there is no account, one without a password.

    It waits for them, as after an import: whoever signs up with the address, or forgot a password, is sent the link to choose one.
    """
    if (person := person_by_email(email)) is None:
        person = Person(email=email, name=name, language=language, confirmed_at=now())
        try:
            with db.session.begin_nested():
                db.session.add(person)
        except IntegrityError:  # They did something else in the same moment.
            person = db.session.scalars(db.select(Person).where(Person.email == email)).one()
    lock(person)
    if person.confirmed_at is None:
        # Its name and its password may be anybody's who typed this address.
        person.name, person.password_hash, person.confirmed_at = name, None, now()
        sign_out_everywhere(person)
    return person


def recognise(email: str, password: str) -> Person:
    """The person whom an address and a password belong to, confirmed or not. Raises WrongPassword, never saying which of the two is wrong."""
    try:
        person = person_by_email(tidy_email(email))
    except NotAnAddress:
        person = None
    if not is_password(password, person.password_hash if person else None) or person is None:
        raise WrongPassword
    if person.password_hash and is_outdated(person.password_hash):
        person.password_hash = hash_password(password)
    return person


def send_reset(email: str, language: str, onwards: str | None = None) -> None:
    """Send a link to choose a new password to a known address, and to an unknown one the news that it has no account."""
    email = tidy_email(email)
    if (person := person_by_email(email)) is None:
        send_mail(email, language, "no-account")
    else:
        token = make_link("reset", person, onwards=onwards)
        send_mail(email, person.language, "reset", person=person, token=token)


def person_to_reset(token: str) -> Person:
    """Whose password a link would change."""
    return read_link("reset", token)[0]


def reset_password(token: str, password: str) -> tuple[Person, str | None]:
    """Choose a new password by a link. It signs out everywhere, and proves the address as confirming does.

    Gives the person, and where they wanted to go.
    """
    person, said = _read_link_once("reset", token)
    person.name, person.language = said.get("name", person.name), said.get("language", person.language)
    _change_password(person, password)
    person.confirmed_at = person.confirmed_at or now()
    sign_out_everywhere(person)
    return person, said.get("onwards")


def change_password(person: Person, present: str, password: str, here: str) -> None:
    """Change the password of somebody who knows the present one. Every device but `here` is signed out."""
    if not is_password(present, person.password_hash):
        raise NotYourPassword
    _change_password(person, password)
    db.session.execute(db.delete(SignIn).where(SignIn.person_id == person.id, SignIn.id != here))


def _change_password(person: Person, password: str) -> None:
    check_password(password, person.email, person.name)
    person.password_hash = hash_password(password)
    send_mail(person.email, person.language, "password-changed", person=person)


def describe(person: Person, name: str, language: str) -> None:
    """Change what a person is called and which language they are written to in."""
    person.name, person.language = name, language


def ask_for_address(person: Person, email: str, present: str) -> None:
    """Send a link to the address that a person wants from now on; following it makes the change.

    When it belongs to somebody already, its mailbox hears of it, and the asker sees no difference.
    """
    email = tidy_email(email)
    if not is_password(present, person.password_hash):
        raise NotYourPassword
    if email == person.email:
        raise SameAddress
    if (owner := person_by_email(email)) is not None:
        send_mail(email, owner.language, "already-here", person=owner, token=make_link("reset", owner))
        return
    send_mail(email, person.language, "address", person=person, token=make_link("address", person, email=email))


def address_to_confirm(token: str) -> tuple[Person, str]:
    """Whose address a link would change, and to which."""
    person, said = read_link("address", token)
    return person, said["email"]


def change_address(token: str) -> Person:
    """Give a person the address that a link was sent to, and tell the old one."""
    person, said = _read_link_once("address", token)
    email = said["email"]
    old = person.email
    try:
        with db.session.begin_nested():
            person.email = email
    except IntegrityError:
        raise AddressTaken from None
    send_mail(old, person.language, "address-changed", person=person)
    return person


def sign_out_everywhere(person: Person) -> None:
    """Sign a person out on every device and in every program: open sockets and personal tokens are included."""
    for key in (SignIn, ApiToken):
        db.session.execute(db.delete(key).where(key.person_id == person.id))
