"""Cases: how something comes before a moderator."""

from collections.abc import Callable, Mapping
from typing import Any

from campaign.brands.models import Membership
from campaign.extensions import db
from campaign.feedback.holding import judge_remarks_with
from campaign.feedback.models import Comment
from campaign.ideas.holding import judge_ideas_with
from campaign.ideas.models import Idea
from campaign.live import announce
from campaign.moderation.models import Case, Trusted
from campaign.moderation.rules import rules_of
from campaign.moderation.subjects import Subject, campaign_of, idea_of, kind_of, version_of

# Looks at something new and says why a person should look at it first: each reason as [its name, what it found].
Filter = Callable[[Subject], list[list[Any]]]
_filters: list[Filter] = []


_told: dict[str, Any] = {}
_named: dict[str, Any] = {}


def filter_with(look: Filter, told: Mapping[str, Any], named: Mapping[str, Any]) -> None:
    """Have something look at all that is new. It holds for review, and never decides. `told`: its reasons in words, with %(found)s in them;
    `named`: the same without, to search by."""
    _filters.append(look)
    _told.update(told)
    _named.update(named)


def filters_named() -> Mapping[str, Any]:
    """What a filter may find, by the names of its reasons."""
    return _named


def told_reason(reason: list[Any]) -> str:
    """Why something was held, for its moderators."""
    name, found = reason
    return str(_told.get(name, name)) % {"found": found}


def judge(subject: Subject) -> bool:
    """Whether something new waits for a moderator: its campaign wants it so, or a filter found something. Then a case is open.

    Nobody looks at what the team itself writes, nor at what somebody writes whom a moderator trusts.
    """
    campaign, kind = campaign_of(subject), kind_of(subject)
    rules = rules_of(campaign)
    first = rules.ideas_first if kind == "idea" else rules.remarks_first
    if not first and not _filters:
        return False
    if waits_for_nobody(campaign.brand_id, subject.author_id):
        return False
    reasons = [reason for look in _filters for reason in look(subject)]
    if not first and not reasons:
        return False
    open_case(subject, "filter" if reasons else "first", reasons)
    return True


def waits_for_nobody(brand_id: int, person_id: int) -> bool:
    """Whether this person is of the brand's team, or was trusted by a moderator. One query."""
    team = db.select(Membership.id).where(Membership.brand_id == brand_id, Membership.person_id == person_id)
    trusted = db.select(Trusted.person_id).where(Trusted.brand_id == brand_id, Trusted.person_id == person_id)
    return bool(db.session.scalar(db.select(team.exists() | trusted.exists())))


def open_case(subject: Subject, cause: str, reasons: list[list[Any]] | None = None) -> Case:
    """The open case about it; a new one where there is none. The subject is held by then, or new. Tells open consoles."""
    db.session.flush()
    if there := open_case_about(subject):
        return there
    case = Case(
        campaign=campaign_of(subject),
        subject=kind_of(subject),
        subject_id=subject.id,
        idea=idea_of(subject),
        author_id=subject.author_id,
        cause=cause,
        reasons=reasons or [],
        version=version_of(subject),
    )
    db.session.add(case)
    db.session.flush()
    announce(campaign_of(subject).board, "case.opened")
    return case


def open_case_about(subject: Subject) -> Case | None:
    """The case about it that waits for a moderator."""
    about = db.select(Case).where(Case.subject == kind_of(subject), Case.subject_id == subject.id)
    return db.session.scalar(about.where(Case.verdict.is_(None)).execution_options(populate_existing=True))


def _judge_idea(idea: Idea) -> bool:
    return idea.recorded is None and judge(idea)


def _judge_remark(comment: Comment) -> bool:
    return judge(comment)


judge_ideas_with(_judge_idea)
judge_remarks_with(_judge_remark)
