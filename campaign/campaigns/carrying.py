"""What other slices keep of a campaign, so that copies and plans of it begin with that too."""

from collections.abc import Callable, Mapping
from typing import Any

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign

_told: dict[str, Callable[[Campaign], Any]] = {}
_begun: dict[str, Callable[[Campaign, Any, Person], None]] = {}


def carry(name: str, tell: Callable[[Campaign], Any], begin: Callable[[Campaign, Any, Person], None]) -> None:
    """Have copies and plans keep something of a campaign: `tell` says it as JSON, `begin` gives it to a draft that was just made by somebody."""
    _told[name], _begun[name] = tell, begin


def carried_by(campaign: Campaign) -> dict[str, Any]:
    """All that other slices tell of the campaign."""
    return {name: tell(campaign) for name, tell in _told.items()}


def begin_with(campaign: Campaign, by: Person, told: Mapping[str, Any]) -> None:
    """Let a draft begin with what a plan, or another campaign, tells for other slices."""
    for name, begin in _begun.items():
        if name in told:
            begin(campaign, told[name], by)
