"""Writing a newsletter, trying it out, sending it once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from campaign.accounts.models import Person
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.jobs import wake
from campaign.languages import LANGUAGES, moment
from campaign.mail import send_mail
from campaign.newsletters.models import Newsletter, Subscription
from campaign.newsletters.segments import in_segment
from campaign.newsletters.wishing import ending_url
from campaign.rendering import markdown
from campaign.text import plain

WEEK, IN_A_WEEK = timedelta(days=7), 2


class AlreadySent(Refused):
    code, status = "already_sent", 409
    message = _l("It was sent, and stays as it is. Write another one.")


class DraftChanged(Refused):
    code, status = "draft_changed", 409
    message = _l("It was changed in another window meanwhile. Read it as it is now, then send it.")


class Unwritten(Refused):
    code, status = "unwritten", 409
    message = _l("Write its subject and its text in each of the languages, then send it.")


class NobodyAsked(Refused):
    code, status = "nobody_asked", 409
    message = _l("Nobody among these people has asked for your newsletter, so there is nobody to send it to.")


class TooManyThisWeek(Refused):
    code, status = "too_many_this_week", 409

    def __init__(self, again: datetime) -> None:
        super().__init__(
            _l(
                "Two newsletters within seven days are enough. The next one can leave from %(moment)s on; it waits here until then.",
                moment=moment(again),
            )
        )


def languages_of(brand: Brand, campaign: Campaign | None = None) -> list[str]:
    """The languages in which a newsletter is written: those of its campaign, or of all the brand's."""
    if campaign is not None:
        return list(campaign.languages)
    theirs = db.session.scalars(db.select(Campaign).where(Campaign.brand_id == brand.id))
    spoken = {code for one in theirs for code in one.languages}
    return [code for code in LANGUAGES if code in spoken] or list(LANGUAGES)


def write_newsletter(
    brand: Brand,
    by: Person,
    key: str,
    segment: str,
    campaign: Campaign | None,
    subjects: Mapping[str, str],
    texts: Mapping[str, str],
    there: Newsletter | None = None,
) -> Newsletter:
    """Keep a draft, a new one or another wording of one. Sent again with the same key, it is one. Raises AlreadySent."""
    if there is None:
        made = insert(Newsletter).values(
            brand_id=brand.id,
            key=key,
            segment=segment,
            subjects={},
            texts={},
            by_id=by.id,
            saved_at=now(),
            reached=0,
            recipients=0,
        )
        db.session.execute(made.on_conflict_do_nothing(index_elements=["brand_id", "key"]))
        there = db.session.scalars(db.select(Newsletter).filter_by(brand_id=brand.id, key=key)).one()
    lock(there)
    if there.sent_at is not None:
        raise AlreadySent
    there.segment = segment
    there.campaign = None if segment == "everybody" else campaign
    there.subjects = {code: words for code, words in subjects.items() if words}
    there.texts = {code: words for code, words in texts.items() if words}
    there.by, there.saved_at = by, now()
    db.session.flush()
    return there


def remove_draft(newsletter: Newsletter) -> None:
    """Throw a draft away. Raises AlreadySent."""
    lock(newsletter)
    if newsletter.sent_at is not None:
        raise AlreadySent
    db.session.delete(newsletter)


def send_newsletter(newsletter: Newsletter, by: Person, read: str) -> None:
    """Have a worker send it, once, to all of its segment who have asked for it by now. Sent again, nothing happens.

    `read`: the stamp of what was looked at. Raises DraftChanged, Unwritten, NobodyAsked, TooManyThisWeek.
    """
    brand = newsletter.brand
    lock(brand)  # Two that are sent at the same moment count each other.
    lock(newsletter)
    if newsletter.sent_at is not None:
        return
    if read != newsletter.stamp:
        raise DraftChanged
    if not is_written(newsletter):
        raise Unwritten
    if (again := next_from(brand)) is not None:
        raise TooManyThisWeek(again)
    number = sum(count_recipients(newsletter).values())
    if not number:
        raise NobodyAsked
    newsletter.sent_at, newsletter.sent_by = now(), by
    told: dict[str, Any] = {
        "called": next(iter(newsletter.subjects.values())),
        "segment": newsletter.segment,
        "recipients": number,
    }
    record("newsletter.sent", brand, by, newsletter=newsletter.id, **told)
    wake("newsletters")


def is_written(newsletter: Newsletter) -> bool:
    """Whether it has all its words."""
    codes = languages_of(newsletter.brand, newsletter.campaign)
    return all(newsletter.subjects.get(code) and newsletter.texts.get(code) for code in codes)


def next_from(brand: Brand) -> datetime | None:
    """From when on the brand can send another one, where that isn't now. One query."""
    lately = db.select(Newsletter.sent_at).where(Newsletter.brand_id == brand.id, Newsletter.sent_at > now() - WEEK)
    sent = db.session.scalars(lately.order_by(Newsletter.sent_at.desc()).limit(IN_A_WEEK)).all()
    return sent[-1] + WEEK if len(sent) == IN_A_WEEK and sent[-1] else None


def asked_for(newsletter: Newsletter) -> Any:
    """The people to whom it goes, as a statement of their ids: they asked for it, with an address that is theirs, before it was sent."""
    found = db.select(Person.id).join(Subscription, Subscription.person_id == Person.id)
    found = found.where(
        Subscription.brand_id == newsletter.brand_id, Person.confirmed_at.is_not(None), in_segment(newsletter)
    )
    return found.where(Subscription.at <= newsletter.sent_at) if newsletter.sent_at else found


def count_recipients(newsletter: Newsletter) -> dict[str, int]:
    """How many people it would go to now, by the language in which they read it."""
    number = db.func.count(Person.id)
    found = db.select(Person.language, number).where(Person.id.in_(asked_for(newsletter))).group_by(Person.language)
    counts: dict[str, int] = {}
    for code, people in db.session.execute(found):
        best = newsletter.language_for(code)
        counts[best] = counts.get(best, 0) + people
    return {code: counts[code] for code in LANGUAGES if code in counts}


def send_test(newsletter: Newsletter, to: Person) -> int:
    """Send it to who asks for the test alone, in each language in which it is written. Gives how many mails."""
    letters = letters_of(newsletter)
    for code in newsletter.texts:
        mail_to(to, newsletter, letters, code, test=True)
    return len(newsletter.texts)


class Letter(NamedTuple):
    """What everybody who reads it in one language has in their mail."""

    subject: str
    text: str
    html: Markup


def letters_of(newsletter: Newsletter) -> dict[str, Letter]:
    """What it says in each language, made once for all. A long text takes its time, so nothing is held meanwhile."""
    written = {newsletter.language_for(code): newsletter.words_in(code) for code in (*LANGUAGES, *newsletter.texts)}
    return {code: Letter(subject, plain(words), markdown(words)) for code, (subject, words) in written.items()}


def mail_to(
    person: Person, newsletter: Newsletter, letters: Mapping[str, Letter], language: str, test: bool = False
) -> None:
    """The mail itself, as one person has it."""
    spoken = newsletter.language_for(language)
    letter = letters[spoken]
    send_mail(
        person.email,
        language,
        "newsletter",
        reader=person,
        brand=newsletter.brand,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        spoken=spoken,
        test=test,
        unsubscribe=ending_url(person, newsletter.brand),
    )
