"""The door to suspending: who moderates the whole brand, and meets somebody by what they gave to one of its campaigns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased

from campaign.accounts.models import Person
from campaign.brands.access import Asker, may
from campaign.brands.models import Brand
from campaign.brands.suspending import team_of
from campaign.brands.suspensions import Suspension, standing
from campaign.campaigns.access import may_on
from campaign.campaigns.models import Campaign
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.feedback.access import comment_for, giver_of
from campaign.feedback.listing import may_read
from campaign.feedback.models import Comment
from campaign.history import Entry
from campaign.ideas.access import idea_for
from campaign.ideas.models import Idea
from campaign.moderation.models import Case
from campaign.moderation.subjects import Subject, campaign_of, is_by

LATELY = 20  # Acts that the page of suspensions tells.


def idea_of(person: Asker, idea_id: int, author_id: int | None) -> tuple[Idea, Person]:
    """The idea, and who is meant (None: who suggested it), for who may suspend in its brand: an author, or who gave it feedback."""
    idea = idea_for(person, idea_id)
    author = next((one for one in idea.authors if author_id in (None, one.id)), None) or giver_of(idea, author_id)
    if author is None or not may(person, "moderate", idea.campaign.brand_id):
        raise NotThere
    return idea, author


def remark_of(person: Asker, comment_id: int) -> Comment:
    """The remark, for who may suspend in the brand of its campaign."""
    comment = comment_for(person, comment_id)
    if not may(person, "moderate", comment.idea.campaign.brand_id):
        raise NotThere
    return comment


def may_suspend(person: Asker, campaign: Campaign, rights: set[str]) -> Callable[[int], bool]:
    """Whether this person may suspend another, by their number: nobody themselves, and nobody who works for the brand.

    `rights`: what their roles allow on this campaign. Whoever moderates but one campaign can't speak for the whole brand.
    """
    if "moderate" not in rights or not may(person, "moderate", campaign.brand_id):
        return lambda other: False
    team = team_of(campaign.brand_id)
    return lambda other: other not in team


@dataclass(frozen=True)
class Act:
    """A suspension, its end, or that it was taken back at once, as the history tells it."""

    at: datetime
    by: str
    what: str  # "person.suspended", "suspension.lifted" or "suspension.undone".
    person: str
    why: str


def standing_suspensions(brand: Brand) -> list[Suspension]:
    """Whom the brand has suspended now, the latest first. One query."""
    people = db.joinedload(Suspension.person), db.joinedload(Suspension.by)
    found = db.select(Suspension).where(Suspension.brand_id == brand.id, standing()).options(*people)
    return list(db.session.scalars(found.order_by(Suspension.at.desc())))


def lately(brand: Brand) -> list[Act]:
    """What was done last with the brand's suspensions, the latest first. One query."""
    by, whom = aliased(Person), aliased(Person)
    found = (
        db.select(Entry, by.name, whom.name)
        .outerjoin(by, by.id == Entry.by_id)
        .outerjoin(whom, whom.id == Entry.details["person"].as_integer())
        .where(
            Entry.subject == Brand.__tablename__,
            Entry.subject_id == brand.id,
            Entry.what.in_(("person.suspended", "suspension.lifted", "suspension.undone")),
        )
        .order_by(Entry.id.desc())
        .limit(LATELY)
    )
    return [
        Act(entry.at, by_name or "Ensemble", entry.what, name or "…", entry.why)
        for entry, by_name, name in db.session.execute(found)
    ]


def case_for(person: Asker, case_id: int) -> Case:
    """The case, for who moderates its campaign."""
    case = db.session.get(Case, case_id) if 0 < case_id < 2**31 else None
    if case is None or not may_on(person, "moderate", case.campaign):
        raise NotThere
    return case


def own_subject_for(person: Asker, kind: str, number: int) -> Subject:
    """The idea or the remark, if this person wrote it, alone or with others."""
    subject = subject_for(person, kind, number)
    if not person.is_authenticated or not is_by(subject, person):
        raise NotThere
    return subject


def subject_for(person: Asker, kind: str, number: int, to: str | None = None) -> Subject:
    """The idea or the remark, if this person may read it; with `to`, if a role of theirs allows that on its campaign."""
    subject: Subject = idea_for(person, number) if kind == "idea" else comment_for(person, number)
    campaign = campaign_of(subject)
    if to is not None and not may_on(person, to, campaign):
        raise NotThere
    if isinstance(subject, Comment) and not may_read(subject, person, may_on(person, "see", campaign)):
        raise NotThere
    return subject
