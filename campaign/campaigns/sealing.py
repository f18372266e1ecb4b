"""Sealed results: when people see how many votes there are, on every channel by the same question.

What the brand sees, participants may see; so what is sealed is sealed for the team as well.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin, current_user
from jinja2 import pass_context
from jinja2.runtime import Context

from campaign.errors import Refused

if TYPE_CHECKING:
    from campaign.brands.access import Asker
    from campaign.campaigns.models import Campaign, Stage

# What a stage may say about its counts.
SHOWN = {
    "always": _l("always"),
    "voted": _l("to those who have voted"),
    "ended": _l("when the stage ends"),
}
NOBODY = AnonymousUserMixin()


class CountsWereShown(Refused):
    code, field, status = "counts_were_shown", "ends_at", 409
    message = _l(
        "Its counts were sealed, and everybody has seen them since it was over. A vote that went on now would not be the same: begin a new campaign."
    )


# When these people last voted in these campaigns (None: in any), by (campaign, person).
Voters = Callable[[Collection[int] | None, Collection[int]], dict[tuple[int, int], datetime]]
_voters: list[Voters] = []


def find_voters_with(find: Voters) -> None:
    """Have the slice of votes say who has voted."""
    _voters.append(find)


def who_voted(campaigns: Collection[int] | None, people: Collection[int]) -> dict[tuple[int, int], datetime]:
    """When these people last voted in these campaigns (None: in any), by (campaign, person); without those who never did.

    A vote that was taken back counts: who has seen the totals has seen them.
    """
    last: dict[tuple[int, int], datetime] = {}
    for find in _voters if people else ():
        for who, at in find(campaigns, people).items():
            last[who] = max(at, last.get(who, at))
    return last


def seal_on(campaign: "Campaign") -> str:
    """How the stage that people are in shows counts: always, voted, ended. What is over shows them."""
    present = campaign.present
    if present is None or campaign.is_closed or campaign.has_ended:
        return "always"
    return present.shows_counts


def counts_shown(campaign: "Campaign", person: "Asker") -> bool:
    """Whether this person may know now how many votes the campaign's ideas have, on any channel."""
    seal = seal_on(campaign)
    if seal == "voted":
        return bool(
            person.is_authenticated and _voted_in_stage(campaign, who_voted([campaign.id], [person.id]), person.id)
        )
    return seal == "always"


def shown_to_reader(campaign: "Campaign") -> bool:
    """The same for who asks for a page, as often as it lists campaigns: one query for all of them."""
    seal = seal_on(campaign)
    if seal != "voted" or not current_user.is_authenticated:
        return seal == "always"
    asked: dict[int, dict[tuple[int, int], datetime]] = g.setdefault("when_voted", {})
    if current_user.id not in asked:
        asked[current_user.id] = who_voted(None, [current_user.id])
    return _voted_in_stage(campaign, asked[current_user.id], current_user.id)


@pass_context
def counts_seen(context: Context, campaign: Any) -> bool:
    """The same in templates. What is made for many, or was asked before, says `counts_told`."""
    told = context.get("counts_told")
    return shown_to_reader(campaign) if told is None else bool(told)


def keep_seal(campaign: "Campaign") -> None:
    """Refuse to go on with a vote whose counts were sealed, and shown when it was over. Raises CountsWereShown."""
    if campaign.stage is not None:
        keep_seal_of(campaign.stage)


def keep_seal_of(goes_on: "Stage") -> None:
    """The same for one of its stages."""
    if goes_on.shows_counts != "always" and goes_on.first_ballot_at is not None:
        raise CountsWereShown


def _voted_in_stage(campaign: "Campaign", last: dict[tuple[int, int], datetime], person: int) -> bool:
    """Whether the person voted in the stage that people are in. A vote of an earlier stage opens nothing here."""
    present, at = campaign.present, last.get((campaign.id, person))
    return present is not None and at is not None and at >= present.opens_at
