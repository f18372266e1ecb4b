"""The console's lists: what waits for a moderator of a campaign, what waits for a second one, and what was taken down."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.models import Comment, CommentDeletion
from campaign.ideas.models import UNSEEN, CoAuthor, Idea, Withdrawal
from campaign.moderation.models import Case, Report, SecondLook, Trusted
from campaign.moderation.searching import EVERYTHING, Search
from campaign.moderation.subjects import Subject, is_gone

SHOWN = 50  # Cases of a page.
AUTHORS = 20  # Of a list, those with the most in it.


@dataclass(frozen=True)
class Queue:
    """One of the console's lists."""

    key: str
    name: Any
    about: Any
    empty: Any
    where: tuple[Any, ...] = ()
    look: str | None = None  # Of which kind the second look is that waits: see SecondLook.


QUEUES = {
    queue.key: queue
    for queue in (
        Queue(
            "first",
            _l("To approve"),
            _l("Nobody but their authors reads them until you decide."),
            _l("Nothing waits for you. What is held comes here by itself."),
            (Case.cause.in_(("first", "filter")),),
        ),
        Queue(
            "reports",
            _l("Reported"),
            _l("Somebody says that they should not stand there."),
            _l("Nothing is reported. What people report comes here by itself."),
            (Case.cause == "reports",),
        ),
        Queue(
            "edited",
            _l("Changed and back"),
            _l("They were taken down, and their authors have changed them since."),
            _l("Nothing that was taken down was changed."),
            (Case.cause == "edited",),
        ),
        Queue(
            "appeals",
            _l("Appeals"),
            _l(
                "Their authors ask for another look, by somebody else than who took them down. What is overdue comes first."
            ),
            _l("Nobody appeals against a decision."),
            look="appeal",
        ),
        Queue(
            "second",
            _l("To confirm"),
            _l("They are out of sight already, and wait for a second person."),
            _l("Nothing waits for a second person."),
            look="confirm",
        ),
        Queue(
            "hidden",
            _l("What was taken down"),
            _l("Their authors know why. You can put each back."),
            _l("Nothing was taken down."),
            (Case.verdict == "hidden",),
        ),
    )
}


@dataclass(frozen=True)
class Item:
    """A case with what it is about."""

    case: Case
    subject: Subject
    reports: list[Report]
    looks: list[SecondLook]

    @property
    def gone(self) -> bool:
        return is_gone(self.subject)

    @property
    def appeal(self) -> SecondLook | None:
        """What its author asked, answered or not."""
        return next((look for look in self.looks if look.kind == "appeal"), None)

    @property
    def waits_for_second(self) -> bool:
        """Whether somebody else than who took it down is to look at it."""
        return any(look.waits for look in self.looks)


def count_waiting(campaign: Campaign, person: Person | None = None) -> dict[str, int]:
    """How many cases wait in each queue in which something waits; of `person`, those that they may decide. One query along an index."""
    here = (Case.campaign_id == campaign.id, *([] if person is None else [by_others(person)]))
    waiting = db.select(Case.cause, db.func.count()).where(*here, *still_to_decide())
    looks = db.select(SecondLook.kind, db.func.count()).join(SecondLook.case)
    looks = looks.where(*here, *still_to_look_at()).group_by(SecondLook.kind)
    if person is not None:
        looks = looks.where(Case.decided_by_id != person.id)
    counted = dict(db.session.execute(waiting.group_by(Case.cause).union_all(looks)).all())
    return {
        "first": counted.get("first", 0) + counted.get("filter", 0),
        "reports": counted.get("reports", 0),
        "edited": counted.get("edited", 0),
        "appeals": counted.get("appeal", 0),
        "second": counted.get("confirm", 0),
    }


def by_others(person: Person) -> Any:
    """Condition on Case: what it is about is by others than this person, who decides about nothing of their own."""
    joined = db.select(CoAuthor.idea_id).where(CoAuthor.idea_id == Case.idea_id, CoAuthor.person_id == person.id)
    return ~db.or_(Case.author_id == person.id, and_(Case.subject == "idea", joined.exists()))


def still_to_decide() -> tuple[Any, ...]:
    """Conditions on Case: nobody has decided, and its author has not taken back what it is about, nor has it become part of another idea."""
    left = db.select(Withdrawal.idea_id).where(Withdrawal.idea_id == Case.idea_id, Withdrawal.kind.not_in(UNSEEN))
    return (
        Case.verdict.is_(None),
        ~and_(Case.subject == "idea", left.exists()),
        ~and_(Case.subject == "comment", _gone()),
    )


def _gone() -> Any:
    return db.select(CommentDeletion.comment_id).where(CommentDeletion.comment_id == Case.subject_id).exists()


def still_to_look_at() -> tuple[Any, ...]:
    """Conditions on SecondLook, with its case: it has no answer, and there is still something to look at."""
    return SecondLook.outcome.is_(None), ~and_(Case.subject == "comment", _gone())


def items_in(
    campaign: Campaign, queue: Queue, after: int | None = None, search: Search = EVERYTHING
) -> tuple[list[Item], int | None]:
    """One page of a queue, and where the next begins. What waits longest comes first; of what was taken down, the latest.

    A fixed number of queries.
    """
    if queue.look:
        return _looks_in(campaign, queue, after, search)
    last_first = queue.key == "hidden"
    found = db.select(Case).where(*_in(campaign, queue), *search.where())
    if after is not None:
        found = found.where(Case.id < after if last_first else Case.id > after)
    found = found.order_by(Case.id.desc() if last_first else Case.id).limit(SHOWN + 1)
    return _page(found)


def _looks_in(campaign: Campaign, queue: Queue, after: int | None, search: Search) -> tuple[list[Item], int | None]:
    """The same of what waits for a second person: what is due first comes first, so what is overdue before the rest."""
    found = db.select(Case).join(Case.looks).where(*_in(campaign, queue), *search.where())
    asked = db.select(SecondLook).filter_by(case_id=after, kind=queue.look)
    last = db.session.scalar(asked) if after is not None else None
    if last is not None:
        same = and_(SecondLook.due_at == last.due_at, SecondLook.id > last.id)
        found = found.where(db.or_(SecondLook.due_at > last.due_at, same))
    return _page(found.order_by(SecondLook.due_at, SecondLook.id).limit(SHOWN + 1))


def _page(found: Any) -> tuple[list[Item], int | None]:
    cases = db.session.scalars(found.options(*_with_people())).all()
    return items_of(list(cases[:SHOWN])), cases[SHOWN - 1].id if len(cases) > SHOWN else None


def _in(campaign: Campaign, queue: Queue) -> list[Any]:
    """The conditions for a case to be in the list; on Case, and on SecondLook where the list is of second looks."""
    here = [Case.campaign_id == campaign.id, *queue.where]
    if queue.look:
        return [*here, SecondLook.kind == queue.look, *still_to_look_at()]
    if queue.key != "hidden":
        return [*here, *still_to_decide()]
    # What was put back, or decided anew, stands in its latest case; and its author's no is for good.
    later = db.aliased(Case)
    again = db.select(later.id).where(
        later.subject == Case.subject, later.subject_id == Case.subject_id, later.id > Case.id
    )
    return [*here, ~again.exists(), ~and_(Case.subject == "comment", _gone())]


def authors_in(campaign: Campaign, queue: Queue, chosen: int | None = None) -> list[tuple[Person, int]]:
    """Whose contributions are in the list and how many: those with the most, and whoever is chosen first. One query."""
    number = db.func.count().label("number")
    counted = db.select(Case.author_id, number).where(*_in(campaign, queue)).group_by(Case.author_id)
    if queue.look:
        counted = counted.join(Case.looks)
    order = [number.desc(), Case.author_id]
    if chosen is not None:
        order.insert(0, (Case.author_id == chosen).desc())
    few = counted.order_by(*order).limit(AUTHORS).subquery()
    found = db.select(Person, few.c.number).join(few, few.c.author_id == Person.id)
    return [(person, many) for person, many in db.session.execute(found.order_by(few.c.number.desc(), Person.id))]


def item_in(campaign: Campaign, case_id: int) -> Item | None:
    """A case of the campaign, whatever its state."""
    found = db.select(Case).where(Case.id == case_id, Case.campaign_id == campaign.id).options(*_with_people())
    case = db.session.scalar(found)
    return next(iter(items_of([case])), None) if case else None


def items_of(cases: list[Case]) -> list[Item]:
    """These cases, with what they are about who reported it, and who looks a second time. Four queries."""
    ideas = {case.subject_id for case in cases if case.subject == "idea"}
    remarks = {case.subject_id for case in cases if case.subject == "comment"}
    parts = joinedload(Idea.withdrawal), selectinload(Idea.pictures), selectinload(Idea.coauthors)
    subjects: dict[tuple[str, int], Subject] = {
        ("idea", idea.id): idea
        for idea in db.session.scalars(db.select(Idea).where(Idea.id.in_(ideas)).options(*parts)).unique()
    }
    said = db.select(Comment).where(Comment.id.in_(remarks)).options(joinedload(Comment.idea))
    subjects |= {("comment", comment.id): comment for comment in db.session.scalars(said).unique()}
    reports: dict[int, list[Report]] = {case.id: [] for case in cases}
    given = db.select(Report).where(Report.case_id.in_(reports)).options(joinedload(Report.reporter))
    for report in db.session.scalars(given.order_by(Report.id)):
        reports[report.case_id].append(report)
    looks: dict[int, list[SecondLook]] = {case.id: [] for case in cases}
    asked = db.select(SecondLook).where(SecondLook.case_id.in_(looks))
    asked = asked.options(joinedload(SecondLook.by), joinedload(SecondLook.decided_by))
    for look in db.session.scalars(asked.order_by(SecondLook.id)):
        looks[look.case_id].append(look)
    return [
        Item(case, subjects[case.subject, case.subject_id], reports[case.id], looks[case.id])
        for case in cases
        if (case.subject, case.subject_id) in subjects
    ]


def _with_people() -> tuple[Any, ...]:
    return joinedload(Case.author), joinedload(Case.holder), joinedload(Case.decided_by), joinedload(Case.idea)


@dataclass(frozen=True)
class Record:
    """What a moderator may want to know of an author."""

    published: int  # Ideas of theirs that stand on this brand's boards.
    taken_down: int
    trusted: bool


def record_of(case: Case) -> Record:
    """What its author gave to this brand before. One query."""
    brand = case.campaign.brand_id
    theirs = db.select(db.func.count(Idea.id)).join(Campaign, Campaign.id == Idea.campaign_id)
    theirs = theirs.where(Idea.author_id == case.author_id, Campaign.brand_id == brand, ~Idea.withdrawal.has())
    down = db.select(db.func.count(Case.id)).join(Case.campaign)
    down = down.where(Case.author_id == case.author_id, Campaign.brand_id == brand, Case.verdict == "hidden")
    trusted = db.select(Trusted.person_id).where(Trusted.brand_id == brand, Trusted.person_id == case.author_id)
    row = db.session.execute(db.select(theirs.scalar_subquery(), down.scalar_subquery(), trusted.exists())).one()
    return Record(row[0], row[1], bool(row[2]))
