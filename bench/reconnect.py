"""A restart: 5,000 people come back at once, and catch up."""

import asyncio
import tempfile
import time
from pathlib import Path

from bench.load import close, connect
from bench.process import ensemble, free_port
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded

CLIENTS, GOAL = 5000, 15


async def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        seed = seeded(Path(folder) / "instance", participants=CLIENTS, ideas=200)
        port = free_port()
        with ensemble(Path(folder) / "instance", port):
            [voter] = await connect(port, 1, seed.auths)
            for number, idea in enumerate(seed.ideas[:50]):
                await voter.ask("vote.cast", {"idea": idea, "id": f"before-{number:04}"})
        with ensemble(Path(folder) / "instance", port) as server:
            begin, cpu = time.perf_counter(), server.cpu
            clients = await connect(port, CLIENTS, seed.auths, at_once=CLIENTS)
            joined = time.perf_counter() - begin
            answers = await asyncio.gather(
                *(client.ask("board.watch", {"campaign": CAMPAIGN, "since": 25}) for client in clients)
            )
            seconds = time.perf_counter() - begin
            right = all(len(answer["changes"][0]["votes"]) == 25 and answer["seq"] == 50 for answer in answers)
            spent = server.cpu - cpu
            close(clients)
    name = f"{CLIENTS:,} people reconnect at once"
    return [
        Result(f"{name}: all connected", joined, "s", "", None),
        Result(f"{name}: all up to date", seconds, "s", f"≤ {GOAL} s", seconds <= GOAL and right),
        Result("the same: server's CPU", 1000 * spent / CLIENTS, "ms each", "", None),
    ]
