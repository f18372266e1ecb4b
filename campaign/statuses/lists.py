"""A campaign's list of statuses. Its rows are written when they are first needed: until then it is the ready-made list."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Text

from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.extensions import db
from campaign.ideas.filtering import QUALIFIED
from campaign.ideas.models import Idea
from campaign.ideas.totals import FIRST, counted_tags, of_board, withdrawn_from
from campaign.statuses.kinds import FREEZES, QUALIFIED_NAME, READY
from campaign.statuses.models import Named, Status


class Stand(NamedTuple):
    """Where ideas of a board stand: by it, the board can be filtered. In no language, so that a board keeps it for all."""

    key: str
    names: dict[str, str]
    colour: str
    position: int
    ideas: int

    @property
    def name(self) -> str:
        return str(QUALIFIED_NAME if self.key == QUALIFIED else Named(self.key, self.names))


def statuses_of(campaign: Campaign) -> list[Status]:
    """The campaign's list in its order: its rows, or the ready-made ones, which are in no session. One query."""
    return _rows(campaign) or _ready(campaign)


def hold_list(campaign: Campaign) -> list[Status]:
    """The list as rows, which stays as it is until the commit. Ideas are held before it, as everywhere."""
    if not _rows(campaign):
        return own_list(campaign)
    # As at the ballot box: whoever changes the list, the stages or the closing waits for our commit, or we for theirs.
    db.session.execute(db.select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(read=True))
    db.session.refresh(campaign)
    return _rows(campaign)


def own_list(campaign: Campaign) -> list[Status]:
    """The list as rows, for who changes it: nobody else does, nor gives an idea a status, until the commit."""
    lock(campaign)
    if rows := _rows(campaign):
        return rows
    statuses = _ready(campaign)
    db.session.add_all(statuses)
    db.session.flush()
    return statuses


def status_counts(campaign: Campaign) -> dict[int | None, int]:
    """How many ideas stand at each status, by its id (None: where they begin), withdrawn ones included. One query."""
    counted = db.select(Idea.status_id, db.func.count()).where(Idea.campaign_id == campaign.id)
    return dict(db.session.execute(counted.group_by(Idea.status_id)).all())


def tags_and_stands(campaign: Campaign) -> tuple[list[Any], list[Stand]]:
    """The campaign's tags as `tags_in_use` gives them, and the statuses at which ideas of the board stand, those that wait for a
    review first. One query for both, which reads along indexes alone.
    """
    none = db.null()
    others = (
        db.cast(none, Text).label("names"),
        db.cast(none, Text),
        db.cast(none, Integer),
        db.literal(True).label("tag"),
    )
    both = counted_tags(campaign).add_columns(*others).union_all(_counted_stands(campaign))
    found = db.session.execute(both.order_by(db.desc("count"), "name")).all()
    stood = (_stand(*row[:-1]) for row in found if not row.tag)
    return [row for row in found if row.tag], sorted(stood, key=lambda stand: stand.position)


def _counted_stands(campaign: Campaign) -> Select[Any]:
    """A statement with a row for each status, as (key, none, ideas, names, colour, place, no tag); without a key, of those that qualified."""
    count = db.func.count().label("count")
    somewhere = db.or_(Idea.status_id > 0, Idea.qualified_at > FIRST)
    there = db.select(Idea.status_id, count).where(somewhere).group_by(Idea.status_id)
    every, gone = there.where(*of_board(campaign)).subquery(), there.where(*withdrawn_from(campaign)).subquery()
    left = every.c.count - db.func.coalesce(gone.c.count, 0)
    return (
        db.select(Status.key, db.null(), left, db.cast(Status.names, Text), Status.colour, Status.position)
        .add_columns(db.literal(False))
        .select_from(every)
        .outerjoin(gone, gone.c.status_id.is_not_distinct_from(every.c.status_id))
        .outerjoin(Status, Status.id == every.c.status_id)
        .where(left > 0)
    )


def _stand(key: str | None, _name: None, ideas: int, names: str | None, colour: str, position: int) -> Stand:
    if key is None:
        return Stand(QUALIFIED, {}, "purple", 0, ideas)
    return Stand(key, json.loads(names or "{}"), colour, position, ideas)


def told_list(campaign: Campaign) -> dict[str, Any]:
    """The list as a plan keeps it, or a copy begins with it. Without statuses while it is the ready-made one."""
    statuses = [
        {
            "key": status.key,
            "kind": status.kind,
            "colour": status.colour,
            "names": dict(status.names),
            "leads_to": list(status.leads_to),
            **{switch: getattr(status, switch) for switch in FREEZES},
        }
        for status in _rows(campaign)
    ]
    return {"list": statuses, "qualifies_at": campaign.qualifies_at}


def write_list(campaign: Campaign, told: dict[str, Any]) -> None:
    """Begin with a list that was told. A campaign that has one keeps it."""
    if _rows(campaign):
        return
    db.session.add_all(Status(campaign_id=campaign.id, position=place, **one) for place, one in enumerate(told["list"]))
    if campaign.qualifies_at is None:
        campaign.qualifies_at = told["qualifies_at"]


carry("statuses", told_list, lambda campaign, told, by: write_list(campaign, told))


def _rows(campaign: Campaign) -> list[Status]:
    found = db.select(Status).where(Status.campaign_id == campaign.id).order_by(Status.position)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _ready(campaign: Campaign) -> list[Status]:
    return [
        Status(
            campaign_id=campaign.id,
            key=key,
            position=place,
            kind=ready.kind,
            colour=ready.colour,
            names={},
            leads_to=list(ready.leads_to),
            **{switch: switch in ready.freezes for switch in FREEZES},
        )
        for place, (key, ready) in enumerate(READY.items())
    ]
