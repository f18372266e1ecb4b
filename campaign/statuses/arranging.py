"""What a campaign's team does with its list of statuses: add, change, move, take away; and how many supporters qualify an idea."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.database import lock
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.history import record
from campaign.ideas.filtering import QUALIFIED
from campaign.live import announce
from campaign.statuses.actions import BallotRunning, StatusReasonMissing, check_ballots
from campaign.statuses.closing import closes, tell_turned
from campaign.statuses.kinds import FREEZES, READY
from campaign.statuses.lists import own_list
from campaign.statuses.models import Status
from campaign.statuses.moving_all import hold_ideas_at, ideas_at, ids_at, move_all
from campaign.text import slugify

MOST = 20  # Statuses of one campaign: more is a list that nobody reads.
RESERVED = frozenset({"new-status", "qualifying", QUALIFIED})


class StatusInUse(Refused):
    code, field = "status_in_use", "to"
    message = _l("Ideas stand at this status. Say to which they move, and it can go.")


class IdeasBeginHere(Refused):
    code, message = (
        "ideas_begin_here",
        _l("Ideas begin here, so it stays first, stays open, and freezes nothing. You can call it otherwise."),
    )


class TooManyStatuses(Refused):
    code, message = "too_many_statuses", _l("A campaign has 20 statuses at most: people should know them.")


class StatusNamed(Refused):
    code, message = "status_named", _l("Another status of this campaign has this name.")


@dataclass(frozen=True)
class WantedStatus:
    """A status as it should be."""

    names: dict[str, str]
    kind: str
    colour: str
    leads_to: frozenset[str] = frozenset()
    freezes: frozenset[str] = frozenset()


def add_status(campaign: Campaign, by: Person, wanted: WantedStatus) -> Status:
    """Put a status at the end of the list. Sent again, it is the one that stands there; in other words with its name, it is refused."""
    statuses = own_list(campaign)
    if there := next((status for status in statuses if _says(status, wanted, statuses)), None):
        return there
    if len(statuses) >= MOST:
        raise TooManyStatuses
    status = Status(campaign_id=campaign.id, key=_free_key(statuses, wanted), position=len(statuses))
    _write(status, wanted, statuses)
    db.session.add(status)
    _note(campaign, by, [None, _named(status)])
    return status


def change_status(campaign: Campaign, by: Person, key: str, wanted: WantedStatus) -> None:
    """Make a status as `wanted` says. What ideas have been through keeps the name that it had."""
    hold_ideas_at(campaign, key)  # Before their campaign, as at the ballot box: votes may come back.
    statuses = own_list(campaign)
    status = _of(statuses, key)
    if status.begins and (wanted.freezes or wanted.kind != "open"):
        raise IdeasBeginHere
    frozen_before, closed_before, before = status.freezes_votes, closes(status), _named(status)
    told = _told(status)
    _write(status, wanted, [other for other in statuses if other is not status])
    if status.freezes_votes != frozen_before and campaign.accepts_ballots and ideas_at(status):
        raise BallotRunning(
            _l(
                "People are filling in ballots on which its ideas may stand. Freeze or free votes when the stage is over."
            )
        )
    if closes(status) != closed_before:
        tell_turned(ids_at(status), closed_before, closes(status))
    if told != _told(status):
        _note(campaign, by, [before, _named(status)])


def move_status(campaign: Campaign, by: Person, key: str, place: int) -> None:
    """Move a status to this place of the list, counted from 0. The first stays first; moved there again, nothing happens."""
    statuses = own_list(campaign)
    status = _of(statuses, key)
    if status.begins or not 0 < place < len(statuses) or status.position == place:
        return
    statuses.remove(status)
    statuses.insert(place, status)
    _number(statuses)
    _note(campaign, by)


def remove_status(campaign: Campaign, by: Person, key: str, to: str | None = None, reason: str = "") -> int:
    """Take a status off the list; its ideas move to the one called `to`, and their authors are told why. Gives how many moved.

    Taken away again, nothing happens. What they have been through stays in their history. Raises StatusInUse where ideas stand there
    and nothing is said of them, StatusReasonMissing, and BallotRunning.
    """
    # Ideas before their campaign, in the order of their numbers, as at the ballot box.
    held = hold_ideas_at(campaign, key)
    statuses = own_list(campaign)
    status = next((status for status in statuses if status.key == key), None)
    if status is None:
        return 0
    if status.begins:
        raise IdeasBeginHere
    told: dict[str, Any] = {}
    moving = ideas_at(status)
    if moving:
        target = next((other for other in statuses if other.key == to and other is not status), None)
        if target is None or moving > held:
            raise StatusInUse
        if not reason:
            raise StatusReasonMissing
        check_ballots(campaign, status, target, field="to")
        move_all(status, target, by, reason)
        told = {"to": _named(target), "ideas": moving}
    _note(campaign, by, [_named(status), None], reason if moving else "", **told)
    db.session.delete(status)
    rest = [other for other in statuses if other is not status]
    _number(rest)
    for other in rest:
        other.leads_to = [next_key for next_key in other.leads_to if next_key != key]
    return moving


def choose_number(campaign: Campaign, by: Person, number: int | None) -> None:
    """Say with how many supporters an idea qualifies for review; None: no number does.

    It binds what comes after: a mark that was given stays, and votes that come from now on are held against the new number.
    """
    lock(campaign)
    before = campaign.qualifies_at
    if before == number:
        return
    campaign.qualifies_at = number
    record("statuses.number_chosen", campaign, by, number=[before, number])
    if not campaign.is_draft:
        announce(campaign.board, "campaign.changed")


def _of(statuses: list[Status], key: str) -> Status:
    status = next((status for status in statuses if status.key == key), None)
    if status is None:
        raise NotThere
    return status


def _number(statuses: list[Status]) -> None:
    for place, status in enumerate(statuses):
        status.position = place


def _says(status: Status, wanted: WantedStatus, statuses: list[Status]) -> bool:
    names = status.names == wanted.names and (status.kind, status.colour) == (wanted.kind, wanted.colour)
    leads_to = {key for key in wanted.leads_to if any(key == other.key for other in statuses)}
    switches = {switch for switch in FREEZES if getattr(status, switch)}
    return names and set(status.leads_to) == leads_to and switches == wanted.freezes


def _write(status: Status, wanted: WantedStatus, others: list[Status]) -> None:
    for code, name in wanted.names.items():
        if any(other.named.in_language(code).casefold() == name.casefold() for other in others):
            raise StatusNamed(field=f"name_{code}")
    status.names = dict(wanted.names)
    status.kind, status.colour = wanted.kind, wanted.colour
    status.leads_to = [other.key for other in others if other.key in wanted.leads_to]
    for switch in FREEZES:
        setattr(status, switch, switch in wanted.freezes)


def _free_key(statuses: list[Status], wanted: WantedStatus) -> str:
    base = slugify(next(iter(wanted.names.values())))[:30].strip("-") or "status"
    taken = {status.key for status in statuses} | RESERVED | READY.keys()
    keys = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(key for key in keys if key not in taken)


def _named(status: Status) -> dict[str, object]:
    return {"key": status.key, "names": dict(status.names)}


def _told(status: Status) -> tuple[object, ...]:
    switches = tuple(getattr(status, switch) for switch in FREEZES)
    return dict(status.names), status.kind, status.colour, list(status.leads_to), switches


def _note(
    campaign: Campaign, by: Person, status: list[dict[str, object] | None] | None = None, why: str = "", **more: Any
) -> None:
    told: dict[str, Any] = {"status": status} if status else {}
    record("statuses.changed", campaign, by, why, **told, **more)
    if not campaign.is_draft:
        announce(campaign.board, "campaign.changed")
