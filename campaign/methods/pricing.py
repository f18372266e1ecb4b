"""What ideas cost, as the team says it before people vote on a budget."""

import re
from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign, Stage
from campaign.database import lock
from campaign.errors import Refused
from campaign.extensions import db
from campaign.forms import Form
from campaign.history import record
from campaign.ideas.models import Idea

MOST = Decimal(1_000_000_000)


class PricesFrozen(Refused):
    code, message = (
        "prices_frozen",
        _l(
            "Somebody has voted on the budget. Since then prices stay as they are: they would change what people chose."
        ),
    )


class PriceForm(Form):
    """A price for each idea of a page: a field by idea, empty where there is none."""

    def __init__(self, given: Mapping[str, str], ideas: list[Idea]) -> None:
        super().__init__()
        self.typed = {idea.id: given[f"idea-{idea.id}"].strip() for idea in ideas if f"idea-{idea.id}" in given}
        self.refused: dict[int, str] = {}
        self._kept = {idea.id: idea.cost for idea in ideas}

    def value(self, idea: int) -> str:
        """What the field of an idea shows."""
        cost = self._kept.get(idea)
        return self.typed.get(idea, "" if cost is None else f"{cost:f}".removesuffix(".00"))

    def prices(self) -> dict[int, Decimal | None]:
        """The prices as typed, with a sentence beside each that is none."""
        prices: dict[int, Decimal | None] = {}
        for idea, text in self.typed.items():
            plain = re.sub(r"[\s\u00a0\u202f]", "", text[:40]).replace(",", ".")
            if not plain:
                prices[idea] = None
            elif re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", plain) and Decimal(plain) <= MOST:
                prices[idea] = Decimal(plain)
            else:
                self.refused[idea] = _("A sum in euros, such as 1200 or 12.50.")
        return prices


def price_ideas(campaign: Campaign, by: Person, prices: Mapping[int, Decimal | None]) -> None:
    """Say what these ideas of the campaign cost; None: it isn't known. Raises PricesFrozen once a budget was voted on."""
    lock(campaign)
    budgets = db.select(Stage.id).where(
        Stage.campaign_id == campaign.id, Stage.method == "budget", Stage.first_ballot_at.is_not(None)
    )
    frozen = db.session.scalar(budgets.limit(1)) is not None
    for idea in db.session.scalars(db.select(Idea).where(Idea.campaign_id == campaign.id, Idea.id.in_(prices))):
        if idea.cost == prices[idea.id]:
            continue
        if frozen:
            raise PricesFrozen
        before, idea.cost = idea.cost, prices[idea.id]
        record("idea.priced", idea, by, prices=[None if cost is None else str(cost) for cost in (before, idea.cost)])
