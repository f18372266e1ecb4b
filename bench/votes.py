"""Votes: 500 people who each wait for the acknowledgement and vote again."""

import asyncio
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.load import Client, close, connect
from bench.process import Measured, ensemble, peer, serving
from bench.results import Result
from bench.seeding import seeded

VOTERS, IDEAS, SECONDS = 500, 1000, 8.0


async def measure(server: Measured, auths: list[dict[str, Any]] | None, ideas: list[int]) -> float:
    """Acknowledged votes a second."""
    voters = await connect(server.port, VOTERS, auths)
    # Nobody votes for an idea twice: a vote that is there already writes no row, and costs less than those of the peers.
    left = {voter: random.sample(ideas, len(ideas)) for voter in voters}
    await votes_for(left, 1.0)  # Warm.
    count, seconds = await votes_for(left, SECONDS)
    close(voters)
    return count / seconds


async def votes_for(left: dict[Client, list[int]], seconds: float) -> tuple[int, float]:
    """How many votes were acknowledged in how many seconds. Each voter goes on with the ideas `left` to them."""
    done, waiting = 0, len(left)
    finished = asyncio.get_running_loop().create_future()
    begin = time.perf_counter()

    def go(voter: Client) -> None:
        nonlocal waiting
        if time.perf_counter() - begin > seconds:
            waiting -= 1
            if not waiting:
                finished.set_result(None)
            return
        if not left[voter]:
            raise AssertionError("there are too few ideas for so many votes")
        voter.emit("vote.cast", {"idea": left[voter].pop(), "id": os.urandom(8).hex()}, lambda said: told(voter, said))

    def told(voter: Client, said: bytes) -> None:
        nonlocal done
        if b'"ok":true' not in said:
            raise AssertionError(json.loads(said))
        done += 1
        go(voter)

    for voter in left:
        go(voter)
    await finished
    return done, time.perf_counter() - begin


async def run() -> list[Result]:
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        for name, command, environment in (
            ("shipped", "shipped", {}),
            ("node", "node.mjs", {}),
            ("node, a commit every 4 ms", "node.mjs", {"COMMIT_MS": "4"}),
        ):
            with serving(peer(command), str(path / f"{name}.sqlite"), str(IDEAS), **environment) as server:
                rates[name] = await measure(server, None, list(range(1, IDEAS + 1)))
        seed = seeded(path / "instance", participants=VOTERS, ideas=IDEAS)
        with ensemble(path / "instance") as server:
            rates["ours"] = await measure(server, seed.auths, seed.ideas)
    ours = rates["ours"]
    return [
        result(ours, rates["shipped"], "naive handler, Flask-SocketIO", 8),
        result(ours, rates["node"], "Node, a commit per vote", 2),
        result(ours, rates["node, a commit every 4 ms"], "Node, a commit every 4 ms", None),
    ]


def result(ours: float, theirs: float, whose: str, goal: float | None) -> Result:
    ratio = ours / theirs
    wanted = "stretch: as many" if goal is None else f"≥ {goal} × {whose}"
    return Result("durable votes", ours, "votes/s", wanted, None if goal is None else ratio >= goal, whose, ratio)
