"""Random elections, small enough for ties to be frequent; and real ones, where the machine has them.

ELECTIONS says how many random ones each rule is tried on, DATA where the real ones lie.
"""

import csv
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

ELECTIONS = int(os.environ.get("ELECTIONS", "300"))
SEED = "oracles"


def elections(*, more: int = 1) -> Iterator[random.Random]:
    """A source of chance for each election, the same in every run; `more` times as many where some can't be compared."""
    for number in range(ELECTIONS * more):
        yield random.Random(number)


def some_ideas(chance: random.Random, fewest: int = 2, most: int = 8) -> list[int]:
    """Idea numbers with gaps: a rule that takes them for indices is found out."""
    return chance.sample(range(1, 100), chance.randint(fewest, most))


def approvals(chance: random.Random, ideas: list[int], people: int) -> list[set[int]]:
    """Ballots around a few tastes, some of them empty."""
    tastes = [chance.sample(ideas, chance.randint(1, len(ideas))) for _ in range(chance.randint(1, 4))]
    return [
        {idea for idea in ideas if chance.random() < (0.7 if idea in taste else 0.1)}
        for taste in chance.choices(tastes, k=people)
    ]


def rankings(chance: random.Random, ideas: list[int], people: int, *, whole: bool = False) -> list[list[int]]:
    """Ballots that rank some of the ideas or, if `whole`, all."""
    return [chance.sample(ideas, len(ideas) if whole else chance.randint(1, len(ideas))) for _ in range(people)]


def real(name: str) -> Path:
    """A real election; without it the test is skipped by its name."""
    path = Path(os.environ.get("DATA", "data")) / name
    if not path.exists():
        pytest.skip(f"needs {name} in the folder that DATA names: make oracles DATA=…")
    return path


def conversation(folder: Path) -> tuple[list[int], list[dict[int, int]]]:
    """A Polis conversation: its comments, and the last vote of each voter on each.

    The totals that its files state are of another moment, and differ from its votes.
    """
    ballots: dict[str, dict[int, int]] = {}
    with (folder / "votes.csv").open(encoding="utf-8") as lines:
        for row in sorted(csv.DictReader(lines), key=lambda row: int(row["timestamp"])):
            ballots.setdefault(row["voter-id"], {})[int(row["comment-id"])] = int(row["vote"])
    with (folder / "comments.csv").open(encoding="utf-8") as lines:
        return [int(row["comment-id"]) for row in csv.DictReader(lines)], list(ballots.values())
