"""Telling moderators by mail that something waits for them for longer than an hour: one mail for everything, and at most one a day.

What waits is rows, and so is that somebody was told: the mail leaves with that note.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement

from campaign import settings
from campaign.accounts.links import LinkOver
from campaign.accounts.models import Person
from campaign.accounts.wished_mail import who_want, wish_mail
from campaign.brands.access import MAY
from campaign.brands.models import Membership
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing, insert
from campaign.extensions import db
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.moderation.models import Case, SecondLook, WaitingMail
from campaign.moderation.queue import by_others, still_to_decide, still_to_look_at

WAITS = "moderation-waits"  # The mail, and by what name somebody wants none.
LONG = timedelta(hours=1)
AT_MOST_EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """What waits in one campaign for one person."""

    campaign: Campaign
    cases: int
    appeals: int
    overdue: int
    seconds: int

    @property
    def anything(self) -> int:
        return self.cases + self.appeals + self.seconds


@job("moderation.remind")
def tell_moderators() -> None:
    """Write to whoever moderates where something waits too long, each in a transaction of their own."""
    waiting = _campaigns()
    people = [person.id for person in who_want(_moderators(waiting), WAITS)] if waiting else []
    db.session.rollback()
    for number in people:
        begin_writing()
        if not _note(number):
            db.session.rollback()
            continue
        person = db.session.get_one(Person, number)
        lists = [one for campaign in _moderated(number, waiting) if (one := waiting_for(person, campaign)).anything]
        if not lists:
            db.session.rollback()  # All that waits is their own, or their own decision: somebody else is told.
            continue
        _tell(person, lists)
        db.session.commit()


def _note(person_id: int) -> bool:
    """Write down that this person is told now; False where they were told within a day."""
    at = now()
    noted = insert(WaitingMail).values(person_id=person_id, at=at)
    again = WaitingMail.at < at - AT_MOST_EVERY
    noted = noted.on_conflict_do_update(index_elements=["person_id"], set_={"at": at}, where=again)
    return db.session.scalar(noted.returning(WaitingMail.person_id)) is not None


def _campaigns() -> list[int]:
    """Where something waits too long, by id."""
    before = now() - LONG
    cases = db.select(Case.campaign_id).where(*still_to_decide(), Case.opened_at < before)
    looks = db.select(Case.campaign_id).join(Case.looks).where(*still_to_look_at(), SecondLook.at < before)
    return list(db.session.scalars(cases.union(looks)))


def _moderating() -> tuple[ColumnElement[bool], ...]:
    """Conditions on Membership and Campaign: the one lets somebody moderate the other."""
    roles = [role for role, rights in MAY.items() if "moderate" in rights]
    whole = db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == Campaign.id)
    return Membership.brand_id == Campaign.brand_id, Membership.role.in_(roles), whole


def _moderators(campaigns: list[int]) -> list[Person]:
    """Everybody who moderates one of these, and was not told within a day."""
    told = db.select(WaitingMail.person_id).where(WaitingMail.at >= now() - AT_MOST_EVERY)
    theirs = db.select(Membership.person_id).join(Campaign, db.and_(*_moderating())).where(Campaign.id.in_(campaigns))
    found = db.select(Person).where(Person.id.in_(theirs), Person.id.not_in(told)).order_by(Person.id)
    return list(db.session.scalars(found))


def _moderated(person_id: int, campaigns: list[int]) -> list[Campaign]:
    theirs = db.select(Campaign.id).join(Membership, db.and_(*_moderating())).where(Membership.person_id == person_id)
    found = db.select(Campaign).where(Campaign.id.in_(campaigns), Campaign.id.in_(theirs))
    return list(db.session.scalars(found.order_by(Campaign.id)))


def waiting_for(person: Person, campaign: Campaign) -> Waiting:
    """What waits there longer than an hour for this person: not what they wrote, and no second look at what they decided."""
    before = now() - LONG
    others = Case.campaign_id == campaign.id, by_others(person)
    cases = db.select(db.func.count(Case.id)).where(*others, *still_to_decide(), Case.opened_at < before)
    looks = db.select(db.func.count(SecondLook.id)).join(SecondLook.case)
    looks = looks.where(*others, *still_to_look_at(), SecondLook.at < before, Case.decided_by_id != person.id)
    appeals = looks.where(SecondLook.kind == "appeal")
    asked = (cases, appeals, appeals.where(SecondLook.due_at < now()), looks.where(SecondLook.kind == "confirm"))
    row = db.session.execute(db.select(*(one.scalar_subquery() for one in asked))).one()
    return Waiting(campaign, *row)


def _tell(person: Person, lists: list[Waiting]) -> None:
    send_mail(
        person.email,
        person.language,
        WAITS,
        reader=person,
        lists=lists,
        number=sum(one.anything for one in lists),
        unsubscribe=f"{settings.current().address}/moderation-mails/{_signer().dumps(person.id)}",
    )


def read_ending(token: str) -> Person:
    """Who wants no such mails any more, by the link in one. Raises LinkOver."""
    try:
        person = db.session.get(Person, _signer().loads(token))
    except BadData:
        raise LinkOver from None
    if person is None:
        raise LinkOver
    return person


def end_mails(token: str) -> None:
    """What a link in a mail asks: no more of these mails. It works twice."""
    wish_mail(read_ending(token), WAITS, False)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="link.moderation")
