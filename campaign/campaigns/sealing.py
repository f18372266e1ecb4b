"""Sealed results: when people see how many votes there are, on every channel by the same question.

What the brand sees, participants may see; so what is sealed is sealed for the team as well.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin, current_user
from jinja2 import pass_context
from jinja2.runtime import Context

if TYPE_CHECKING:
    from campaign.brands.access import Asker
    from campaign.campaigns.models import Campaign

# What a stage may say about its counts.
SHOWN = {
    "always": _l("always"),
    "voted": _l("to those who have voted"),
    "ended": _l("when the stage ends"),
}
NOBODY = AnonymousUserMixin()

# Who of these people has voted in these campaigns (None: in any), as (campaign, person).
Voters = Callable[[Collection[int] | None, Collection[int]], set[tuple[int, int]]]
_voters: list[Voters] = []


def find_voters_with(find: Voters) -> None:
    """Have the slice of votes say who has voted. Each way of voting may add its own."""
    _voters.append(find)


def who_voted(campaigns: Collection[int] | None, people: Collection[int]) -> set[tuple[int, int]]:
    """Of these people, who has ever voted in these campaigns (None: in any), as (campaign, person).

    A vote that was taken back counts: who has seen the totals has seen them.
    """
    return set().union(*(find(campaigns, people) for find in _voters)) if people else set()


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
        return bool(person.is_authenticated and who_voted([campaign.id], [person.id]))
    return seal == "always"


def shown_to_reader(campaign: "Campaign") -> bool:
    """The same for who asks for a page, as often as it lists campaigns: one query for all of them."""
    seal = seal_on(campaign)
    if seal != "voted" or not current_user.is_authenticated:
        return seal == "always"
    voted: dict[int, set[int]] = g.setdefault("voted_in", {})
    if current_user.id not in voted:
        voted[current_user.id] = {campaign_id for campaign_id, _person in who_voted(None, [current_user.id])}
    return campaign.id in voted[current_user.id]


@pass_context
def counts_seen(context: Context, campaign: Any) -> bool:
    """The same in templates. What is made for many, or was asked before, says `counts_told`."""
    told = context.get("counts_told")
    return shown_to_reader(campaign) if told is None else bool(told)
