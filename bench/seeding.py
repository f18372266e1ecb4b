"""The rows of a measurement, made by the product's own command."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
