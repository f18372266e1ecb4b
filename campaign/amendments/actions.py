"""What people do with amendments: propose, accept, refuse, withdraw."""

import hashlib

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import Person
from campaign.amendments.models import Amendment, AmendmentEnd
from campaign.brands.suspensions import check_not_suspended
from campaign.campaigns.access import keep_as_it_is, open_to, who_see
from campaign.campaigns.incentives import declare_own, keep_staff
from campaign.campaigns.ruling import Agreement, hold_to_rules
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.actions import check_editable, edit_idea
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.mail import send_mail
from campaign.verifications.access import check_verified


class OwnToEdit(Refused):
    code, message = "own_to_edit", _l("You wrote this idea, so you can change it yourself.")


class NothingProposed(Refused):
    code, message, field = "nothing_proposed", _l("This is what the idea says already. Change something in it."), "text"


class OneWaits(Refused):
    code = "one_waits"
    message = _l("An amendment of yours to this idea waits for its answer. Take it back first, or wait.")


class IdeaChangedMeanwhile(Refused):
    code = "idea_changed_meanwhile"
    message = _l("The idea has changed meanwhile. Look again at what would change, then decide.")


class Ended(Refused):
    code, message = "amendment_ended", _l("This amendment has its answer already.")


class RefusedWithoutReason(Refused):
    code, message, field = "reason_missing", _l("Say in a few words why not: it stands beside the amendment."), "reason"


def propose_amendment(
    idea: Idea,
    by: Person,
    title: str,
    text: str,
    *,
    why: str,
    read: int | None,
    key: str,
    agreement: Agreement | None = None,
    received: tuple[str, str] = ("", ""),
) -> Amendment:
    """Propose to the idea's authors that it say this. They are told. Sent again with the same key, it is the same amendment.

    `read` is the version that its author had before them. `agreement`: what they ticked below it, needed where they have not
    accepted the campaign's rules: their words may become the idea's. `received`: what they say they have from the brand.
    """
    once = _fingerprint(key, idea, title, text, why)
    sent = db.select(Amendment).filter_by(author_id=by.id, key=once)
    if (there := db.session.scalar(sent)) is not None:
        return there
    lock(idea)
    keep_as_it_is(idea.campaign)
    check_not_suspended(idea.campaign.brand_id, by)
    check_verified(idea.campaign, by, "comment", idea.url)
    check_editable(idea)
    if idea.is_by(by):
        raise OwnToEdit
    if read != idea.version:
        raise IdeaChangedMeanwhile(
            _l("The idea has changed meanwhile. Your words are still here: compare them with it, then send them again.")
        )
    if (title, text) == (idea.title, idea.text):
        raise NothingProposed
    if db.session.scalar(
        db.select(Amendment.id).filter_by(idea_id=idea.id, author_id=by.id).where(~Amendment.end.has())
    ):
        raise OneWaits
    rules = hold_to_rules(idea.campaign, by, agreement)
    amendment = Amendment(idea=idea, author=by, key=once, made_on=idea.version, title=title, text=text, why=why)
    amendment.rules_id = rules.id if rules else None
    try:
        with db.session.begin_nested():
            db.session.add(amendment)
    except IntegrityError:
        return db.session.scalars(sent).one()  # A second click got here first.
    keep_staff(idea.campaign, by)
    declare_own(idea.campaign, by, *received)
    for author in who_see(idea.campaign, idea.authors):
        send_mail(
            author.email,
            author.language,
            "amendment-proposed",
            idea=idea,
            reader=author,
            amendment=amendment,
            brand=idea.campaign.brand,
        )
    announce(idea.campaign.board, "amendment.proposed", ideas=[idea.id])
    return amendment


def accept_amendment(amendment: Amendment, by: Person, read: int | None, reason: str = "") -> None:
    """Let the idea say what was proposed: a new version, which names who proposed it. Accepted again, nothing happens.

    `read` is the version of the idea beside which the amendment was looked at.
    """
    idea = _lock(amendment)
    if amendment.end is not None and amendment.end.how == "accepted":
        return
    _check_open(amendment)
    check_not_suspended(idea.campaign.brand_id, by)
    check_editable(idea)
    if read != idea.version:
        raise IdeaChangedMeanwhile
    edit_idea(
        idea,
        by,
        amendment.title,
        amendment.text,
        language=idea.language,
        category=idea.category,
        tags=[tag.name for tag in idea.tags if not tag.staff_only],
        pictures=[(image, image.alt) for image in idea.images],
        documents=idea.documents,
        amender=amendment.author,
        amended_under=amendment.rules_id,
    )
    _end(amendment, "accepted", by, reason, version=idea.version)
    record("amendment.accepted", idea, by, why=reason, version=idea.version)


def refuse_amendment(amendment: Amendment, by: Person, reason: str) -> None:
    """Leave the idea as it is. The amendment stays readable, with the reason. Refused again, nothing happens."""
    idea = _lock(amendment)
    if amendment.end is not None and amendment.end.how == "refused":
        return
    _check_open(amendment)
    check_not_suspended(idea.campaign.brand_id, by)
    if not reason:
        raise RefusedWithoutReason
    _end(amendment, "refused", by, reason)
    record("amendment.refused", idea, by, why=reason)
    announce(idea.campaign.board, "amendment.ended", ideas=[idea.id])


def withdraw_amendment(amendment: Amendment, by: Person) -> None:
    """Take one's amendment back, before it has an answer. Done twice, it is done once."""
    idea = _lock(amendment)
    if amendment.end is not None and amendment.end.how == "withdrawn":
        return
    _check_open(amendment)
    amendment.end = AmendmentEnd(how="withdrawn", by=by)
    announce(idea.campaign.board, "amendment.ended", ideas=[idea.id])


def _fingerprint(key: str, idea: Idea, *words: str) -> str:
    """What makes a repeat a repeat. With the words in it: a page gone back to sends the old key with new ones."""
    return hashlib.sha256("\n".join((key, str(idea.id), *words)).encode()).hexdigest()


def _lock(amendment: Amendment) -> Idea:
    """Nobody changes the idea, or ends one of its amendments, while we do."""
    lock(amendment.idea)
    db.session.refresh(amendment)
    return amendment.idea


def _check_open(amendment: Amendment) -> None:
    if amendment.end is not None:
        raise Ended


def _end(amendment: Amendment, how: str, by: Person, reason: str, version: int | None = None) -> None:
    amendment.end = AmendmentEnd(how=how, by=by, reason=reason, version=version)
    if not open_to(amendment.author, amendment.idea.campaign):
        return  # The campaign was narrowed since to people among whom they aren't.
    send_mail(
        amendment.author.email,
        amendment.author.language,
        "amendment-answered",
        idea=amendment.idea,
        reader=amendment.author,
        amendment=amendment,
        brand=amendment.idea.campaign.brand,
    )
