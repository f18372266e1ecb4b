"""Whom a campaign is for, where it is for the people whom it invites: who they are, and how a question about others asks for them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime, given, packed, prepared
from campaign.extensions import db


class Invitee(db.Model):
    """Somebody whom a campaign invites, by an address. Once they have come, their account is invited, whatever its address becomes.

    Deleting the row shuts them out again.
    """

    __table_args__ = (UniqueConstraint("campaign_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    email: Mapped[str] = mapped_column(String(254), index=True)  # As `tidy_email` writes it.
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_by: Mapped[Person] = relationship(foreign_keys=[invited_by_id])
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    token_hash: Mapped[str | None] = mapped_column(String(43), unique=True)  # Of the link in the mail.
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: the mail waits until others may see it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    came_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def invites(person_id: Any, email: Any) -> Any:
    """A condition on Invitee: it is this person whom it invites. Values, or columns of Person."""
    return db.or_(Invitee.person_id == person_id, db.and_(Invitee.person_id.is_(None), Invitee.email == email))


def is_invited(person: Asker, campaign: Campaign) -> bool:
    """Whether a published campaign for invited people is for this one. One query, or none where it is for others."""
    if not campaign.is_for_invited or not person.is_authenticated:
        return False
    theirs = db.select(Invitee.id).where(Invitee.campaign_id == campaign.id, invites(person.id, person.email))
    return db.session.scalar(theirs.limit(1)) is not None


def inviting(person_id: Any, email: Any) -> Any:
    """The same as a condition on Campaign."""
    theirs = db.select(Invitee.id).where(Invitee.campaign_id == Campaign.id, invites(person_id, email))
    return db.and_(Campaign.publication.has(), Campaign.visibility == "invited", theirs.exists())


def invited_to(campaign: Campaign) -> Any:
    """The same as a condition on Person."""
    if not campaign.is_for_invited:
        return db.false()
    theirs = db.select(Invitee.id).where(Invitee.campaign_id == campaign.id, invites(Person.id, Person.email))
    return theirs.exists()


def invited(campaigns: Iterable[Campaign], people: Collection[int]) -> set[tuple[int, int]]:
    """Of these people, those whom these campaigns invite, as (campaign, person). One query, and none where nobody is invited to anything."""
    theirs = [(campaign.id,) for campaign in campaigns if campaign.is_for_invited]
    if not theirs or not people:
        return set()
    asked = {"campaigns_rows": packed(theirs), "people_rows": packed((person,) for person in people)}
    return {(campaign, person) for campaign, person in db.session.connection().execute(_invited(), asked)}


@prepared
def _invited() -> Any:
    table, person = Invitee.__table__.c, Person.__table__.c
    campaigns, people = given("campaigns", campaign=Integer), given("people", person=Integer)
    here = table.campaign_id.in_(db.select(campaigns.c.campaign))
    come = db.select(table.campaign_id, table.person_id).where(here, table.person_id.in_(db.select(people.c.person)))
    awaited = (
        db.select(table.campaign_id, person.id)
        .join_from(Invitee.__table__, Person.__table__, person.email == table.email)
        .where(here, table.person_id.is_(None), person.id.in_(db.select(people.c.person)))
    )
    return come.union_all(awaited)
