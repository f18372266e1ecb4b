"""The rules of a campaign, in numbered versions: what somebody accepts with their first contribution, and when they did.

A version that others have seen is never changed. What comes after a new one comes under it; what came before stays under its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.campaigns.countries import name_country
from campaign.campaigns.licences import LICENCES, Licence
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.errors import NotThere
from campaign.extensions import db
from campaign.languages import language


@dataclass(frozen=True)
class Contract:
    """Between a brand and whoever takes part: its name, and what it means in a sentence."""

    name: Any
    sentence: Any


CONTRACTS = {
    "cooperation": Contract(
        _l("Cooperation"),
        _l("You share what you like under the licence below. Nobody tells you what to do, and nobody owes anything."),
    ),
    "collaboration": Contract(
        _l("Collaboration"),
        _l(
            "You work to an agreed scope, by agreed dates and for an agreed price, which both sides accept before work starts."
        ),
    ),
}
AGREED = ("scope", "milestones", "deliverables", "price")  # What a collaboration agrees on.
TOLD = ("criteria", "prizes", "refusal", "rules")  # What any campaign can tell.
WORDS = (*TOLD, *AGREED)


@dataclass(frozen=True)
class Terms:
    """What a campaign's rules say."""

    contract: str = "cooperation"
    age_min: int | None = None
    countries: tuple[str, ...] = ()  # By their codes. None: everybody can take part.
    chosen: int | None = None  # So many of `out_of` were chosen in earlier campaigns.
    out_of: int | None = None
    concern_remarks: bool = False  # Or else ideas only.
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # {language: {one of WORDS: text}}, none empty.

    @property
    def say_nothing(self) -> bool:
        return self == Terms(concern_remarks=self.concern_remarks)


class Rules(db.Model):
    """One version of a campaign's rules. While the campaign is a draft there is one at most, and it follows the draft."""

    __table_args__ = (
        CheckConstraint(f"contract IN {tuple(CONTRACTS)}", name="contract"),
        CheckConstraint(f"licence IN {tuple(LICENCES)}", name="licence"),
        UniqueConstraint("campaign_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    campaign: Mapped[Campaign] = relationship()
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person] = relationship()
    licence: Mapped[str] = mapped_column(String(8))
    contract: Mapped[str] = mapped_column(String(16))
    age_min: Mapped[int | None]
    countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    chosen: Mapped[int | None]
    out_of: Mapped[int | None]
    concern_remarks: Mapped[bool] = mapped_column(default=False)
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)

    @property
    def url(self) -> str:
        return f"{self.campaign.url}/rules/{self.number}"

    @property
    def terms(self) -> Terms:
        return Terms(
            self.contract,
            self.age_min,
            tuple(self.countries),
            self.chosen,
            self.out_of,
            self.concern_remarks,
            self.texts,
        )

    def say(self, terms: Terms) -> None:
        self.contract, self.age_min, self.countries = terms.contract, terms.age_min, list(terms.countries)
        self.chosen, self.out_of, self.concern_remarks = terms.chosen, terms.out_of, terms.concern_remarks
        self.texts = terms.texts

    @property
    def agreed(self) -> Contract:
        return CONTRACTS[self.contract]

    @property
    def under(self) -> Licence:
        return LICENCES[self.licence]

    @property
    def country_names(self) -> list[str]:
        return sorted(map(name_country, self.countries))

    @property
    def words(self) -> dict[str, tuple[str, str]]:
        """Each text that there is, with its language: the reader's, or another in which it was written."""
        found = {}
        for kind in WORDS:
            for code in (language(), *self.texts):
                if text := self.texts.get(code, {}).get(kind):
                    found[kind] = code, text
                    break
        return found


class RulesAcceptance(db.Model):
    """A person accepted a version of the rules, and declared that they meet its conditions. Their age itself is not kept."""

    __tablename__ = "rules_acceptance"

    rules_id: Mapped[int] = mapped_column(ForeignKey("rules.id", ondelete="CASCADE"), primary_key=True)
    rules: Mapped[Rules] = relationship()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    of_age: Mapped[bool] = mapped_column(default=False)
    from_country: Mapped[bool] = mapped_column(default=False)


def latest_rules(campaign: Campaign) -> Rules | None:
    """The last version, even one that takes all rules back. One query."""
    return db.session.scalar(_versions(campaign).limit(1))


def standing_rules(campaign: Campaign) -> Rules | None:
    """The version that binds whoever contributes now. One query."""
    latest = latest_rules(campaign)
    return None if latest is None or latest.terms.say_nothing else latest


def versions_of(campaign: Campaign) -> list[Rules]:
    """Every version, the latest first."""
    return list(db.session.scalars(_versions(campaign)))


def rules_numbered(versions: Iterable[Rules], number: int) -> Rules:
    """The version of this number. Raises NotThere."""
    for rules in versions:
        if rules.number == number:
            return rules
    raise NotThere


def acceptances_of(campaign: Campaign, person: Any) -> dict[int, RulesAcceptance]:
    """Which versions this person accepted, by their numbers. One query."""
    if not person.is_authenticated:
        return {}
    found = (
        db.select(Rules.number, RulesAcceptance)
        .join(Rules, Rules.id == RulesAcceptance.rules_id)
        .where(Rules.campaign_id == campaign.id, RulesAcceptance.person_id == person.id)
    )
    return {row.number: row.RulesAcceptance for row in db.session.execute(found)}


def has_accepted(rules: Rules, person: Person) -> bool:
    """Whether this person accepted this very version. One query."""
    return db.session.get(RulesAcceptance, (rules.id, person.id)) is not None


def _versions(campaign: Campaign) -> Any:
    return db.select(Rules).where(Rules.campaign_id == campaign.id).order_by(Rules.number.desc())
