"""The rows of a measurement, made by the product's own command."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from campaign.accounts.access import digest

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


def spread_votes(instance: Path) -> None:
    """Totals, remarks and heat as they lie on a board that people use: few ideas are loved, and no two orders are alike."""
    with closing(sqlite3.connect(instance / "ensemble.sqlite")) as rows, rows:
        rows.execute(
            "UPDATE idea SET votes = 2000 / (1 + abs(random()) % 2000), comments = 200 / (1 + abs(random()) % 200), "
            "heat = heat + (abs(random()) % 1000) / 100.0"
        )


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
