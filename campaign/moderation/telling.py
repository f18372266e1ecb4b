"""Telling authors by mail what was decided about what they wrote: once it can't be taken back any more, and once.

The decision is a row of its own transaction; a worker sends the mails.
"""

from typing import Any

from sqlalchemy import Select

from campaign.accounts.models import Person
from campaign.campaigns.access import who_see
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.feedback.actions import tell_of_remark
from campaign.feedback.models import Comment
from campaign.ideas.actions import tell_suggested
from campaign.ideas.models import Idea
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.moderation.deciding import GRACE, UNDO
from campaign.moderation.editing import comes_back
from campaign.moderation.models import Case, SecondLook
from campaign.moderation.subjects import Subject, is_gone, kept_as, subject_named
from campaign.notices.spreading import was_told

AT_ONCE = 50


@job("moderation")
def tell_authors() -> None:
    """Send what waits, some at a time, each with the note that it was sent."""
    while True:
        begin_writing()
        cases = db.session.scalars(_untold()).all()
        if not cases:
            db.session.rollback()
            return
        for case in cases:
            _tell(case)
            case.told_at = now()
        db.session.commit()


@job("moderation.appeals")
def tell_appeals() -> None:
    """Tell authors how their appeals ended, each with the note that they were told."""
    while True:
        begin_writing()
        looks = db.session.scalars(_unanswered()).all()
        if not looks:
            db.session.rollback()
            return
        for look in looks:
            _answer(look)
            look.told_at = now()
        db.session.commit()


def _unanswered() -> Select[Any]:
    """Appeals with an answer of which nobody was told. What lapsed, its author ended."""
    ended = SecondLook.kind == "appeal", SecondLook.outcome.in_(("upheld", "put_back")), SecondLook.told_at.is_(None)
    found = db.select(SecondLook).where(*ended).order_by(SecondLook.id).limit(AT_ONCE)
    return found.with_for_update(skip_locked=True, of=SecondLook)


def _answer(look: SecondLook) -> None:
    case = look.case
    subject = subject_named(case.subject, case.subject_id)
    if subject is None or is_gone(subject):
        return
    for author in who_see(case.campaign, _authors(subject)):
        send_mail(
            author.email,
            author.language,
            "appeal-answered",
            reader=author,
            brand=case.campaign.brand,
            campaign=case.campaign,
            idea=case.idea,
            remark=subject if case.subject == "comment" else None,
            back=look.outcome == "put_back",
            reason=look.reason,
        )


def _untold() -> Select[Any]:
    """Decisions that nobody can take back any more. Another worker is at those that are locked."""
    decided = Case.decided_at.is_not(None), Case.decided_at < now() - UNDO - GRACE, Case.told_at.is_(None)
    return db.select(Case).where(*decided).order_by(Case.id).limit(AT_ONCE).with_for_update(skip_locked=True, of=Case)


def _tell(case: Case) -> None:
    """What changed for its author: it was taken down, it appears, or it is back. That a report came to nothing is no news to them."""
    subject = subject_named(case.subject, case.subject_id)
    if subject is None or is_gone(subject) or (case.verdict == "approved" and case.was_kept is None):
        return
    if (kept_as(subject) == "hidden") != (case.verdict == "hidden"):
        return  # Decided anew meanwhile: that is told instead.
    first = case.cause in ("first", "filter")
    if first and case.verdict == "approved":
        _tell_others(subject)
    for author in who_see(case.campaign, _authors(subject)):
        send_mail(
            author.email,
            author.language,
            "taken-down" if case.verdict == "hidden" else "approved",
            reader=author,
            brand=case.campaign.brand,
            campaign=case.campaign,
            idea=case.idea,
            remark=subject if case.subject == "comment" else None,
            first=first,
            reason=case.reason,
            back=comes_back(subject),
            page=f"/{'ideas' if case.subject == 'idea' else 'comments'}/{case.subject_id}",
        )


def _tell_others(subject: Subject) -> None:
    """Those who would have been told when it was sent, had it not waited."""
    if isinstance(subject, Idea):
        tell_suggested(subject)
    elif not was_told(subject.id):  # It had stood there, was changed, and waited for that.
        tell_of_remark(subject, db.session.get(Comment, subject.parent_id) if subject.parent_id else None)


def _authors(subject: Subject) -> list[Person]:
    return subject.authors if isinstance(subject, Idea) else [subject.author]
