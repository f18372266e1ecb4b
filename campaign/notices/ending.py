"""Ending mails at one press, from the mail itself and without an account: of one kind, of one campaign, or all (RFC 8058)."""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from campaign import settings
from campaign.accounts.links import LinkOver
from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.notices.kinds import BY_DIGEST, KINDS
from campaign.notices.wishes import choose, exceptions_of, wishes_of

DIGESTS = "digests"  # Instead of a kind: whatever comes together in one mail.


class Ending(NamedTuple):
    """Whose mails a link ends, and which: of a kind, or of a campaign where there is one."""

    person: Person
    kind: str
    campaign: Campaign | None


def ending_url(person: Person, kind: str, campaign: Campaign | None = None) -> str:
    """The address that ends mails like this one."""
    said = {"person": person.id, "kind": kind, **({"campaign": campaign.id} if campaign else {})}
    return f"{settings.current().address}/notices/ending/{_signer().dumps(said)}"


def read_ending(token: str) -> Ending:
    """What a link in a mail ends. Raises LinkOver."""
    try:
        said = _signer().loads(token)
        person, kind = db.session.get(Person, said["person"]), said["kind"]
        campaign = db.session.get(Campaign, said["campaign"]) if "campaign" in said else None
    except BadData:
        raise LinkOver from None
    if person is None or kind not in (*KINDS, DIGESTS):
        raise LinkOver
    return Ending(person, kind, campaign)


def end_mails(ending: Ending, what: str = "kind") -> None:
    """Send no more of these mails; notices stay in the page. `what`: kind, campaign or all. Asked twice, it is done once."""
    person, wished, excepted = ending.person, wishes_of(ending.person), exceptions_of(ending.person)
    if what == "campaign" and ending.campaign is not None:
        silent = excepted.get(ending.campaign.id) == "nothing"
        choose(person, {}, {ending.campaign.id: "nothing" if silent else "page"})
    elif what == "all" or ending.kind == DIGESTS:
        ended = tuple(BY_DIGEST) if what != "all" else ("at_once", *BY_DIGEST)
        choose(
            person,
            {kind: "page" for kind, how in wished.items() if how in ended},
            {campaign: "page" for campaign, how in excepted.items() if how in ended},
        )
    elif wished[ending.kind] != "nothing":
        # Where the campaign is told otherwise, that is what sent the mail.
        loud = ending.campaign is not None and excepted.get(ending.campaign.id) in ("at_once", *BY_DIGEST)
        choose(person, {ending.kind: "page"}, {ending.campaign.id: "page"} if loud and ending.campaign else {})


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="link.notices")
