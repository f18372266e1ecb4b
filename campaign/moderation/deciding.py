"""What moderators do with cases: approve, hide with a reason, trust, put back, look a second time, and take back what they just did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.brands.access import may
from campaign.brands.models import Brand
from campaign.brands.suspending import undo_suspension
from campaign.campaigns.access import may_on
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import begin_writing, insert, lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.feedback.pins import drop_pins
from campaign.history import record
from campaign.ideas.actions import take_title
from campaign.ideas.models import Idea
from campaign.jobs import wake
from campaign.live import announce
from campaign.moderation.cases import open_case
from campaign.moderation.models import Case, SecondLook, Trusted
from campaign.moderation.queue import still_to_decide
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
from campaign.text import title_key

UNDO = timedelta(seconds=10)  # So long the page offers to take an act back, and nobody is told of it.
GRACE = timedelta(seconds=20)  # What a slow network may add to that.
CONFIRMED_WITHIN = timedelta(days=1)  # So long a second person has to look at what was taken down.
AT_ONCE = 500  # Cases of one act.
ALL_OF_THEM = ("reports", "edited")  # What is declined with what waits, where somebody is blocked.
UNCHECKED: Mapping[int, str] = MappingProxyType({})


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

    def __init__(self, look: SecondLook | None = None) -> None:
        if look is None or look.decided_by is None:
            super().__init__()
        elif look.outcome == "upheld":
            super().__init__(_("Already handled by %(name)s: it stays down.", name=look.decided_by.display_name))
        else:
            super().__init__(_("Already handled by %(name)s: put back.", name=look.decided_by.display_name))


class AppealedMeanwhile(Refused):
    code, status = "appealed_meanwhile", 409
    message = _l("Its author has asked for another look meanwhile. Read what they say, then decide.")


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

    `read`: what the moderator had before them, see `read_of`. `batch`: what is decided in one act, and taken back in one.
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
    _check_read(case, subject, read)
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


def put_back(case: Case, by: Person, reason: str, read: str | None = None) -> Case:
    """Bring back what was taken down, by a case of its own; the decision before stays in the log. Brought back twice, it is once.

    `read` as in `decide`. Raises ReasonWanted, OwnDecision, OwnContribution, NothingLeft, TitleTaken; AlreadyHandled and LookedTwice where
    a colleague has decided about it since, ChangedMeanwhile and AppealedMeanwhile where its author has.
    """
    if not reason:
        raise ReasonWanted
    subject = _held(case)
    latest = last_case(subject) or case
    if latest.id != case.id:
        if latest.verdict == "approved" and latest.decided_by_id == by.id:
            return latest  # The second click.
        raise ChangedMeanwhile if latest.verdict is None else AlreadyHandled(latest)
    if kept_as(subject) is None and not is_gone(subject):
        return case
    looks = waiting_looks(case)
    appealed = any(look.kind == "appeal" for look in looks)
    if appealed and case.decided_by_id == by.id:
        raise OwnDecision
    _check_read(case, subject, read)
    leave_top(subject)
    again = open_case(subject, "team")
    decide(again, by, "approved", reason)
    close_looks(looks, "put_back", by, reason)
    if appealed:
        again.told_at = now()  # Who appealed is told of that, and once.
        wake("moderation.appeals")
    return again


def uphold(case: Case, by: Person, reason: str = "", read: str | None = None) -> bool:
    """Say, as a second person, that what was taken down stays down; gives whether anything was decided by this. Said again, nothing happens.

    An appeal is answered with a reason. `read` as in `decide`. Raises OwnDecision for who took it down, OwnContribution, ReasonWanted,
    AppealedMeanwhile, and LookedTwice where nothing waits for a second person any more.
    """
    subject = _held(case)
    looks = waiting_looks(case)
    if not looks:
        ended = _looks_at(case)
        if any(look.outcome == "upheld" and look.decided_by_id == by.id for look in ended):
            return False
        raise LookedTwice(max(ended, key=lambda look: look.decided_at or look.at, default=None))
    if is_by(subject, by):
        raise OwnContribution
    if case.decided_by_id == by.id:
        raise OwnDecision
    _check_read(case, subject, read)
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
    return [look for look in _looks_at(case) if look.waits]


def _looks_at(case: Case) -> list[SecondLook]:
    found = db.select(SecondLook).where(SecondLook.case_id == case.id).order_by(SecondLook.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def read_of(subject: Subject, looks: Iterable[SecondLook] = ()) -> str:
    """What a page shows to who decides: this version, and these second looks at a decision, with their ends. An act comes with it."""
    return version_of(subject) + "".join(f"~{look.id}{look.outcome or ''}" for look in looks)


def _check_read(case: Case, subject: Subject, read: str | None) -> None:
    """Raise ChangedMeanwhile, LookedTwice or AppealedMeanwhile where this is not what the moderator had before them."""
    if read is None:
        return
    version, *known = read.split("~")
    if version != version_of(subject):
        raise ChangedMeanwhile
    for look in _looks_at(case):
        if f"{look.id}{look.outcome or ''}" not in known:
            raise AppealedMeanwhile if look.waits else LookedTwice(look)


def close_looks(looks: Sequence[SecondLook], outcome: str, by: Person | None = None, reason: str = "") -> None:
    """Write down how these second looks ended."""
    for look in looks:
        look.outcome, look.decided_by, look.decided_at, look.reason = outcome, by, now(), reason


def trust(case: Case, by: Person, batch: str, reads: Mapping[int, str] = UNCHECKED) -> int:
    """Approve this, with all of its author that waits in the brand's campaigns, and whatever they send later; gives how many.

    It holds in the whole brand, as a suspension does: whoever moderates but one campaign can't speak for the others. `reads`: what the
    moderator had before them, by case. What can't be approved waits on, but where it is this one, nothing is done.
    """
    if not may(by, "moderate", case.campaign.brand_id):
        raise NotThere
    theirs = in_turn({case, *pending_of(case, by)})
    hold_all(theirs)
    row = {"brand_id": case.campaign.brand_id, "person_id": case.author_id, "by_id": by.id, "at": now(), "batch": batch}
    trusted = insert(Trusted).values(row).on_conflict_do_nothing().returning(Trusted.person_id)
    if db.session.scalar(trusted) is not None:
        record("person.trusted", case.campaign.brand, by=by, person=case.author_id)
    return _decide_all(theirs, case, by, "approved", "", batch, reads)


def decline_all(case: Case, by: Person, reason: str, batch: str, reads: Mapping[int, str] = UNCHECKED) -> int:
    """Hide this, with all of its author that waits or is reported in the same campaigns; gives how many. To block them is an act of its own."""
    theirs = in_turn({case, *pending_of(case, by, also=ALL_OF_THEM)})
    hold_all(theirs)
    return _decide_all(theirs, case, by, "hidden", reason, batch, reads)


def _decide_all(
    cases: Sequence[Case], asked: Case, by: Person, verdict: str, reason: str, batch: str, reads: Mapping[int, str]
) -> int:
    done = 0
    for case in cases:
        try:
            with db.session.begin_nested():
                done += decide(case, by, verdict, reason, reads.get(case.id), batch)
        except Refused:
            if case is asked:
                raise
            # A colleague was quicker, or its author; or it is their own in part, or its title stands there: it is left, and counted.
    return done


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
            *still_to_decide(),
            Case.cause.in_(("first", "filter", *also)),
        )
    )
    found = db.session.scalars(waiting.order_by(Case.id).limit(AT_ONCE)).all()
    allowed = {campaign.id: may_on(by, "moderate", campaign) for campaign in {one.campaign for one in found}}
    return [one for one in found if allowed[one.campaign_id]]


def take_back(batch: str, by: Person) -> int:
    """Undo what this person did in one act a moment ago; gives how many cases are open again. Undone twice, it is undone once.

    Whom they trusted, or suspended, with it is neither any more.

    Nobody was told of it yet. Raises TooLate where the time is over, or something was decided anew since.
    """
    begin_writing()
    mine = Case.batch == batch, Case.decided_by_id == by.id
    cases = in_turn(db.session.scalars(db.select(Case).where(*mine)))
    hold_all(cases)
    done = 0
    for case in cases:
        if case.batch != batch:
            continue  # The same undo, which came a moment before.
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
        done += 1
    for trusted in db.session.scalars(db.select(Trusted).where(Trusted.batch == batch, Trusted.by_id == by.id)).all():
        record("person.trust_undone", db.session.get_one(Brand, trusted.brand_id), by=by, person=trusted.person_id)
        db.session.delete(trusted)
    if not undo_suspension(batch, by):
        raise TooLate
    return done


def open_or_later(case: Case) -> bool:
    """Whether there is a later case about the same."""
    later = db.select(Case.id).where(
        Case.subject == case.subject, Case.subject_id == case.subject_id, Case.id > case.id
    )
    return db.session.scalar(later.limit(1)) is not None


def claim(case: Case, by: Person) -> None:
    """Show the others that this person looks at the case, and still does. Who has gone away gives way: it keeps nobody from deciding."""
    lock(case)
    if case.verdict is None and case.holder_id == by.id and not is_stale(case):
        case.held_since = now()  # No news to anybody.
    elif case.verdict is None and (case.holder_id is None or is_stale(case)):
        case.holder, case.held_since = by, now()
        announce(case.campaign.board, "case.claimed")


CLAIMED_FOR = timedelta(minutes=2)  # An open console says it again each half minute.


def is_stale(case: Case) -> bool:
    """Whether whoever looked at it went away, as far as one can tell."""
    return case.held_since is None or case.held_since < now() - CLAIMED_FOR


def looker_at(case: Case) -> Person | None:
    """Who looks at it now."""
    return None if is_stale(case) else case.holder


def release(case: Case, by: Person) -> None:
    """Let the others know that this person looks at it no more."""
    lock(case)
    if case.verdict is None and case.holder_id == by.id:
        case.holder = case.held_since = None
        announce(case.campaign.board, "case.claimed")


def in_turn(cases: Iterable[Case]) -> list[Case]:
    """These cases in the order in which they are decided together: campaign by campaign, for that is how boards are taken."""
    return sorted(cases, key=lambda case: (case.campaign_id, case.id))


def hold_all(cases: Sequence[Case]) -> None:
    """Hold what these cases are about, and them, before the first of several is decided."""
    begin_writing()
    hold_subjects([one for case in cases if (one := subject_named(case.subject, case.subject_id)) is not None], cases)


def hold_subjects(subjects: Iterable[Subject], cases: Iterable[Case] = ()) -> None:
    """Hold these, and the cases about them, before the first of several is decided: deciding takes the board, and whoever has the board
    must wait for nobody's idea, case or title. Each in the order of their numbers, as everybody does, and titles last.
    """
    begin_writing()
    about = set(subjects)
    ideas = {idea_of(subject) for subject in about}
    remarks = about - ideas
    _lock_in_turn(ideas)
    _lock_in_turn(remarks)
    _lock_in_turn({*cases, *_open_about("idea", about & ideas), *_open_about("comment", remarks)})
    for idea in sorted(about & ideas, key=lambda idea: (idea.campaign_id, title_key(idea.title))):
        if kept_as(idea) is not None:  # It may come back to the board.
            take_title(idea.campaign, idea.title)


def _lock_in_turn(rows: Iterable[Any]) -> None:
    for row in sorted(rows, key=lambda row: row.id):
        lock(row)


def _open_about(kind: str, subjects: Iterable[Any]) -> Sequence[Case]:
    numbers = {subject.id for subject in subjects}
    found = db.select(Case).where(Case.subject == kind, Case.subject_id.in_(numbers), Case.verdict.is_(None))
    return db.session.scalars(found).all() if numbers else []


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
    return db.session.scalar(about.order_by(Case.id.desc()).limit(1).execution_options(populate_existing=True))


def _named(subject: Subject) -> str:
    return "idea" if isinstance(subject, Idea) else "remark"


def _write_down(case: Case, subject: Subject, by: Person, reason: str) -> None:
    what = f"{_named(subject)}.{'approved' if case.verdict == 'approved' else 'taken_down'}"
    record(what, idea_of(subject), by=by, why=reason, case=case.id, cause=case.cause, was=case.was_kept)


def cases_of(ids: Sequence[int], campaign: Campaign) -> list[Case]:
    """These cases of one campaign, in their order."""
    found = db.select(Case).where(Case.id.in_(ids[:AT_ONCE]), Case.campaign_id == campaign.id)
    return list(db.session.scalars(found.order_by(Case.id)))
