"""What waits for a campaign's team, each with the page where it is done. The slices that keep these lists say how long they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db


@dataclass(frozen=True)
class Errand:
    """One list of something that waits."""

    key: str
    to: str  # What a role has to allow for somebody to be asked: see brands/access.py.
    name: Any
    page: str  # Where it is done, below the campaign's address.
    count: Callable[[Campaign, Person], Any]  # How many wait for this person, as an expression of SQL.
    place: int  # Among the others.
    urgent: bool = False
    only_some: bool = False  # It is not worth a line where nothing waits.


@dataclass(frozen=True)
class Owed:
    """How many wait on one of these lists for somebody."""

    errand: Errand
    number: int

    @property
    def urgent(self) -> bool:
        return self.errand.urgent and self.number > 0

    @property
    def worth_a_line(self) -> bool:
        return self.number > 0 or not self.errand.only_some


_errands: list[Errand] = []


def ask_of_team(*errands: Errand) -> None:
    """Have a slice say what waits in it for a campaign's team."""
    _errands.extend(errands)
    _errands.sort(key=lambda errand: errand.place)


def owed_by(person: Person, campaign: Campaign, rights: set[str]) -> list[Owed]:
    """What waits for this person, by what their roles allow on the campaign. One query, or none."""
    theirs = [errand for errand in _errands if errand.to in rights]
    if not theirs:
        return []
    row = db.session.execute(db.select(*(errand.count(campaign, person) for errand in theirs))).one()
    return [Owed(errand, number or 0) for errand, number in zip(theirs, row, strict=True)]
