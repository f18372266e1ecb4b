"""From a vote to every screen: 5,000 people watch one board while 500 votes a second come in."""

import asyncio
import json
import os
import random
import tempfile
import time
from pathlib import Path

from bench.load import Client, close, connect
from bench.process import ensemble
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded

WATCHERS, VOTERS, IDEAS = 5000, 500, 200
RATE, SECONDS = 500, 10
LOOKED_AT = 20
P50, P99, FRAMES = 150, 400, 10


async def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        seed = seeded(Path(folder) / "instance", participants=VOTERS, ideas=IDEAS)
        with ensemble(Path(folder) / "instance") as server:
            delays: list[float] = []
            sent: dict[str, tuple[int, float]] = {}  # Idea: the total that a vote will have made, and when it left.

            def heard(client: Client, text: bytes) -> None:
                arrived = time.perf_counter()
                for idea, total in json.loads(text[1:])[1].get("votes", {}).items():
                    wanted, left = sent.get(idea, (0, 0.0))
                    if total == wanted:
                        delays.append(arrived - left)

            # Reading every frame would make the load the bottleneck: one screen in twenty is looked at, all are served.
            looked_at = await connect(server.port, WATCHERS // LOOKED_AT, None, heard)
            watchers = looked_at + await connect(server.port, WATCHERS - len(looked_at))
            for start in range(0, WATCHERS, 500):
                batch = watchers[start : start + 500]
                await asyncio.gather(*(client.ask("board.watch", {"campaign": CAMPAIGN}) for client in batch))
            voters = await connect(server.port, VOTERS, seed.auths)
            await asyncio.sleep(2)
            before, totals, cpu = sum(client.frames for client in watchers), dict.fromkeys(seed.ideas, 0), server.cpu
            begin = time.perf_counter()
            for number in range(RATE * SECONDS):
                await asyncio.sleep(max(0, begin + number / RATE - time.perf_counter()))
                voter, idea = voters[number % VOTERS], seed.ideas[number // VOTERS + number % 190]
                totals[idea] += 1
                if random.random() < 0.02:
                    sent[str(idea)] = totals[idea], time.perf_counter()
                voter.emit("vote.cast", {"idea": idea, "id": os.urandom(8).hex()})
            await asyncio.sleep(2)
            lost = sum(client.lost for client in watchers)
            frames = (sum(client.frames for client in watchers) - before) / WATCHERS / (SECONDS + 2)
            spent = (server.cpu - cpu) / (SECONDS + 2)
            close(watchers + voters)
    delays.sort()
    p50, p99 = (1000 * delays[int(len(delays) * share)] for share in (0.5, 0.99))
    name = f"vote to screen, {WATCHERS:,} watchers, {RATE} votes/s"
    return [
        Result(f"{name}: p50", p50, "ms", f"< {P50} ms", p50 < P50),
        Result(f"{name}: p99", p99, "ms", f"< {P99} ms", p99 < P99),
        Result("the same: dropped", lost, "people", "none", lost == 0),
        Result("the same: frames to each", frames, "a second", f"≤ {FRAMES}", frames <= FRAMES),
        Result("the same: server's core", 100 * spent, "%", "", None),
    ]
