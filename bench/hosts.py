"""Two processes on PostgreSQL and Redis: from a vote at one to the screens at the other, and what a viewer costs when there are two."""

import asyncio
import os
import random
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.latency import Sample, Screens
from bench.load import Client, close, connect
from bench.process import Measured, ensemble
from bench.results import Result
from bench.seeding import CAMPAIGN, Seed, seeded
from bench.stores import missing, postgresql, redis_server

WATCHERS, VOTERS, IDEAS = 1000, 200, 200  # Watchers of each process.
RATE, SECONDS = 100, 10
LOOKED_AT, SAMPLED = 20, 0.2
P99, SCALE = 250, 0.9


@dataclass
class Run:
    delays: list[float]  # Milliseconds from a vote at the first process to screens at the last.
    missed: int
    wrong: int
    cpu: float  # Seconds of all processes.


async def run() -> list[Result]:
    if lacking := missing():
        print(f"  needs {' and '.join(lacking)}: apt-get install postgresql redis-server", flush=True)
        return []
    alone, both = await measure(1), await measure(2)
    p99 = both.delays[int(len(both.delays) * 0.99)]
    # By the processor time of a viewer: on few cores the load, PostgreSQL and Redis would be what holds two of them back.
    scale = 2 * alone.cpu / both.cpu
    whose = "one process"
    name = f"two processes, {2 * WATCHERS:,} watchers, {RATE} votes/s"
    return [
        Result(f"{name}: vote at one to screens at the other, p99", p99, "ms", f"< {P99} ms", p99 < P99),
        Result("the same: never shown", both.missed, f"of {both.missed + len(both.delays):,}", "none", not both.missed),
        Result(
            "the same: screens with wrong totals", both.wrong, f"of {WATCHERS // LOOKED_AT}", "none", not both.wrong
        ),
        Result(
            "the same: viewers for each core's second",
            2 * WATCHERS * SECONDS / both.cpu,
            "viewer-seconds",
            f"≥ {SCALE} × {whose}",
            scale >= SCALE,
            whose,
            scale,
        ),
    ]


async def measure(processes: int) -> Run:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stores = {
            "DATABASE_URL": stack.enter_context(postgresql()),
            "REDIS_URL": stack.enter_context(redis_server()),
        }
        seed = seeded(folder / "instance", participants=VOTERS + 2 * WATCHERS, ideas=IDEAS, **stores)
        servers = [stack.enter_context(ensemble(folder / "instance", core=core, **stores)) for core in range(processes)]
        return await votes_to_screens(servers, seed)


async def votes_to_screens(servers: list[Measured], seed: Seed) -> Run:
    screens = Screens()
    watchers: list[Client] = []
    signed_in = seed.auths[VOTERS:]
    for place, server in enumerate(servers):
        auths = signed_in[place * WATCHERS : (place + 1) * WATCHERS]
        count = WATCHERS // LOOKED_AT
        # Those of the last process are looked at: where there are two, it is not the one that the votes come to.
        looked_at = await connect(server.port, count, auths[:count], screens.heard if server is servers[-1] else None)
        watchers += looked_at + await connect(server.port, WATCHERS - count, auths[count:])
    for start in range(0, len(watchers), 500):
        batch = watchers[start : start + 500]
        await asyncio.gather(*(client.ask("board.watch", {"campaign": CAMPAIGN}) for client in batch))
    voters = await connect(servers[0].port, VOTERS, seed.auths[:VOTERS])
    await asyncio.sleep(2)
    totals: dict[int, int] = dict.fromkeys(seed.ideas, 0)
    acts = [(voter, idea) for voter in voters for idea in seed.ideas]
    random.shuffle(acts)
    stored = 0

    def acknowledged(said: bytes) -> None:
        nonlocal stored
        if b'"ok":true' not in said:
            raise AssertionError(said)
        stored += 1

    begin, cpu = time.perf_counter(), sum(server.cpu for server in servers)
    for number, (voter, idea) in enumerate(acts[: RATE * SECONDS]):
        await asyncio.sleep(max(0, begin + number / RATE - time.perf_counter()))
        totals[idea] += 1
        if random.random() < SAMPLED:
            screens.samples[str(idea)].append(Sample(totals[idea], time.perf_counter()))
        voter.emit("vote.cast", {"idea": idea, "id": os.urandom(8).hex()}, acknowledged)
    await asyncio.sleep(2)
    spent = sum(server.cpu for server in servers) - cpu
    if stored != RATE * SECONDS:
        raise AssertionError(f"only {stored} votes were acknowledged")
    close(watchers + voters)
    delays = sorted(1000 * delay for delay in screens.delays)
    truth = {str(idea): total for idea, total in totals.items() if total}
    wrong = sum(screens.shown[client] != truth for client in looked_at)
    return Run(delays, len(looked_at) * sum(map(len, screens.samples.values())) - len(delays), wrong, spent)
