"""Whether those who vote are listed by name: secret, which is usual, or named. From the first ballot on, a change is a new version.

What somebody was told when they voted holds for that vote for good: each keeps whether it was given by name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.live import announce

# By these methods a vote can stand under one idea with a name. A ballot of another says more than that, and stays secret.
BY_NAME = ("approval", "up_down")


@dataclass(frozen=True)
class Naming:
    """One of the two, in words: its name, and what it means for who votes."""

    name: Any
    about: Any


NAMINGS = {
    False: Naming(_l("Secret"), _l("Nobody reads who voted for what: no participant, and nobody of the brand either.")),
    True: Naming(
        _l("By name"),
        _l("Everybody reads who supports an idea: the name of each voter stands under it."),
    ),
}


class NamingVersion(db.Model):
    """Whether voters are listed, as it stood from one moment on. Written when a second version is made; until then there is one, unwritten."""

    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    number: Mapped[int]
    named: Mapped[bool]
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: from the beginning.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: what stood at the first ballot.
    by: Mapped[Person | None] = relationship()
    why: Mapped[str] = mapped_column(String(500), default="")

    @property
    def naming(self) -> Naming:
        return NAMINGS[self.named]


class WhyMissing(Refused):
    code, field, status = "why_missing", "why", 422
    message = _l("People have voted. Say why it changes for those who come now: everybody reads it.")


class NameUntold(Refused):
    """Somebody would be listed who was not told so."""

    code, status = "name_untold", 409
    message = _l(
        "In this campaign your name stands under the ideas that you support, and your page didn’t say so yet. Load it again, then decide."
    )


def naming_versions(campaign: Campaign) -> list[NamingVersion]:
    """Whether voters were listed, and are, the latest first. One query."""
    found = db.select(NamingVersion).where(NamingVersion.campaign_id == campaign.id)
    written = list(db.session.scalars(found.order_by(NamingVersion.number.desc())))
    return written or [NamingVersion(campaign_id=campaign.id, number=1, named=campaign.names_voters, why="")]


def has_ballots(campaign: Campaign) -> bool:
    """Whether somebody has voted, so that what voters were told stays."""
    return any(stage.first_ballot_at is not None for stage in campaign.stages)


def can_name(campaign: Campaign) -> bool:
    """Whether a stage is voted on in a way by which voters can be listed."""
    return any(stage.accepts_votes and stage.method in BY_NAME for stage in campaign.stages)


def choose_naming(campaign: Campaign, by: Person, named: bool, why: str = "") -> None:
    """List those who vote from now on, or don't. Chosen again, it changes nothing.

    Before the first ballot it is simply so. Afterwards it is a new version with its reason, and votes that were given keep what
    their voters were told. Raises WhyMissing. Does not commit.
    """
    lock(campaign)  # A vote that is being counted holds it, and is stored under what it was given by.
    for stage in campaign.stages:
        db.session.refresh(stage)
    if campaign.names_voters == named:
        return
    number = 1
    voted = has_ballots(campaign)
    if voted:
        if not why:
            raise WhyMissing
        latest = naming_versions(campaign)[0]
        number = latest.number + 1
        db.session.add(latest)  # The first is written down with the second.
        db.session.add(
            NamingVersion(campaign_id=campaign.id, number=number, named=named, at=now(), by_id=by.id, why=why)
        )
    before, campaign.names_voters = campaign.names_voters, named
    campaign.has_named_voters = named or (voted and campaign.has_named_voters)
    record("naming.chosen", campaign, by, why, named=[before, named], number=number)
    announce(campaign.board, "campaign.changed")


def _begin(campaign: Campaign, named: bool, by: Person) -> None:
    campaign.names_voters = campaign.has_named_voters = named


carry("naming", lambda campaign: campaign.names_voters, _begin)
