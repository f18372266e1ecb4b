"""What is asked of whom, and who still lacks what. Of many voters at once, in a fixed number of questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, String

from campaign.brands.access import Asker
from campaign.campaigns.models import Campaign
from campaign.database import given, packed, prepared
from campaign.errors import Refused
from campaign.extensions import db
from campaign.verifications.kinds import ACTS
from campaign.verifications.models import Listed, VerificationVersion, Verified, VerifiedPhone, kinds_of


class VerificationNeeded(Refused):
    """What a campaign asks before this act was not shown yet. The page that asks for it leads back."""

    code = "verification_needed"

    def __init__(self, slug: str, act: str, back: str = "", goes_there: bool = False) -> None:
        super().__init__(ACTS[act].needed)
        page = page_of(slug, act, back)
        self.leads_to = page, _l("Verify it now")
        self.goes_on = page if goes_there else None


def page_of(slug: str, act: str, back: str = "") -> str:
    """Where somebody shows what is asked before an act."""
    return f"/campaigns/{slug}/before/{act}" + (f"?next={quote(back, safe='/')}" if back else "")


@dataclass(frozen=True)
class Ask:
    """What is asked before one act, in the order in which people meet it."""

    kinds: tuple[str, ...] = ()
    age: int | None = None


NOTHING = Ask()


def asked_before(campaign: Campaign, act: str) -> Ask:
    """What this campaign asks before this act. No query."""
    asked = campaign.asks_first.get(act, {})
    return Ask(tuple(kinds_of(asked)), asked.get("age"))


def missing(campaign: Campaign, person: Asker, ask: Ask) -> list[str]:
    """What of it this person has still to show. One query, where anything is asked."""
    if not ask.kinds or not person.is_authenticated:
        return list(ask.kinds)
    shown = _shown([campaign.id], [person.id])
    return [kind for kind in ask.kinds if not _holds(shown.get((campaign.id, person.id), {}), kind, ask.age)]


def check_verified(campaign: Campaign, person: Asker, act: str, back: str = "", goes_there: bool = False) -> None:
    """Raise VerificationNeeded where this person has still to show something before this act."""
    if missing(campaign, person, asked_before(campaign, act)):
        raise VerificationNeeded(campaign.slug, act, back, goes_there)


def unverified_voters(campaigns: Collection[Campaign], voters: Collection[int]) -> set[tuple[int, int]]:
    """Of these voters, who has still to show something before they vote, as (campaign, voter). One query, and none where nothing is asked."""
    asks = {campaign.id: ask for campaign in campaigns if (ask := asked_before(campaign, "vote")).kinds}
    if not asks or not voters:
        return set()
    shown = _shown(asks, voters)
    return {
        (campaign, voter)
        for campaign, ask in asks.items()
        for voter in voters
        if not all(_holds(shown.get((campaign, voter), {}), kind, ask.age) for kind in ask.kinds)
    }


def latest_version(campaign: Campaign) -> VerificationVersion | None:
    """The version that stands, even one that asks nothing. One query."""
    return db.session.scalar(_versions(campaign).limit(1))


def versions_of(campaign: Campaign) -> list[VerificationVersion]:
    """Every version, the latest first."""
    return list(db.session.scalars(_versions(campaign)))


def binds_voters(campaign: Campaign) -> bool:
    """Whether people have voted in a stage that is not over: what votes ask may then become less, and not more."""
    return any(stage.first_ballot_at is not None and not stage.has_passed for stage in campaign.stages)


def list_size(campaign: Campaign) -> tuple[int, int]:
    """How many stand on the campaign's list, and how many of them an account has claimed."""
    counts = db.select(db.func.count(), db.func.count(Listed.person_id)).where(Listed.campaign_id == campaign.id)
    listed, claimed = db.session.execute(counts).one()
    return listed, claimed


def _versions(campaign: Campaign) -> Any:
    found = db.select(VerificationVersion).where(VerificationVersion.campaign_id == campaign.id)
    return found.order_by(VerificationVersion.number.desc())


def _holds(shown: Mapping[str, str], kind: str, age: int | None) -> bool:
    if kind not in shown:
        return False
    return kind != "age" or age is None or int(shown[kind] or 0) >= age


def _shown(campaigns: Collection[int], people: Collection[int]) -> dict[tuple[int, int], dict[str, str]]:
    """What these people have shown these campaigns: {(campaign, person): {kind: what is kept of it}}. A phone counts for all of them."""
    given_rows = {
        "campaigns_rows": packed((each,) for each in campaigns),
        "people_rows": packed((each,) for each in people),
    }
    shown: dict[tuple[int, int], dict[str, str]] = {}
    for campaign, person, kind, said in db.session.connection().execute(_showing(), given_rows):
        for each in campaigns if campaign is None else (campaign,):
            shown.setdefault((each, person), {})[kind] = said
    return shown


@prepared
def _showing() -> Any:
    table, phone = Verified.__table__.c, VerifiedPhone.__table__.c
    campaigns, people = given("campaigns", campaign=Integer), given("people", person=Integer)
    theirs = db.select(table.campaign_id, table.person_id, table.kind, table.said).where(
        table.campaign_id.in_(db.select(campaigns.c.campaign)), table.person_id.in_(db.select(people.c.person))
    )
    none, word = db.cast(db.null(), Integer), db.cast(db.literal("phone"), String)
    phones = db.select(none, phone.person_id, word, db.cast(db.literal(""), String))
    return theirs.union_all(phones.where(phone.person_id.in_(db.select(people.c.person))))
