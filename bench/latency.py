"""From a vote to every screen: 5,000 people watch one board while 500 votes a second come in."""

import asyncio
import json
import os
import random
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench.load import Client, close, connect
from bench.process import ensemble
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded

WATCHERS, VOTERS, IDEAS = 5000, 500, 200
NOBODY = 5  # One watcher in so many is not signed in.
RATE, SECONDS, REACHED = 500, 10, 0.98
LOOKED_AT = (
    20  # Reading every frame would make the load the bottleneck: one screen in so many is looked at, all are served.
)
SAMPLED = 0.02  # Of the votes.
P50, P99, FRAMES = 150, 400, 10


@dataclass
class Sample:
    """One vote on its way to the screens."""

    total: int  # What the idea will have with it.
    left: float
    seen: set[Client] = field(default_factory=set)


class Screens:
    """What the screens that are looked at show, and how long each sampled vote took to each of them."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.samples: dict[str, list[Sample]] = defaultdict(list)  # By idea.
        self.shown: dict[Client, dict[str, int]] = defaultdict(dict)

    def heard(self, client: Client, text: bytes) -> None:
        arrived = time.perf_counter()
        votes = json.loads(text[1:])[1].get("votes", {})
        self.shown[client] |= votes
        for idea in votes.keys() & self.samples.keys():
            for sample in self.samples[idea]:
                if votes[idea] >= sample.total and client not in sample.seen:  # A later total tells of it as well.
                    sample.seen.add(client)
                    self.delays.append(arrived - sample.left)


async def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        seed = seeded(Path(folder) / "instance", participants=VOTERS + WATCHERS, ideas=IDEAS)
        voting, watching = seed.auths[:VOTERS], seed.auths[VOTERS:]
        watching[::NOBODY] = [{} for _ in watching[::NOBODY]]
        random.shuffle(watching)
        with ensemble(Path(folder) / "instance") as server:
            screens, refused = Screens(), []
            acknowledgements: list[float] = []
            looked_at = await connect(server.port, WATCHERS // LOOKED_AT, watching[::LOOKED_AT], screens.heard)
            others = [auth for place, auth in enumerate(watching) if place % LOOKED_AT]
            watchers = looked_at + await connect(server.port, len(others), others)
            for start in range(0, WATCHERS, 500):
                batch = watchers[start : start + 500]
                await asyncio.gather(*(client.ask("board.watch", {"campaign": CAMPAIGN}) for client in batch))
            voters = await connect(server.port, VOTERS, voting)
            await asyncio.sleep(2)
            before, totals, cpu = sum(client.frames for client in watchers), dict.fromkeys(seed.ideas, 0), server.cpu

            def acknowledged(said: bytes) -> None:
                acknowledgements.append(time.perf_counter())
                if b'"ok":true' not in said:
                    refused.append(said)

            begin = time.perf_counter()
            for number in range(RATE * SECONDS):
                await asyncio.sleep(max(0, begin + number / RATE - time.perf_counter()))
                voter, idea = voters[number % VOTERS], seed.ideas[number // VOTERS + number % 190]
                totals[idea] += 1
                if random.random() < SAMPLED:
                    screens.samples[str(idea)].append(Sample(totals[idea], time.perf_counter()))
                voter.emit("vote.cast", {"idea": idea, "id": os.urandom(8).hex()}, acknowledged)
            await asyncio.sleep(3)
            lost = sum(client.lost for client in watchers)
            frames = (sum(client.frames for client in watchers) - before) / WATCHERS / SECONDS
            spent = (server.cpu - cpu) / (SECONDS + 3)
            close(watchers + voters)
    if refused or len(acknowledgements) < RATE * SECONDS:
        raise AssertionError(refused[0] if refused else f"only {len(acknowledgements)} votes were acknowledged")
    rate = len(acknowledgements) / (acknowledgements[-1] - begin)
    truth = {str(idea): total for idea, total in totals.items() if total}
    wrong = sum(screens.shown[client] != truth for client in looked_at)
    missed = len(looked_at) * sum(map(len, screens.samples.values())) - len(screens.delays)
    delays = sorted(screens.delays)
    p50, p99 = (1000 * delays[int(len(delays) * share)] for share in (0.5, 0.99))
    name = f"vote to screen, {WATCHERS:,} watchers, {RATE} votes/s"
    return [
        Result(f"{name}: p50", p50, "ms", f"< {P50} ms", p50 < P50),
        Result(f"{name}: p99", p99, "ms", f"< {P99} ms", p99 < P99),
        Result("the same: votes acknowledged", rate, "a second", f"≥ {RATE * REACHED:.0f}", rate >= RATE * REACHED),
        Result("the same: never shown", missed, f"of {missed + len(delays):,}", "none", missed == 0),
        Result("the same: screens with wrong totals", wrong, f"of {len(looked_at):,}", "none", wrong == 0),
        Result("the same: dropped", lost, "people", "none", lost == 0),
        Result("the same: frames to each", frames, "a second", f"≤ {FRAMES}", frames <= FRAMES),
        Result("the same: server's core", 100 * spent, "%", "", None),
    ]
