"""What a team does: choose what is asked before which act, and keep a list of members. Each choice is a version of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.carrying import carry
from campaign.campaigns.models import Campaign
from campaign.campaigns.readiness import Lack, miss_with
from campaign.database import insert, lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.history import record
from campaign.live import announce
from campaign.verifications.access import binds_voters, latest_version, list_size
from campaign.verifications.hashing import hashed, tidy_member
from campaign.verifications.kinds import ACTS
from campaign.verifications.models import Listed, VerificationVersion, Verified, kinds_of

AT_ONCE = 1000
LIST_MOST = 200_000


@dataclass(frozen=True)
class Wish:
    """What a campaign is to ask: {act: kinds}, with the age, the postcodes, and why, for everybody to read."""

    asks: Mapping[str, list[str]] = field(default_factory=dict)
    age: int | None = None
    areas: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def kinds(self) -> set[str]:
        return {kind for kinds in self.asks.values() for kind in kinds}


class AgeMissing(Refused):
    code, field, message = "age_missing", "age", _l("Say from which age on.")


class AreasMissing(Refused):
    code, field, message = "areas_missing", "areas", _l("Say which postcodes, or what they begin with.")


class PurposeMissing(Refused):
    code, field, message = (
        "purpose_missing",
        "purpose",
        _l("Say why you ask: people read it before they give anything."),
    )


class ListEmpty(Refused):
    code, message = "list_empty", _l("The list is empty, so nobody could take part. Add people to it first, below.")


class WhyMissing(Refused):
    code, field = "reason_missing", "why"
    message = _l("People have voted, so a change is a new version with its reason. Say why.")


class VotersBound(Refused):
    code = "voters_bound"
    message = _l(
        "People have voted in this stage by what was asked of them. From then on votes can ask for less, and not for more or for something else."
    )


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    message = _l("A colleague changed what is asked since you opened this page. Look at it, then say it again.")


class ListInUse(Refused):
    code = "list_in_use"
    message = _l("The campaign asks for a place on this list. Ask for something else first, or nobody could take part.")


class ListTooLong(Refused):
    code, field, message = "list_too_long", "members", _l("That would be more people than a list holds.")


def ask_for(campaign: Campaign, by: Person, wish: Wish, why: str = "", read: int | None = None) -> bool:
    """Let the campaign ask this from now on, and answer whether that is new. Asked again, nothing more happens.

    `read`: the number of the version that they had before them. Once people have voted in the present stage, votes can ask for less
    only, and with a reason. Raises what the wish lacks, VotersBound and ChangedMeanwhile.
    """
    lock(campaign)  # Votes are counted before this, or by what it says.
    for stage in campaign.stages:
        db.session.refresh(stage)
    wish = _tidied(wish)
    latest = latest_version(campaign)
    before = _wish_of(latest)
    if wish == before:
        return False
    if read is not None and read != (latest.number if latest else 0):
        raise ChangedMeanwhile
    _check_whole(campaign, wish)
    if binds_voters(campaign):
        _check_leaves_voters(before, wish)
        if _of_votes(before) != _of_votes(wish) and not why:
            raise WhyMissing
    number = latest.number + 1 if latest else 1
    _write(campaign, by, number, wish, why)
    if wish.areas:
        _forget_areas(campaign, wish.areas)
    told: dict[str, Any] = {"number": number, "asks": dict(wish.asks), "age": wish.age, "areas": list(wish.areas)}
    record("verifications.changed", campaign, by, why, **told)
    announce(campaign.board, "campaign.changed")
    return True


def _write(campaign: Campaign, by: Person, number: int, wish: Wish, why: str = "") -> None:
    db.session.add(VerificationVersion(campaign_id=campaign.id, number=number, by=by, why=why, **_said(wish)))
    campaign.asks_first = {
        act: {kind: wish.age if kind == "age" else None for kind in kinds} for act, kinds in wish.asks.items()
    }


def _said(wish: Wish) -> dict[str, Any]:
    return {"asks": dict(wish.asks), "age": wish.age, "areas": list(wish.areas), "purpose": wish.purpose}


def add_to_list(campaign: Campaign, by: Person, members: Iterable[str]) -> int:
    """Put these addresses and member numbers on the campaign's list, as keyed hashes; gives how many are new."""
    lock(campaign)
    tidied = {tidy_member(member) for member in members} - {""}
    rows = [{"campaign_id": campaign.id, "hashed": hash_of(campaign.id, member)} for member in sorted(tidied)]
    before = list_size(campaign)[0]
    for start in range(0, len(rows), AT_ONCE):
        some = insert(Listed).values(rows[start : start + AT_ONCE])
        db.session.execute(some.on_conflict_do_nothing())
    added = list_size(campaign)[0] - before
    if before + added > LIST_MOST:
        raise ListTooLong  # Counted when they are there: most of a list that comes again is on it already.
    if added:
        record("verifications.listed", campaign, by, number=added)
    return added


def empty_list(campaign: Campaign, by: Person) -> None:
    """Take everybody off the list: an entry that comes on it again may be claimed by another account, so nobody stays verified by the old one.

    Raises ListInUse.
    """
    lock(campaign)
    if any("list" in kinds for kinds in campaign.asks_first.values()):
        raise ListInUse
    number = list_size(campaign)[0]
    if number:
        db.session.execute(db.delete(Listed).where(Listed.campaign_id == campaign.id))
        db.session.execute(db.delete(Verified).where(Verified.campaign_id == campaign.id, Verified.kind == "list"))
        record("verifications.list_emptied", campaign, by, number=number)


def hash_of(campaign_id: int, member: str) -> str:
    """How an address or a member number, tidied, stands on a campaign's list."""
    return hashed("listed", campaign_id, member)


def wish_now(campaign: Campaign) -> tuple[Wish, int]:
    """What the campaign asks now, and by which version; 0 where it never asked anything."""
    latest = latest_version(campaign)
    return _wish_of(latest), latest.number if latest else 0


def _wish_of(version: VerificationVersion | None) -> Wish:
    if version is None:
        return Wish()
    return Wish(dict(version.asks), version.age, tuple(version.areas), version.purpose)


def _tidied(wish: Wish) -> Wish:
    asks = {act: kinds for act in ACTS if (kinds := kinds_of(set(wish.asks.get(act, []))))}
    wanted = {kind for some in asks.values() for kind in some}
    return Wish(
        asks,
        wish.age if "age" in wanted else None,
        wish.areas if "postcode" in wanted else (),
        wish.purpose if wanted else "",
    )


def _check_whole(campaign: Campaign, wish: Wish) -> None:
    if "age" in wish.kinds and wish.age is None:
        raise AgeMissing
    if "postcode" in wish.kinds and not wish.areas:
        raise AreasMissing
    if "list" in wish.kinds and not list_size(campaign)[0]:
        raise ListEmpty
    if wish.kinds and not wish.purpose:
        raise PurposeMissing


def _forget_areas(campaign: Campaign, areas: tuple[str, ...]) -> None:
    """Who lives where it is not asked any more has shown nothing of what is asked now."""
    shown = Verified.campaign_id == campaign.id, Verified.kind == "postcode"
    said = db.session.scalars(db.select(Verified.said).where(*shown).distinct())
    outside = [area for area in said if not area.startswith(areas)]
    db.session.execute(db.delete(Verified).where(*shown, Verified.said.in_(outside)))


def _of_votes(wish: Wish) -> tuple[set[str], int | None, set[str]]:
    kinds = set(wish.asks.get("vote", []))
    return kinds, wish.age if "age" in kinds else None, set(wish.areas) if "postcode" in kinds else set()


def _check_leaves_voters(before: Wish, wish: Wish) -> None:
    (old, old_age, old_areas), (new, new_age, new_areas) = _of_votes(before), _of_votes(wish)
    if new - old:
        raise VotersBound
    if "age" in new and (new_age or 0) > (old_age or 0):
        raise VotersBound(field="age")
    if "postcode" in new and not old_areas <= new_areas:
        raise VotersBound(field="areas")


def _tell(campaign: Campaign) -> dict[str, Any]:
    return _said(wish_now(campaign)[0])


def _begin_with(campaign: Campaign, told: dict[str, Any], by: Person) -> None:
    """Ask what another campaign asks. Who was on its list is on no other: the draft wants a list of its own first."""
    if told["asks"] and latest_version(campaign) is None:
        _write(campaign, by, 1, Wish(told["asks"], told["age"], tuple(told["areas"]), told["purpose"]))


def _missing_list(campaign: Campaign) -> Iterator[Lack]:
    if any("list" in kinds for kinds in campaign.asks_first.values()) and not list_size(campaign)[0]:
        yield Lack("members", _("The list of those who can take part is empty."), "verifications/list")


carry("verifications", _tell, _begin_with)
miss_with(_missing_list)
