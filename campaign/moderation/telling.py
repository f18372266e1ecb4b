"""Telling authors by mail what was decided about what they wrote: once it can't be taken back any more, and once.

The decision is a row of its own transaction; a worker sends the mails.
"""

from typing import Any

from sqlalchemy import Select

from campaign.accounts.models import Person
from campaign.brands.suspending import tell_suspended
from campaign.brands.suspensions import Suspension
from campaign.campaigns.access import who_see
from campaign.clock import now
from campaign.database import begin_writing
from campaign.extensions import db
from campaign.feedback.actions import tell_of_remark, tell_those_mentioned
from campaign.feedback.models import Comment
from campaign.ideas.actions import tell_suggested
from campaign.ideas.models import Idea
from campaign.jobs import job
from campaign.mail import send_mail
from campaign.moderation.deciding import GRACE, UNDO
from campaign.moderation.editing import comes_back
from campaign.moderation.models import Case, SecondLook
from campaign.moderation.subjects import Subject, is_gone, kept_as, subject_named

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


@job("moderation.blocks")
def tell_blocked() -> None:
    """Tell whom a moderator has suspended by an act that can't be undone any more, each with the note that they were told."""
    while True:
        begin_writing()
        untold = Suspension.told_at.is_(None), Suspension.at < now() - UNDO - GRACE
        found = db.select(Suspension).where(*untold).order_by(Suspension.brand_id, Suspension.person_id).limit(AT_ONCE)
        blocked = db.session.scalars(found.with_for_update(skip_locked=True, of=Suspension)).all()
        if not blocked:
            db.session.rollback()
            return
        for one in blocked:
            tell_suspended(one)
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
    if look.outcome == "put_back":
        _tell_others(case, subject, first=not _is_known(case))
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
    first = not _is_known(case)
    if case.verdict == "approved":
        _tell_others(case, subject, first)
    if (kept_as(subject) == "hidden") != (case.verdict == "hidden"):
        return  # Decided anew meanwhile: that is told instead.
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
            first=first and case.was_kept != "hidden",
            reason=case.reason,
            back=comes_back(subject),
            page=f"/{'ideas' if case.subject == 'idea' else 'comments'}/{case.subject_id}",
        )


def _is_known(case: Case) -> bool:
    """Whether others than its authors were told of what the case is about: it stood in sight before anybody looked at it, or was told since.

    What was declined when it came in is as new to them when it is put back, or approved after a change. One query.
    """
    about = db.select(Case.cause, Case.stood).where(Case.subject == case.subject, Case.subject_id == case.subject_id)
    cases = db.session.execute(about.where(Case.id <= case.id).order_by(Case.id)).all()
    return cases[0].cause not in ("first", "filter") or any(one.stood for one in cases)


def _tell_others(case: Case, subject: Subject, first: bool) -> None:
    """Those who would have been told when it was sent, had it not waited; where that is done, only whom an edit of it mentions."""
    if kept_as(subject) is not None:
        if first:  # It was out of sight again before anybody was told, so that is still to be done.
            later = db.update(Case).where(Case.subject == case.subject, Case.subject_id == case.subject_id)
            db.session.execute(later.where(Case.id > case.id).values(stood=False))
    elif not first:
        if isinstance(subject, Comment):
            tell_those_mentioned(subject)
    else:
        case.stood = True
        if isinstance(subject, Idea):
            tell_suggested(subject)
        else:
            answered = subject.reply_to_id or subject.parent_id
            tell_of_remark(subject, db.session.get(Comment, answered) if answered else None)


def _authors(subject: Subject) -> list[Person]:
    return subject.authors if isinstance(subject, Idea) else [subject.author]
