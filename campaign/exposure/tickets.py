"""What a page gives the browser to report with: which ideas it showed, signed, and nothing about who looks.

Only what a page really showed can be reported, and each idea once for each page. A ticket names no person and no device, isn't kept, and
two pages of one reader have nothing in common.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from campaign.campaigns.models import Campaign
from campaign.errors import BadRequest
from campaign.ideas.models import Idea

LASTS = 2 * 3600  # Seconds. What is reported later was hardly looked at meanwhile.
REMEMBERED = 20_000  # Pages of which this process knows what they have reported.
IDEAS_MOST = 120  # That one ticket names: without scripts it is part of an address.
IN_A_MINUTE = 600  # Pages that one process counts each for itself. Of more, it counts one in n, as n.


class Ticket(NamedTuple):
    """A page that may report."""

    campaign: int
    page: str
    weight: int  # For how many pages it stands.
    ideas: list[int]


class Reports:
    """What the pages of this process' readers have reported already, and how many pages there were lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, set[int]] = OrderedDict()
        self._minute, self._pages, self._last = 0, 0, 0

    def fresh(self, page: str, ideas: Iterable[int]) -> set[int]:
        """Those that the page had not reported before."""
        known = self._known.setdefault(page, set())
        self._known.move_to_end(page)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        new = set(ideas) - known
        known |= new
        return new

    def sample(self) -> int:
        """For how many pages the next one stands; 0: it isn't counted, another one stands for it."""
        minute = int(time.time() // 60)
        if minute != self._minute:
            self._last, self._pages, self._minute = self._pages if minute == self._minute + 1 else 0, 0, minute
        self._pages += 1
        weight = 1 + max(self._last, self._pages) // IN_A_MINUTE
        return weight if secrets.randbelow(weight) == 0 else 0


def ticket_for(campaign: Campaign, ideas: Collection[Idea]) -> str | None:
    """The ticket of a page that shows these ideas; None where nothing is counted."""
    if not ideas or not campaign.accepts_votes:
        return None
    return give_ticket(campaign.id, [idea.id for idea in ideas][:IDEAS_MOST])


def give_ticket(campaign: int, ideas: list[int]) -> str | None:
    """A ticket to report these ideas with; None where another page stands for this one."""
    weight = reports().sample()
    if not weight:
        return None
    return str(_signer().dumps([campaign, secrets.token_urlsafe(6), weight, ideas]))


def ticket_from(text: str) -> Ticket:
    """The ticket, if it is one of ours and not too old. Raises BadRequest."""
    try:
        return Ticket(*_signer().loads(text, max_age=LASTS))
    except BadData:
        raise BadRequest from None


def reports() -> Reports:
    """Those of the application at work."""
    found: Reports = current_app.extensions.setdefault("exposure_reports", Reports())
    return found


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="exposure")
