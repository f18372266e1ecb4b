"""The rows of a measurement, made by the product's own command."""

import json
import os
import random
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from campaign.accounts.access import digest
from campaign.settings import Settings
from campaign.votes.marks import LogKeys, micros

CAMPAIGN = "measured"


@dataclass
class Seed:
    instance: Path
    auths: list[dict[str, Any]]
    ideas: list[int]


def seeded(instance: Path, participants: int, ideas: int, **environment: str) -> Seed:
    """An instance with one open campaign, so many people with tokens, and so many ideas."""
    tokens = instance.parent / "tokens.jsonl"
    command = [str(Path(sys.executable).parent / "campaign"), "bench", "seed", "--campaign", CAMPAIGN]
    subprocess.run(
        [*command, "--participants", str(participants), "--ideas", str(ideas), "--tokens", str(tokens)],
        env={**os.environ, "INSTANCE": str(instance), "DATABASE_URL": "", **environment},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    auths = [{"token": json.loads(line)["token"]} for line in tokens.read_text().splitlines()]
    return Seed(instance, auths, list(range(1, ideas + 1)))


def spread_votes(instance: Path, votes: int, people: int) -> None:
    """So many votes of so many people, each with its entry in the book, as they lie on a board that people use; and remarks and heat.

    Few ideas are loved, and no two orders are alike. The rows are those that the ballot box would have written, with its marks; but the
    logs are taken to have read them, so that nothing is appended while something else is measured.
    """
    given = Settings.from_environment({"INSTANCE": str(instance)})
    mark, draw = LogKeys(given.log_secret()).mark, random.Random(1)
    with closing(sqlite3.connect(instance / "ensemble.sqlite")) as rows, rows:
        rows.execute("PRAGMA synchronous=OFF")  # Of a measurement that is thrown away.
        rows.execute("PRAGMA cache_size=-400000")
        [campaign] = rows.execute("SELECT id FROM campaign WHERE slug = ?", (CAMPAIGN,)).fetchone()
        ideas = [idea for [idea] in rows.execute("SELECT id FROM idea WHERE campaign_id = ? ORDER BY id", (campaign,))]
        began = datetime.now(UTC) - timedelta(days=30)
        moment = began.strftime("%Y-%m-%d %H:%M:%S.%f")
        [first] = rows.execute("SELECT max(id) + 1 FROM person").fetchone()
        rows.executemany(
            "INSERT INTO person (id, email, name, language, joined_at, confirmed_at) VALUES (?, ?, ?, 'en', ?, ?)",
            (
                (number, f"voter-{number}@bench.invalid", f"Voter {number}", moment, moment)
                for number in range(first, first + people)
            ),
        )
        totals = _totals(len(ideas), votes, people, draw)
        rows.executemany(
            "INSERT INTO vote (idea_id, voter_id, cast_at, version, aside, named) VALUES (?, ?, ?, 1, 0, 0)",
            ((idea, voter, moment) for idea, voter in _who(ideas, totals, first, people)),
        )
        [entry] = rows.execute("SELECT coalesce(max(id), 0) + 1 FROM ballot_entry").fetchone()
        rows.executemany(
            "INSERT INTO ballot_entry (id, campaign_id, idea_id, voter_id, key, act, at, mark) VALUES (?, ?, ?, ?, ?, 'cast', ?, ?)",
            (
                (number, campaign, idea, voter, key, moment, mark(campaign, idea, voter, key, "cast", micros(began)))
                for number, (idea, voter) in enumerate(_who(ideas, totals, first, people), entry)
                for key in (f"seeded-{idea}",)
            ),
        )
        rows.execute("UPDATE book_reading SET until = (SELECT max(id) FROM ballot_entry)")
        rows.executemany(
            "UPDATE idea SET votes = ?, comments = ?, heat = heat + ? WHERE id = ?",
            (
                (total, 200 // (1 + draw.randrange(200)), draw.randrange(1000) / 100, idea)
                for idea, total in zip(ideas, totals, strict=True)
            ),
        )


def _totals(ideas: int, votes: int, people: int, draw: random.Random) -> list[int]:
    """How many of the votes each idea has; no more than there are people."""
    loved = [1 / (1 + draw.randrange(2000)) for _idea in range(ideas)]
    share = votes / sum(loved)
    totals = [min(people, int(share * each)) for each in loved]
    missing = votes - sum(totals)
    while missing > 0:
        idea = draw.randrange(ideas)
        if totals[idea] < people:
            totals[idea] += 1
            missing -= 1
    return totals


def _who(ideas: list[int], totals: list[int], first: int, people: int) -> Iterator[tuple[int, int]]:
    """Each vote, as (idea, voter): of neighbours in the list of people, so nobody votes twice for an idea and all vote about as often."""
    begin = 0
    for idea, total in zip(ideas, totals, strict=True):
        for place in range(begin, begin + total):
            yield idea, first + place % people
        begin += total


def signed_in(instance: Path) -> str:
    """The cookie of the campaign's owner, signed in on this instance."""
    secret = secrets.token_urlsafe(32)
    with closing(sqlite3.connect(instance / "ensemble.sqlite")) as rows, rows:
        [owner] = rows.execute("SELECT person_id FROM membership WHERE role = 'owner'").fetchone()
        rows.execute(
            "INSERT INTO sign_in (id, person_id, since) VALUES (?, ?, datetime('now'))", (digest(secret), owner)
        )
    app = Flask("bench")
    app.secret_key = (instance / "secret_key").read_text().strip()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return f"session={serializer.dumps({'_user_id': secret, '_fresh': True})}"
