"""Moving all ideas of a status to another at once: there may be very many, so the database does it, and a worker tells their authors."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime, begin_writing
from campaign.extensions import db
from campaign.ideas.following import tell_followers_of
from campaign.ideas.models import Idea
from campaign.ideas.totals import stands
from campaign.jobs import job, wake
from campaign.statuses.actions import tell_authors
from campaign.statuses.closing import closes, tell_turned
from campaign.statuses.models import Status, StatusChange, UntoldChange

AT_ONCE = 100  # Changes that are told in one transaction.


def hold_ideas_at(campaign: Campaign, key: str) -> int:
    """Keep everybody else from the ideas that stand there until the commit, in the order of their numbers; gives how many they are.

    Without reading them: only their number leaves the database.
    """
    begin_writing()
    there = db.select(Idea.id).join(Status, Status.id == Idea.status_id).order_by(Idea.id)
    there = there.where(Status.campaign_id == campaign.id, Status.key == key)
    held = there.with_for_update(key_share=True, of=Idea).subquery()
    return db.session.scalar(db.select(db.func.count()).select_from(held)) or 0


def ideas_at(status: Status) -> int:
    """How many ideas stand there now, withdrawn ones included."""
    return db.session.scalar(db.select(db.func.count()).select_from(Idea).where(_standing_at(status))) or 0


def ids_at(status: Status) -> list[int]:
    """The ideas of the board that stand there now, by their ids, in the order in which they are held."""
    there = db.select(Idea.id).where(_standing_at(status), stands()).order_by(Idea.id)
    return list(db.session.scalars(there))


def move_all(status: Status, target: Status, by: Person, reason: str) -> None:
    """Let all ideas of a status stand at the other one. They are held by then. Their authors and who follows them are told of those on
    the board. Does not commit.
    """
    at = now()
    db.session.flush()
    moving = _standing_at(status)
    turned = ids_at(status) if closes(status) != closes(target) else []
    said = {
        "key": db.literal(target.key),
        "kind": db.literal(target.kind),
        "colour": db.literal(target.colour),
        "names": db.literal(dict(target.names), JSON),
        "by_id": db.literal(by.id),
        "at": db.literal(at, UTCDateTime),
        "reason": db.literal(reason),
    }
    changes = db.select(Idea.id, *said.values()).where(moving).order_by(Idea.id)
    _put(StatusChange, ["idea_id", *said], changes)
    made = db.select(StatusChange.id).join(Idea, Idea.id == StatusChange.idea_id)
    made = made.where(moving, stands(), StatusChange.at == at, StatusChange.key == target.key)
    _put(UntoldChange, ["change_id"], made)
    tell_followers_of("status", db.select(Idea.id).where(moving, stands()))
    there = None if target.begins else target.id
    db.session.execute(
        db.update(Idea).where(moving).values(status_id=there).execution_options(synchronize_session=False)
    )
    for idea in db.session.identity_map.values():
        if isinstance(idea, Idea):
            db.session.expire(idea, ["status_id", "status", "status_changes"])
    tell_turned(turned, closes(status), closes(target))
    wake("statuses.tell")


def _standing_at(status: Status) -> Any:
    return db.and_(Idea.campaign_id == status.campaign_id, Idea.status_id == status.id)


def _put(model: Any, columns: list[str], rows: Any) -> None:
    db.session.execute(db.insert(model.__table__).from_select(columns, rows))


@job("statuses.tell")
def tell_untold() -> None:
    """Send what waits, each mail once: it leaves with the note that it was sent."""
    change = joinedload(UntoldChange.change)
    whole = change.joinedload(StatusChange.idea).options(joinedload(Idea.author), selectinload(Idea.coauthors))
    some = db.select(UntoldChange).order_by(UntoldChange.change_id).limit(AT_ONCE)
    while True:
        begin_writing()
        # Several workers share them.
        found = db.session.scalars(some.options(whole).with_for_update(skip_locked=True, of=UntoldChange)).all()
        if not found:
            db.session.rollback()
            return
        for untold in found:
            tell_authors(untold.change.idea, untold.change, untold.change.by)
            db.session.delete(untold)
        db.session.commit()
