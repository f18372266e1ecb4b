"""What moderators do with cases: approve, hide with a reason, trust, put back, look a second time, and take back what they just did."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import may
from campaign.brands.models import Brand
from campaign.campaigns.access import may_on
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing, insert, lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.feedback.pins import drop_pins
from campaign.history import record
from campaign.ideas.models import Idea
from campaign.jobs import wake
from campaign.live import announce
from campaign.moderation.cases import open_case
from campaign.moderation.models import Case, SecondLook, Trusted
from campaign.moderation.rules import rules_of
from campaign.moderation.subjects import (
    Subject,
    idea_of,
    is_by,
    is_gone,
    keep,
    kept_as,
    kind_of,
    subject_named,
    version_of,
)

UNDO = timedelta(seconds=10)  # So long the page offers to take an act back, and nobody is told of it.
GRACE = timedelta(seconds=20)  # What a slow network may add to that.
CONFIRMED_WITHIN = timedelta(days=1)  # So long a second person has to look at what was taken down.
AT_ONCE = 500  # Cases of one act.


class AlreadyHandled(Refused):
    code, status = "already_handled", 409

    def __init__(self, case: Case) -> None:
        name = case.decided_by.display_name if case.decided_by else "Ensemble"
        super().__init__(
            _("Already handled by %(name)s: approved.", name=name)
            if case.verdict == "approved"
            else _("Already handled by %(name)s: taken down.", name=name)
        )


class ChangedMeanwhile(Refused):
    code, status = "changed_meanwhile", 409
    message = _l("Its author has changed it meanwhile. Read it as it is now, then decide.")


class OwnContribution(Refused):
    code, status = "own_contribution", 403
    message = _l("This is your own. Somebody else of the team decides about it.")


class ReasonWanted(Refused):
    code, field, status = "reason_wanted", "reason", 422
    message = _l("Say why. Its author reads it.")


class NothingLeft(Refused):
    code = "nothing_left"
    message = _l("Its author has taken it back meanwhile: nothing is left to decide.")


class OwnDecision(Refused):
    code, status = "own_decision", 403
    message = _l("You have taken it down. Somebody else of the team looks at it a second time.")


class LookedTwice(Refused):
    code, status = "looked_twice", 409
    message = _l("A second person has looked at this already, or its author has changed it since.")


class NothingToAppeal(Refused):
    code, status = "nothing_to_appeal", 409
    message = _l("It is not taken down now, so there is nothing to appeal against.")


class TooLate(Refused):
    code = "too_late"
    message = _l(
        "It is too late to take this back, or somebody has decided anew since. Open it under “What was taken down” instead."
    )


def decide(
    case: Case, by: Person, verdict: str, reason: str = "", read: str | None = None, batch: str | None = None
) -> bool:
    """Approve what a case is about, or hide it with a reason; gives whether anything was decided by this. Sent again, it was decided before.

    `read`: the version that the moderator had before them. `batch`: what is decided in one act, and taken back in one.
    Raises AlreadyHandled where a colleague has decided, ChangedMeanwhile, OwnContribution, ReasonWanted, NothingLeft. Does not commit.
    """
    if verdict == "hidden" and not reason:
        raise ReasonWanted
    subject = _held(case)
    if case.verdict is not None:
        if case.decided_by_id == by.id and case.verdict == verdict:
            return False
        raise AlreadyHandled(case)
    if is_by(subject, by):
        raise OwnContribution
    if is_gone(subject):
        raise NothingLeft
    if read is not None and read != version_of(subject):
        raise ChangedMeanwhile
    before = kept_as(subject)
    keep(subject, "hidden" if verdict == "hidden" else None, reason)
    case.was_kept, case.version = before, version_of(subject)
    case.verdict, case.reason, case.decided_at, case.decided_by, case.batch = verdict, reason, now(), by, batch
    case.holder = case.held_since = None
    if verdict == "hidden" and rules_of(case.campaign).confirms_hides:
        db.session.add(SecondLook(case=case, kind="confirm", due_at=now() + CONFIRMED_WITHIN))
    _write_down(case, subject, by, reason)
    announce(case.campaign.board, "case.closed")
    wake("moderation")
    return True


def hide(subject: Subject, by: Person, reason: str, batch: str | None = None) -> Case:
    """Take something down that stands in everybody's sight, with or without a report of it. The same refusals as `decide`."""
    if not reason:
        raise ReasonWanted
    _hold(subject)
    if kept_as(subject) == "hidden" and (done := last_case(subject)) and done.verdict == "hidden":
        return done
    case = open_case(subject, "team")
    decide(case, by, "hidden", reason, batch=batch)
    return case


def put_back(case: Case, by: Person, reason: str) -> Case:
    """Bring back what was taken down, by a case of its own; the decision before stays in the log. Brought back twice, it is once.

    Raises ReasonWanted, OwnContribution, NothingLeft, TitleTaken.
    """
    if not reason:
        raise ReasonWanted
    subject = _held(case)
    if kept_as(subject) is None and not is_gone(subject):
        return last_case(subject) or case
    down = last_case(subject) or case
    looks = waiting_looks(down)
    appealed = any(look.kind == "appeal" for look in looks)
    if appealed and down.decided_by_id == by.id:
        raise OwnDecision
    leave_top(subject)
    again = open_case(subject, "team")
    decide(again, by, "approved", reason)
    close_looks(looks, "put_back", by, reason)
    if appealed:
        again.told_at = now()  # Who appealed is told of that, and once.
        wake("moderation.appeals")
    return again


def uphold(case: Case, by: Person, reason: str = "") -> bool:
    """Say, as a second person, that what was taken down stays down; gives whether anything was decided by this. Said again, nothing happens.

    An appeal is answered with a reason. Raises OwnDecision for who took it down, OwnContribution, ReasonWanted, and LookedTwice where
    nothing waits for a second person any more.
    """
    subject = _held(case)
    looks = waiting_looks(case)
    if not looks:
        if any(look.outcome == "upheld" and look.decided_by_id == by.id for look in case.looks):
            return False
        raise LookedTwice
    if is_by(subject, by):
        raise OwnContribution
    if case.decided_by_id == by.id:
        raise OwnDecision
    appealed = any(look.kind == "appeal" for look in looks)
    if appealed and not reason:
        raise ReasonWanted
    close_looks(looks, "upheld", by, reason)
    what = "appeal_upheld" if appealed else "hide_confirmed"
    record(f"{_named(subject)}.{what}", idea_of(subject), by=by, why=reason, case=case.id)
    announce(case.campaign.board, "case.closed")
    wake("moderation.appeals")
    return True


def appeal(subject: Subject, author: Person, words: str) -> SecondLook:
    """Ask for somebody else's look at a decision to take something down, once: sent again, it is the same appeal, with the first words.

    Raises NothingToAppeal where it is not down. Its words stay among the team. Does not commit.
    """
    begin_writing()
    _hold(subject)
    down = last_case(subject)
    if down is None or down.verdict != "hidden" or kept_as(subject) != "hidden":
        raise NothingToAppeal
    if there := next((look for look in down.looks if look.kind == "appeal"), None):
        return there
    due = now() + timedelta(days=rules_of(down.campaign).appeal_days)
    look = SecondLook(case=down, kind="appeal", by=author, words=words, due_at=due)
    db.session.add(look)
    record(f"{_named(subject)}.appealed", idea_of(subject), by=author, case=down.id)
    announce(down.campaign.board, "case.appealed")
    return look


def leave_top(subject: Subject) -> None:
    """What comes back by a new decision, and not as if nothing had been, stands above no others any more."""
    if isinstance(subject, Comment):
        drop_pins(subject)


def waiting_looks(case: Case) -> list[SecondLook]:
    """The second looks at a decision that somebody waits for. The case is held by then."""
    found = db.select(SecondLook).where(SecondLook.case_id == case.id, SecondLook.outcome.is_(None))
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def close_looks(looks: Sequence[SecondLook], outcome: str, by: Person | None = None, reason: str = "") -> None:
    """Write down how these second looks ended."""
    for look in looks:
        look.outcome, look.decided_by, look.decided_at, look.reason = outcome, by, now(), reason


def trust(case: Case, by: Person, batch: str) -> int:
    """Approve all of this person that waits in the brand's campaigns, and whatever they send later; gives how many.

    It holds in the whole brand, as a suspension does: whoever moderates but one campaign can't speak for the others.
    """
    if not may(by, "moderate", case.campaign.brand_id):
        raise NotThere
    begin_writing()
    row = {"brand_id": case.campaign.brand_id, "person_id": case.author_id, "by_id": by.id, "at": now(), "batch": batch}
    trusted = insert(Trusted).values(row).on_conflict_do_nothing().returning(Trusted.person_id)
    if db.session.scalar(trusted) is not None:
        record("person.trusted", case.campaign.brand, by=by, person=case.author_id)
    return sum(_decided(one, by, "approved", "", batch) for one in pending_of(case, by))


def decline_all(case: Case, by: Person, reason: str, batch: str) -> int:
    """Hide all of this person that waits, in the same campaigns; gives how many. To block them is an act of its own, and needs no undo."""
    return sum(_decided(one, by, "hidden", reason, batch) for one in pending_of(case, by, also=("reports", "edited")))


def _decided(case: Case, by: Person, verdict: str, reason: str, batch: str) -> bool:
    try:
        return decide(case, by, verdict, reason, batch=batch)
    except (AlreadyHandled, NothingLeft):
        return False  # A colleague was quicker, or its author: all the same to what is asked here.


def pending_of(case: Case, by: Person, also: Sequence[str] = ()) -> list[Case]:
    """What waits of this person in the same brand, where `by` may decide, the oldest first; what is reported, or was down before, with `also`.

    To trust somebody answers no report of what they wrote.
    """
    waiting = (
        db.select(Case)
        .join(Case.campaign)
        .where(
            Campaign.brand_id == case.campaign.brand_id,
            Case.author_id == case.author_id,
            Case.verdict.is_(None),
            Case.cause.in_(("first", "filter", *also)),
        )
    )
    found = db.session.scalars(waiting.order_by(Case.id).limit(AT_ONCE)).all()
    allowed = {campaign.id: may_on(by, "moderate", campaign) for campaign in {one.campaign for one in found}}
    return [one for one in found if allowed[one.campaign_id]]


def take_back(batch: str, by: Person) -> int:
    """Undo what this person did in one act a moment ago; gives how many cases are open again. Undone twice, it is undone once.

    Nobody was told of it yet. Raises TooLate where the time is over, or something was decided anew since.
    """
    begin_writing()
    mine = Case.batch == batch, Case.decided_by_id == by.id
    cases = db.session.scalars(db.select(Case).where(*mine).order_by(Case.id)).all()
    hold_all(cases)
    for case in cases:
        subject = _held(case)
        if case.decided_at is None or case.decided_at < now() - UNDO - GRACE or case.told_at is not None:
            raise TooLate
        if is_gone(subject) or open_or_later(case):
            raise TooLate
        keep(subject, case.was_kept)
        record(
            f"{_named(subject)}.decision_undone",
            idea_of(subject),
            by=by,
            case=case.id,
            verdict=case.verdict,
            was=case.was_kept,
        )
        case.verdict = case.decided_at = case.decided_by = case.batch = case.was_kept = None
        case.reason = ""
        db.session.execute(db.delete(SecondLook).where(SecondLook.case_id == case.id))
        db.session.expire(case, ["looks"])
        announce(case.campaign.board, "case.opened")
    for trusted in db.session.scalars(db.select(Trusted).where(Trusted.batch == batch, Trusted.by_id == by.id)).all():
        record("person.trust_undone", db.session.get_one(Brand, trusted.brand_id), by=by, person=trusted.person_id)
        db.session.delete(trusted)
    return len(cases)


def open_or_later(case: Case) -> bool:
    """Whether there is a later case about the same."""
    later = db.select(Case.id).where(
        Case.subject == case.subject, Case.subject_id == case.subject_id, Case.id > case.id
    )
    return db.session.scalar(later.limit(1)) is not None


def claim(case: Case, by: Person) -> None:
    """Show the others that this person looks at the case. Whoever looked longest ago gives way: it keeps nobody from deciding."""
    lock(case)
    if case.verdict is None and (case.holder_id is None or is_stale(case)):
        case.holder, case.held_since = by, now()
        announce(case.campaign.board, "case.claimed")


CLAIMED_FOR = timedelta(minutes=5)


def is_stale(case: Case) -> bool:
    """Whether whoever looked at it went away, as far as one can tell."""
    return case.held_since is None or case.held_since < now() - CLAIMED_FOR


def release(case: Case, by: Person) -> None:
    """Let the others know that this person looks at it no more."""
    lock(case)
    if case.verdict is None and case.holder_id == by.id:
        case.holder = case.held_since = None
        announce(case.campaign.board, "case.claimed")


def hold_all(cases: Sequence[Case]) -> None:
    """Hold what these cases are about, and them, before the first of several is decided: deciding takes the board, and whoever has
    the board must wait for nobody's idea or case. In the order of their numbers, as everybody does.
    """
    begin_writing()
    subjects = {subject for case in cases if (subject := subject_named(case.subject, case.subject_id)) is not None}
    ideas = {idea_of(subject) for subject in subjects}
    in_turn: list[set[Any]] = [ideas, subjects - ideas, set(cases)]
    for held in in_turn:
        for row in sorted(held, key=lambda row: row.id):
            lock(row)


def _held(case: Case) -> Subject:
    """What the case is about, with both held until the commit: a colleague who decides at this moment waits, or is waited for."""
    begin_writing()
    subject = subject_named(case.subject, case.subject_id)
    if subject is None:
        raise NotThere
    _hold(subject)
    lock(case)
    return subject


def _hold(subject: Subject) -> None:
    lock(idea_of(subject))
    if not isinstance(subject, Idea):
        lock(subject)


def last_case(subject: Subject) -> Case | None:
    """The latest case about it, open or decided."""
    about = db.select(Case).where(Case.subject == kind_of(subject), Case.subject_id == subject.id)
    return db.session.scalar(about.order_by(Case.id.desc()).limit(1))


def _named(subject: Subject) -> str:
    return "idea" if isinstance(subject, Idea) else "remark"


def _write_down(case: Case, subject: Subject, by: Person, reason: str) -> None:
    what = f"{_named(subject)}.{'approved' if case.verdict == 'approved' else 'taken_down'}"
    record(what, idea_of(subject), by=by, why=reason, case=case.id, cause=case.cause, was=case.was_kept)


def cases_of(ids: Sequence[int], campaign: Campaign) -> list[Case]:
    """These cases of one campaign, in their order."""
    found = db.select(Case).where(Case.id.in_(ids[:AT_ONCE]), Case.campaign_id == campaign.id)
    return list(db.session.scalars(found.order_by(Case.id)))
