"""What people do: show what a campaign asks. What they give as proof is looked at, and not kept."""

import secrets
from datetime import date, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.campaigns.fields import zone
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import insert
from campaign.errors import Refused
from campaign.extensions import db
from campaign.mail import send_text_message
from campaign.verifications.access import latest_version
from campaign.verifications.asking import hash_of
from campaign.verifications.hashing import hashed, same, tidy_member, tidy_number, tidy_postcode
from campaign.verifications.models import Listed, PhoneCode, Verified, VerifiedPhone

CODE_LASTS = timedelta(minutes=10)
TRIES = 5


class NotANumber(Refused):
    code, field = "not_a_number", "number"
    message = _l("Write it with the country’s code in front, such as +33 6 12 34 56 78.")


class NumberTaken(Refused):
    code, field = "number_taken", "number"
    message = _l("Another account has this number already. One number is for one account.")


class WrongCode(Refused):
    code, field = "wrong_code", "code"
    message = _l("That is not the code. Look at the latest text message.")


class CodeOver(Refused):
    code, field = "code_over", "code"
    message = _l("This code holds no longer. Have another one sent.")


class NotOfAge(Refused):
    code, field = "not_of_age", "born"


class NotADate(Refused):
    code, field, message = "not_a_date", "born", _l("This can’t be your date of birth.")


class NotInArea(Refused):
    code, field = "not_in_area", "postcode"
    message = _l("This campaign is for people who live elsewhere: your postcode is not among its areas.")


class NotListed(Refused):
    code, field = "not_listed", "member"
    message = _l("We did not find you on the list. Look at how the number is written, or ask the brand.")


class MemberTaken(Refused):
    code, field = "member_taken", "member"
    message = _l("Another account has this number already. One number is for one account.")


def number_of(typed: str) -> str:
    """The phone number that was typed. Raises NotANumber."""
    if (number := tidy_number(typed)) is None:
        raise NotANumber
    return number


def number_hash(number: str) -> str:
    """How a phone number is kept."""
    return hashed("phone", number)


def send_code(person: Person, number: str) -> None:
    """Send a code to this number, in place of any that was sent before. The caller counts how often."""
    code = f"{secrets.randbelow(10**6):06}"
    kept = {
        "number_hash": number_hash(number),
        "code_hash": _code_hash(person, number_hash(number), code),
        "ends_with": number[-2:],
        "sent_at": now(),
        "tries": 0,
    }
    row = insert(PhoneCode).values(person_id=person.id, **kept)
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=kept))
    with force_locale(person.language):
        words = _("Your code is %(code)s. It holds for 10 minutes. Give it to nobody.", code=code)
    send_text_message(number, words)


def waiting_code(person: Person) -> PhoneCode | None:
    """The code that this person can type now, where one was sent."""
    found = db.select(PhoneCode).where(PhoneCode.person_id == person.id, PhoneCode.sent_at > now() - CODE_LASTS)
    return db.session.scalar(found)


def spend_try(person: Person) -> bool:
    """Count one try at the code before it is made, so that parallel ones can't slip by. To be committed, whatever comes of it."""
    table = PhoneCode.__table__.c
    spent = db.update(PhoneCode.__table__).where(
        table.person_id == person.id, table.tries < TRIES, table.sent_at > now() - CODE_LASTS
    )
    return db.session.execute(spent.values(tries=table.tries + 1).returning(table.tries)).first() is not None


def prove_phone(person: Person, typed: str) -> None:
    """The number is this person's, if they type what was sent to it. A try was spent before. Raises WrongCode, CodeOver, NumberTaken."""
    waiting = waiting_code(person)
    if waiting is None:
        raise CodeOver
    code = "".join(sign for sign in typed if sign.isdigit())
    if not same(waiting.code_hash, _code_hash(person, waiting.number_hash, code)):
        raise WrongCode
    kept = {"number_hash": waiting.number_hash, "at": now()}
    row = insert(VerifiedPhone).values(person_id=person.id, **kept)
    try:
        with db.session.begin_nested():
            db.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=kept))
    except IntegrityError:
        raise NumberTaken from None
    db.session.delete(waiting)


def prove_age(campaign: Campaign, person: Person, born: date) -> None:
    """They are old enough. Kept is the age that was asked, and when; never the date. Raises NotOfAge and NotADate."""
    version = latest_version(campaign)
    if version is None or version.age is None:
        return
    today = now().astimezone(zone()).date()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not 0 <= age <= 120:
        raise NotADate
    if age < version.age:
        raise NotOfAge(_("This campaign asks people to be %(age)s or older.", age=version.age))
    _keep(campaign, person, "age", str(version.age))


def prove_postcode(campaign: Campaign, person: Person, typed: str) -> None:
    """They live in one of the campaign's areas. Kept is the area only. Raises NotInArea."""
    version, code = latest_version(campaign), tidy_postcode(typed)
    areas = [area for area in (version.areas if version else []) if code.startswith(area)]
    if not areas:
        raise NotInArea
    _keep(campaign, person, "postcode", max(areas, key=len))


def prove_listed(campaign: Campaign, person: Person, typed: str = "") -> None:
    """They are on the campaign's list: by their own address, or by this member number, which is then theirs. Raises NotListed, MemberTaken."""
    member = tidy_member(typed) or tidy_member(person.email)
    if "@" in member and member != tidy_member(person.email):
        raise NotListed(_("By address we find you with the one of your account only: %(email)s.", email=person.email))
    table, hashed_member = Listed.__table__.c, hash_of(campaign.id, member)
    mine = db.update(Listed.__table__).where(table.campaign_id == campaign.id, table.hashed == hashed_member)
    mine = mine.where(db.or_(table.person_id.is_(None), table.person_id == person.id))
    try:
        with db.session.begin_nested():
            claimed = db.session.execute(mine.values(person_id=person.id).returning(table.hashed)).first() is not None
    except IntegrityError:
        claimed = True  # They came in by another entry before.
    if not claimed:
        there = db.select(table.hashed).where(table.campaign_id == campaign.id, table.hashed == hashed_member)
        raise MemberTaken if db.session.scalar(there) else NotListed
    _keep(campaign, person, "list", "")


def _keep(campaign: Campaign, person: Person, kind: str, said: str) -> None:
    kept = {"said": said, "at": now()}
    row = insert(Verified).values(campaign_id=campaign.id, person_id=person.id, kind=kind, **kept)
    db.session.execute(row.on_conflict_do_update(index_elements=["campaign_id", "person_id", "kind"], set_=kept))


def _code_hash(person: Person, number_hashed: str, code: str) -> str:
    return hashed("code", person.id, number_hashed, code)
