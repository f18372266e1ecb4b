"""The rows of a measurement, made by the product's own command."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CAMPAIGN = "measured"


@dataclass
class Seed:
    auths: list[dict[str, Any]]
    ideas: list[int]


def seeded(instance: Path, participants: int, ideas: int) -> Seed:
    """An instance with one open campaign, so many people with tokens, and so many ideas."""
    tokens = instance.parent / "tokens.jsonl"
    command = [str(Path(sys.executable).parent / "campaign"), "bench", "seed", "--campaign", CAMPAIGN]
    subprocess.run(
        [*command, "--participants", str(participants), "--ideas", str(ideas), "--tokens", str(tokens)],
        env={**os.environ, "INSTANCE": str(instance), "DATABASE_URL": ""},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    auths = [{"token": json.loads(line)["token"]} for line in tokens.read_text().splitlines()]
    return Seed(auths, list(range(1, ideas + 1)))
