"""Who has something from the brand, or works for it: told beside each contribution, wherever that is read.

A member of the team is told as one from their membership, and stays told so for what they gave when they leave the team.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.models import Membership
from campaign.brands.roles import NAMES, RUNNING
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime, insert
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record

KINDS = {
    "staff": _l("Works for %(brand)s"),
    "sample": _l("Received a sample from %(brand)s"),
    "reward": _l("Rewarded by %(brand)s"),
}
GIVEN = ("sample", "reward")  # What can be declared; who works for the brand is known.


class WorksForBrand(Refused):
    code, field = "works_for_brand", "kind"
    message = _l("This person works for the brand, or did when they wrote here. That stays on what they gave.")


class Incentive(db.Model):
    """What somebody has from the brand in this campaign. It goes with each of their contributions."""

    __table_args__ = (CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(8))
    what: Mapped[str] = mapped_column(String(200), default="")  # What they received, in words.
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # Who declared it: a manager, or they themselves.
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


@dataclass(frozen=True)
class Label:
    """What stands beside a contribution."""

    kind: str
    brand: str
    what: str = ""
    role: str = ""  # Of who works for the brand, where the brand's own page names them with it.

    @property
    def words(self) -> str:
        return str(KINDS[self.kind]) % {"brand": self.brand}

    @property
    def in_full(self) -> str:
        """With what was received, where that is told."""
        return _("%(label)s: %(what)s", label=self.words, what=self.what) if self.what else self.words

    @property
    def with_role(self) -> str:
        """As a badge says it beside what they say: for whom they work, and as what."""
        return _("%(label)s · %(role)s", label=self.words, role=NAMES[self.role]) if self.role else self.words


def labels_of(campaign: Campaign, people: Collection[int]) -> dict[int, Label]:
    """The labels of those among these people who have one. One query, however many they are."""
    if not people:
        return {}
    working = db.select(Membership.id).where(
        Membership.person_id == Person.id,
        Membership.brand_id == campaign.brand_id,
        db.or_(Membership.campaign_id.is_(None), Membership.campaign_id == campaign.id),
    )
    works = working.exists().label("works")
    # Those who run it, as the brand's page says to everybody. Who evaluates or moderates it does not.
    runs = db.select(Membership.role).where(
        Membership.person_id == Person.id,
        Membership.brand_id == campaign.brand_id,
        Membership.campaign_id.is_(None),
        Membership.role.in_(RUNNING),
    )
    theirs = db.and_(Incentive.person_id == Person.id, Incentive.campaign_id == campaign.id)
    told = works, runs.scalar_subquery().label("role"), Incentive.kind, Incentive.what
    found = db.select(Person.id, *told).outerjoin(Incentive, theirs)
    brand = campaign.brand.name
    return {
        row.id: Label("staff", brand, role=row.role or "") if row.works else Label(row.kind, brand, row.what)
        for row in db.session.execute(found.where(Person.id.in_(people)))
        if row.works or row.kind
    }


def keep_staff(campaign: Campaign, person: Person) -> None:
    """Let what a member of the team gives stay told as theirs, when they are none any more."""
    label = labels_of(campaign, {person.id}).get(person.id)
    if label and label.kind == "staff":
        _write(campaign, person, "staff", "", person)


def declare_own(campaign: Campaign, person: Person, kind: str, what: str) -> None:
    """Say oneself what one has from the brand. What a manager declared stands."""
    if kind in GIVEN and person.id not in labels_of(campaign, {person.id}):
        _write(campaign, person, kind, what, person, over=False)


def declare_incentive(campaign: Campaign, person: Person, kind: str, what: str, by: Person) -> bool:
    """Say, for the brand, what somebody has from it: a kind of GIVEN, or nothing. Answers whether that is new.

    Raises WorksForBrand: that label is not a manager's to take off.
    """
    there: Any = db.session.get(Incentive, (campaign.id, person.id), with_for_update=True, populate_existing=True)
    label = labels_of(campaign, {person.id}).get(person.id)
    if label and label.kind == "staff":
        raise WorksForBrand
    before = (there.kind, there.what) if there else ("", "")
    if before == (kind, what):
        return False
    if kind in GIVEN:
        _write(campaign, person, kind, what, by)
    elif there:
        db.session.delete(there)
        db.session.flush()
    db.session.expire_all()
    record("incentive.declared", campaign, by, person=person.id, kind=kind, received=what)
    return True


def _write(campaign: Campaign, person: Person, kind: str, what: str, by: Person, over: bool = True) -> None:
    told = {"kind": kind, "what": what, "by_id": by.id, "at": now()}
    row = insert(Incentive).values(campaign_id=campaign.id, person_id=person.id, **told)
    key = ["campaign_id", "person_id"]
    db.session.execute(
        row.on_conflict_do_update(index_elements=key, set_=told) if over else row.on_conflict_do_nothing()
    )
