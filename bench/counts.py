"""Counts: a million ballots are counted in the worker, while the page shows how far it is and the last result.

BALLOTS says how many there are, where a million take too long, and METHODS by which of the methods ("budget ranked").
"""

import asyncio
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from bench.pages import Reader
from bench.process import ROOT, end, ensemble, pinned
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded, signed_in

BALLOTS, IDEAS, GROUPS, MOST = int(os.environ.get("BALLOTS", "1000000")), 60, 6, 8
BUDGET = 500_000
AT_ONCE = 10_000  # Rows that are written together.
LOOK = 0.25  # Seconds between two looks of somebody who waits for the result.
PAGE = 100  # Milliseconds that a page may take meanwhile, in the middle.
RESULTS = f"/campaigns/{CAMPAIGN}/results"

Taste = Callable[[int], list[int]]  # So many different ideas, of one person.
METHODS: dict[str, tuple[dict[str, int], Callable[[Taste], Any]]] = {
    "approval": ({"seats": 3}, lambda taste: taste(random.randint(1, 3))),
    "ranked": ({"seats": 3}, lambda taste: taste(random.randint(1, MOST))),
    "duels": ({"seats": 1}, lambda taste: [[*taste(2), ""] for _ in range(5)]),
    "budget": ({"budget": BUDGET}, lambda taste: [[idea, 1] for idea in sorted(taste(random.randint(1, MOST)))]),
}
NAMES = {"approval": "votes for up to 3 ideas", "ranked": "rankings", "duels": "times five duels", "budget": "budgets"}


async def run() -> list[Result]:
    found: list[Result] = []
    for method in os.environ.get("METHODS", "").split() or METHODS:
        with tempfile.TemporaryDirectory() as folder:
            found += await measure(Path(folder) / "instance", method)
    return found


async def measure(instance: Path, method: str) -> list[Result]:
    print(f"  {BALLOTS:,} {NAMES[method]}…", flush=True)
    seeded(instance, participants=0, ideas=IDEAS)
    fill(instance, method, BALLOTS)
    cookie = signed_in(instance)
    told: list[dict[str, Any]] = []
    shown = 0.0  # When the result was there; how sure its places are comes later.
    pages: list[float] = []
    with ensemble(instance) as server, worker(instance) as work:
        async with Reader(server.port, cookie) as reader:
            begin = time.perf_counter()
            where = progress_of(await reader.read(RESULTS))
            while not told or told[-1]["step"]:
                await asyncio.sleep(LOOK)
                told.append(json.loads(await reader.read(where)))
                shown = shown or (time.perf_counter() if told[-1]["finished"] else 0.0)
                asked = time.perf_counter()
                await reader.read(RESULTS)
                pages.append(1000 * (time.perf_counter() - asked))
            seconds, surely, room = shown - begin, time.perf_counter() - begin, peak(work)
            add(instance, method, 1)
            after = unescape((await reader.read(RESULTS)).decode())
    steps = dict.fromkeys((word["step"], word["done"]) for word in told if word["step"] not in ("", "waiting"))
    stays = 'class="results__counts"' in after and "have changed since" in after
    page = statistics.median(pages)
    print(
        f"    told: {', '.join(f'{step} {done:,}' for step, done in steps)}; slowest page {max(pages):.0f} ms",
        flush=True,
    )
    return [
        Result(
            f"{BALLOTS:,} {NAMES[method]}: counted beside the page", seconds, "s", "ends", bool(told[-1]["finished"])
        ),
        Result("the same: with how sure the places are", surely, "s", "", None),
        Result("the same: room of the worker, at most", room / 1e6, "MB", "", None),
        Result("the same: times that the progress moved", len(steps), "", "more than once", len(steps) > 1),
        Result("the same: the page of results meanwhile", page, "ms", f"< {PAGE} ms", page < PAGE),
        Result("the same: last results shown after one more vote", float(stays), "of 1", "stay", stays),
    ]


def progress_of(page: bytes) -> str:
    """Where the page asks how far its count is."""
    found = re.search(r'<count-progress data-url="([^"]+)"', page.decode())
    if not found:
        raise AssertionError("the page counts at once, or shows no progress")
    return found[1]


@contextmanager
def worker(instance: Path) -> Iterator[int]:
    """A worker of its own beside the server, on another core where there is one."""
    command = [str(Path(sys.executable).parent / "campaign"), "work"]
    environment = {**os.environ, "INSTANCE": str(instance), "DATABASE_URL": "", "REDIS_URL": ""}
    process = subprocess.Popen([*pinned(1), *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        while "at work" not in (line := process.stdout.readline()):
            if not line:
                raise RuntimeError("the worker did not start")
        yield process.pid
    finally:
        end(process)


def peak(pid: int) -> int:
    """Bytes of memory that a process had at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def fill(instance: Path, method: str, ballots: int) -> None:
    """Let so many people vote by this method. Written past the product, which would take hours to hear a million votes."""
    settings, _ballot = METHODS[method]
    with closing(sqlite3.connect(instance / "ensemble.sqlite")) as rows, rows:
        rows.execute("UPDATE stage SET method = ?, method_settings = ?", (method, json.dumps(settings)))
        rows.execute("UPDATE idea SET cost = ? * (1 + id % 9)", (BUDGET // 100,))
    for begin in range(0, ballots, AT_ONCE):
        add(instance, method, min(AT_ONCE, ballots - begin))


def add(instance: Path, method: str, ballots: int) -> None:
    """Let so many more people vote."""
    _settings, ballot = METHODS[method]
    tastes = [[random.Random(group * IDEAS + idea).random() ** 3 for idea in range(IDEAS)] for group in range(GROUPS)]
    moment = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")

    def taste(many: int) -> list[int]:
        weights = tastes[random.randrange(GROUPS)]
        chosen: dict[int, None] = {}
        while len(chosen) < many:
            chosen |= dict.fromkeys(random.choices(range(1, IDEAS + 1), weights, k=many - len(chosen)))
        return list(chosen)

    with closing(sqlite3.connect(instance / "ensemble.sqlite")) as rows, rows:
        [first] = rows.execute("SELECT max(id) + 1 FROM person").fetchone()
        [stage, campaign] = rows.execute("SELECT id, campaign_id FROM stage WHERE accepts_votes ORDER BY id").fetchone()
        people = range(first, first + ballots)
        said = {person: ballot(taste) for person in people}
        rows.executemany(
            "INSERT INTO person (id, email, name, language, joined_at) VALUES (?, ?, 'Voter', 'en', ?)",
            [(person, f"voter-{person}@bench.invalid", moment) for person in people],
        )
        if method == "approval":
            votes = [(idea, person) for person, ideas in said.items() for idea in ideas]
            rows.executemany(
                "INSERT INTO vote (idea_id, voter_id, cast_at, version) VALUES (?, ?, ?, 1)",
                [(*vote, moment) for vote in votes],
            )
            rows.executemany(
                "INSERT INTO ballot_entry (campaign_id, idea_id, voter_id, key, act, at) VALUES (?, ?, ?, 'bench', 'cast', ?)",
                [(campaign, *vote, moment) for vote in votes],
            )
            times = Counter(idea for idea, _person in votes)
            rows.executemany("UPDATE idea SET votes = votes + ? WHERE id = ?", [(n, idea) for idea, n in times.items()])
            return
        [entry] = rows.execute("SELECT coalesce(max(id), 0) + 1 FROM ballot_entry").fetchone()
        acts = [(entry + at, person, json.dumps(said[person])) for at, person in enumerate(people)]
        rows.executemany(
            "INSERT INTO ballot_entry (id, campaign_id, stage_id, voter_id, key, act, at, content) "
            "VALUES (?, ?, ?, ?, 'bench', 'cast', ?, ?)",
            [(entry, campaign, stage, person, moment, content) for entry, person, content in acts],
        )
        rows.executemany(
            "INSERT INTO stage_ballot (stage_id, voter_id, entry_id, content) VALUES (?, ?, ?, ?)",
            [(stage, person, entry, content) for entry, person, content in acts],
        )
