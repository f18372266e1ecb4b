"""Reminding a brand's team by mail of answers that are due in two days, and of those that are overdue.

Each idea is told once to whoever is to answer it, or to all who may where it is nobody's; one mail a day gathers what is new, and none is sent
without anything new. What was told is a row of the transaction that sends the mail: a crash neither loses nor doubles one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from campaign import settings
from campaign.accounts.links import LinkOver
from campaign.accounts.models import Person
from campaign.accounts.wished_mail import who_want, wish_mail
from campaign.answers.access import colleagues_on
from campaign.answers.clock import due_at, due_before, due_seconds
from campaign.answers.models import AnswerReminder, Assignment, ReminderRound
from campaign.answers.promise import promises
from campaign.answers.queue import SOON
from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign, Publication
from campaign.clock import now
from campaign.database import begin_writing, lock_words
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.ideas.totals import ANSWERED, WAITING, on_board
from campaign.jobs import job
from campaign.mail import send_mail

DUE = "answers-due"  # The mail, and by what name somebody wants none.
BETWEEN_MAILS = timedelta(days=1)
BETWEEN_LOOKS = timedelta(hours=1)  # That found nothing new.
NAMED = 8  # Ideas that a mail names of each campaign; of the others it says how many.
AT_ONCE = 5000  # Of one campaign in one mail.


@dataclass
class Due:
    """What a mail tells of one campaign."""

    campaign: Campaign
    overdue: list[int] = field(default_factory=list)
    soon: list[int] = field(default_factory=list)
    named: list[tuple[Idea, Any]] = field(default_factory=list)  # With the dates by which they were to be answered.

    @property
    def more(self) -> int:
        return len(self.overdue) + len(self.soon) - len(self.named)


@job("answers.reminded")
def remind() -> None:
    """Send every brand's team what has become due since the last mail. Commits each brand."""
    waiting = db.select(Brand.id).outerjoin(ReminderRound, ReminderRound.brand_id == Brand.id)
    waiting = waiting.where(db.or_(ReminderRound.brand_id.is_(None), ReminderRound.next_at <= now()))
    brands = db.session.scalars(waiting.order_by(Brand.id)).all()
    db.session.rollback()
    for brand_id in brands:
        _remind_team(brand_id)


def _remind_team(brand_id: int) -> None:
    begin_writing()
    lock_words(f"answers.reminded {brand_id}")  # Of two workers, the second finds that it was done.
    turn = db.session.get(ReminderRound, brand_id, populate_existing=True)
    if turn is not None and turn.next_at > now():
        db.session.rollback()
        return
    told: dict[Person, list[Due]] = defaultdict(list)
    for campaign in _promising(brand_id):
        team = colleagues_on(campaign, "answer")
        for person, due in _new_on(campaign, team).items():
            told[person].append(due)
    for person in who_want(told, DUE):
        _tell(person, told[person])
    if turn is None:
        turn = ReminderRound(brand_id=brand_id)
        db.session.add(turn)
    turn.next_at = now() + (BETWEEN_MAILS if told else BETWEEN_LOOKS)
    db.session.commit()


def _promising(brand_id: int) -> list[Campaign]:
    """The brand's campaigns that were published, and whose team has promised answers or given one."""
    answered = db.select(Idea.id).where(Idea.campaign_id == Campaign.id, ANSWERED).exists()
    found = db.select(Campaign, answered).join(Publication, Publication.campaign_id == Campaign.id)
    rows = db.session.execute(found.where(Campaign.brand_id == brand_id).order_by(Campaign.id)).unique()
    return [campaign for campaign, has_answers in rows if has_answers or promises(campaign)]


def _new_on(campaign: Campaign, team: list[Person]) -> dict[Person, Due]:
    """What each of them has not been told of this campaign, which is told from here on."""
    moment = now()
    found: dict[Person, Due] = {}
    late = due_before(campaign, moment)
    for kind, when in (("overdue", late), ("soon", db.and_(due_before(campaign, moment + SOON), ~late))):
        rows = _untold(campaign, team, kind, when)
        db.session.add_all(AnswerReminder(idea_id=idea, person_id=whose, kind=kind, at=moment) for idea, whose in rows)
        for person in team:
            ideas = [idea for idea, whose in rows if whose in (None, person.id)]
            if ideas:
                setattr(found.setdefault(person, Due(campaign)), kind, ideas)
    return found


def _untold(campaign: Campaign, team: list[Person], kind: str, when: Any) -> list[tuple[int, int | None]]:
    """Ideas with whose they are: the first due first. One query."""
    whose = db.case((Assignment.person_id.in_([one.id for one in team]), Assignment.person_id), else_=db.null())
    told = db.select(AnswerReminder.id).where(
        AnswerReminder.idea_id == Idea.id,
        AnswerReminder.kind == kind,
        AnswerReminder.person_id.is_not_distinct_from(whose),
    )
    found = db.select(Idea.id, whose).outerjoin(Assignment, Assignment.idea_id == Idea.id)
    found = found.where(*on_board(campaign), WAITING, when, ~told.exists())
    found = found.order_by(due_seconds(campaign), Idea.id).limit(AT_ONCE)
    return [(idea, person) for idea, person in db.session.execute(found)]


def _tell(person: Person, parts: Iterable[Due]) -> None:
    parts = list(parts)
    for part in parts:
        ids = [*part.overdue, *part.soon][:NAMED]
        ideas = {idea.id: idea for idea in db.session.scalars(db.select(Idea).where(Idea.id.in_(ids)))}
        part.named = [(ideas[one], due_at(ideas[one])) for one in ids]
    send_mail(
        person.email,
        person.language,
        DUE,
        reader=person,
        campaigns=parts,
        overdue=sum(len(part.overdue) for part in parts),
        soon=sum(len(part.soon) for part in parts),
        brand=parts[0].campaign.brand,
        unsubscribe=f"{settings.current().address}/answer-mails/{_signer().dumps(person.id)}",
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
    wish_mail(read_ending(token), DUE, False)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="link.answers")
