"""The voters of a file: accounts without a password, and a token for each one's socket."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import insert

from campaign.accounts.access import digest
from campaign.accounts.models import ApiToken, Person
from campaign.campaigns.models import Campaign
from campaign.exchange.addresses import host, made_up
from campaign.extensions import db

_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,40}")


@contextmanager
def voters(campaign: Campaign, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """An account for each voter of the file, made or found again, and a token that lasts as long as the block."""
    addresses = {name: _address(campaign.slug, name) for name in names}
    ids = _ids_of(campaign.slug)
    new = [
        {"email": address, "name": f"Voter {name}"[:60], "language": campaign.languages[0]}
        for name, address in addresses.items()
        if address not in ids
    ]
    if new:
        db.session.execute(insert(Person), new)
        ids = _ids_of(campaign.slug)
    purpose = f"replay {campaign.slug}"[:60]
    tokens = {name: secrets.token_urlsafe(32) for name in names}
    rows = [
        {"person_id": ids[addresses[name]], "token_hash": digest(token), "purpose": purpose}
        for name, token in tokens.items()
    ]
    if rows:
        db.session.execute(insert(ApiToken), rows)
    db.session.commit()
    try:
        yield tokens
    finally:
        db.session.rollback()
        # Also what an earlier run left when it was killed.
        mine = db.select(Person.id).where(Person.email.endswith(host_of(campaign.slug), autoescape=True))
        db.session.execute(
            db.delete(ApiToken).where(ApiToken.purpose == purpose, ApiToken.person_id.in_(mine)),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()


def host_of(slug: str) -> str:
    """Where the voters of a campaign have their addresses."""
    return host(slug, "replay")


def _address(slug: str, voter: str) -> str:
    plain = voter if _PLAIN.fullmatch(voter) else hashlib.sha256(voter.encode()).hexdigest()[:32]
    return made_up(f"voter-{plain}", slug, "replay")


def _ids_of(slug: str) -> dict[str, int]:
    rows = db.session.execute(
        db.select(Person.email, Person.id).where(Person.email.endswith(host_of(slug), autoescape=True))
    )
    return {row.email: row.id for row in rows}
