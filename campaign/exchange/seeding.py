"""`campaign bench seed`: a campaign, ideas and people with tokens, by the thousand, for a load generator to speak for."""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import TextIO

import click
from sqlalchemy import insert

from campaign.accounts.access import digest
from campaign.accounts.models import ApiToken, Person
from campaign.brands.actions import found_brand
from campaign.campaigns.actions import draft_campaign, publish_campaign
from campaign.campaigns.models import Campaign
from campaign.campaigns.plans import stages_until
from campaign.campaigns.setup import Setup, Words
from campaign.clock import now
from campaign.command import command, with_app
from campaign.extensions import db
from campaign.ideas.actions import make_idea, write_version
from campaign.ideas.models import Idea
from campaign.ideas.searching import index_ideas

AT_ONCE = 500  # Rows written together.
HOST = "bench.invalid"  # Nobody's, by RFC 2606, so no mail ever leaves for it.


@command.group()
def bench() -> None:
    """Rows for measurements. Never on an installation that people use."""


@bench.command()
@click.option("--campaign", "slug", required=True, help="Made anew where there is none of this address.")
@click.option("--participants", default=1000, show_default=True, type=click.IntRange(0))
@click.option("--ideas", default=200, show_default=True, type=click.IntRange(0))
@click.option("--tokens", type=click.File("w"), required=True, help="Gets a line of JSON for each: email and token.")
@with_app
def seed(slug: str, participants: int, ideas: int, tokens: TextIO) -> None:
    """Make so many people with tokens, and so many ideas on one campaign."""
    campaign = seed_campaign(slug, ideas)
    tokens.writelines(
        json.dumps({"email": email, "token": token}) + "\n" for email, token in seed_participants(participants)
    )
    click.echo(f"{campaign.url}: {participants} people, {ideas} ideas.")


def seed_campaign(slug: str, ideas: int) -> Campaign:
    """The campaign of this address, open for a month, with at least so many ideas. Commits."""
    campaign = db.session.scalar(db.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        owner = Person(email=f"owner-{secrets.token_hex(4)}@{HOST}", name="Owner", confirmed_at=now())
        db.session.add(owner)
        db.session.flush()
        until = now() + timedelta(days=30)
        words = {"en": Words("A board to measure", brief="Nothing to see.")}
        setup = Setup(words, stages_until(now(), until, until), slug=slug)
        campaign = draft_campaign(found_brand("Bench", f"bench-{secrets.token_hex(4)}", owner), owner, setup)
        publish_campaign(campaign, owner)
        db.session.commit()
    there = db.session.scalar(db.select(db.func.count()).select_from(Idea).where(Idea.campaign_id == campaign.id)) or 0
    author = campaign.publication.by if campaign.publication else None
    assert author is not None
    for numbers in _batches(range(there + 1, ideas + 1)):
        batch = [
            make_idea(campaign, author, f"Idea number {number} of this board", "Some words about it.", language="en")
            for number in numbers
        ]
        for idea in batch:
            idea.version, idea.tags = 1, []  # What a column's default, or a question each, would bring after the flush.
            write_version(idea, author)
        index_ideas(batch)
        db.session.commit()
    return campaign


def seed_participants(count: int) -> Iterator[tuple[str, str]]:
    """New people, each with a personal token: address and token of one after the other. Commits as it goes."""
    run = secrets.token_hex(4)
    for numbers in _batches(range(count)):
        made = [(f"{run}-{number}@{HOST}", secrets.token_urlsafe(24)) for number in numbers]
        people = [{"email": email, "name": f"Participant {email[:14]}", "confirmed_at": now()} for email, _ in made]
        ids = db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people).all()
        rows = [
            {"person_id": person, "token_hash": digest(token), "purpose": "bench"}
            for person, (_, token) in zip(ids, made, strict=True)
        ]
        db.session.execute(insert(ApiToken), rows)
        db.session.commit()
        yield from made


def _batches(numbers: range) -> Iterator[range]:
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))
