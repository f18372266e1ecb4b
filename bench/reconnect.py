"""A restart: 5,000 people come back at once, and catch up."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.load import close, connect
from bench.process import ensemble, free_port
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded

CLIENTS, GOAL = 5000, 15


def up_to_date(answer: dict[str, Any]) -> bool:
    """Whether somebody who knew the first half of fifty votes was told of the other half. (Number 1 is the publication.)"""
    return answer["ok"] and answer["seq"] == 51 and len(answer["changes"][0]["votes"]) == 25


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
                *(client.ask("board.watch", {"campaign": CAMPAIGN, "since": 26}) for client in clients)
            )
            seconds = time.perf_counter() - begin
            wrong = [answer for answer in answers if not up_to_date(answer)]
            if wrong:
                print(f"{len(wrong)} of {CLIENTS} were told wrongly, the first: {wrong[0]}")
            spent = server.cpu - cpu
            close(clients)
    name = f"{CLIENTS:,} people reconnect at once"
    return [
        Result(f"{name}: all connected", joined, "s", "", None),
        Result(f"{name}: all up to date", seconds, "s", f"≤ {GOAL} s", seconds <= GOAL and not wrong),
        Result("the same: server's CPU", 1000 * spent / CLIENTS, "ms each", "", None),
    ]
