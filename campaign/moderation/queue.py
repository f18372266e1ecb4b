"""The console's lists: what waits for a moderator of a campaign, and what was taken down."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.moderation.models import Case, Report, Trusted
from campaign.moderation.subjects import Subject, is_gone

SHOWN = 50  # Cases of a page.


@dataclass(frozen=True)
class Queue:
    """One of the console's lists."""

    key: str
    name: Any
    about: Any
    empty: Any
    where: tuple[Any, ...]


QUEUES = {
    queue.key: queue
    for queue in (
        Queue(
            "first",
            _l("To approve"),
            _l("Nobody but their authors reads them until you decide."),
            _l("Nothing waits for you. What is held comes here by itself."),
            (Case.verdict.is_(None), Case.cause.in_(("first", "filter"))),
        ),
        Queue(
            "reports",
            _l("Reported"),
            _l("Somebody says that they should not stand there."),
            _l("Nothing is reported. What people report comes here by itself."),
            (Case.verdict.is_(None), Case.cause == "reports"),
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

    @property
    def gone(self) -> bool:
        return is_gone(self.subject)


def count_waiting(campaign: Campaign) -> dict[str, int]:
    """How many cases wait in each queue in which something waits. One query along an index."""
    waiting = db.select(Case.cause, db.func.count()).where(Case.campaign_id == campaign.id, Case.verdict.is_(None))
    by_cause = dict(db.session.execute(waiting.group_by(Case.cause)).all())
    return {"first": by_cause.get("first", 0) + by_cause.get("filter", 0), "reports": by_cause.get("reports", 0)}


def items_in(campaign: Campaign, queue: Queue, after: int | None = None) -> tuple[list[Item], int | None]:
    """One page of a queue, and where the next begins. What waits longest comes first; of what was taken down, the latest.

    A fixed number of queries.
    """
    last_first = queue.key == "hidden"
    found = db.select(Case).where(Case.campaign_id == campaign.id, *queue.where)
    if after is not None:
        found = found.where(Case.id < after if last_first else Case.id > after)
    if last_first:  # What was put back, or decided anew, stands in its latest case.
        later = db.aliased(Case)
        found = found.where(
            ~db.select(later.id)
            .where(later.subject == Case.subject, later.subject_id == Case.subject_id, later.id > Case.id)
            .exists()
        )
    found = found.order_by(Case.id.desc() if last_first else Case.id).limit(SHOWN + 1)
    cases = db.session.scalars(found.options(*_with_people())).all()
    items = items_of(list(cases[:SHOWN]))
    return items, cases[SHOWN - 1].id if len(cases) > SHOWN else None


def item_in(campaign: Campaign, case_id: int) -> Item | None:
    """A case of the campaign, whatever its state."""
    found = db.select(Case).where(Case.id == case_id, Case.campaign_id == campaign.id).options(*_with_people())
    case = db.session.scalar(found)
    return next(iter(items_of([case])), None) if case else None


def items_of(cases: list[Case]) -> list[Item]:
    """These cases, with what they are about and who reported it. Three queries."""
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
    return [
        Item(case, subjects[case.subject, case.subject_id], reports[case.id])
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
