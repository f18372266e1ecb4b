"""A brand's campaigns, asked of the slice that knows them: brands come first, and import nothing of campaigns."""

from collections.abc import Callable
from typing import Any

from campaign.brands.access import Asker
from campaign.brands.models import Brand

Tell = Callable[[Brand, Asker], list[Any]]

_tellers: list[Tell] = []


def tell_with(tell: Tell) -> Tell:
    """Whom to ask from now on: gives the campaigns of a brand that a person may find, the newest first."""
    _tellers[:] = [tell]
    return tell


def campaigns_of(brand: Brand, person: Asker) -> list[Any]:
    """The brand's campaigns that this person may find."""
    return [campaign for tell in _tellers for campaign in tell(brand, person)]
