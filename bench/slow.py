"""Who reads too slowly: fifty of a thousand clients stop reading, and the others are to notice nothing of it."""

import asyncio
import json
import os
import random
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.load import Client, close, connect
from bench.process import Measured, ensemble
from bench.results import Result
from bench.seeding import CAMPAIGN, Seed, seeded

READERS, SLOW, VOTERS, IDEAS = 950, 50, 200, 500
RATE, SECONDS = 500, 15
FULL = 24  # Times that a slow one asks for the whole board and reads no answer: more than the kernel keeps for it.
LOOKED_AT = 10
CATCH_UP = 10  # Seconds.
GOAL, MEMORY = 1.5, 5  # Times the delay, and megabytes, beyond the same run without them.


@dataclass
class Run:
    p99: float  # Milliseconds from a vote to the screens of those who read.
    grown: float  # Megabytes of the server's memory.
    frames: tuple[float, float]  # To each who reads, to each of the slow.
    wrong: int  # Of the slow, how many never showed the true totals.
    lost: int


async def run() -> list[Result]:
    runs = {}
    for stop in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            seed = seeded(Path(folder) / "instance", participants=VOTERS, ideas=IDEAS)
            with ensemble(Path(folder) / "instance") as server:
                runs[stop] = await measure(server, seed, stop)
    without, beside = runs[False], runs[True]
    if beside.frames[1] > 0.9 * beside.frames[0]:
        raise AssertionError("the slow ones missed nothing: the kernel kept everything for them")
    ratio, more = beside.p99 / without.p99, beside.grown - without.grown
    name = f"{SLOW} of {READERS + SLOW:,} stop reading"
    return [
        Result(
            f"{name}: p99 of the others",
            beside.p99,
            "ms",
            f"≤ {GOAL} × without",
            ratio <= GOAL,
            "without them",
            1 / ratio,
        ),
        Result("the same: memory more than without them", more, "MB", f"≤ {MEMORY} MB", more <= MEMORY),
        Result("the same: wrong totals after they read again", beside.wrong, "people", "none", beside.wrong == 0),
        Result("the same: dropped", beside.lost, "people", "none", beside.lost == 0),
    ]


async def measure(server: Measured, seed: Seed, stop: bool) -> Run:
    delays: list[float] = []
    sent: dict[str, tuple[int, float]] = {}  # Idea: the total that a vote will have made, and when it left.
    screens: dict[Client, dict[str, int]] = {}

    def timed(client: Client, text: bytes) -> None:
        arrived = time.perf_counter()
        for idea, total in totals_in(text).items():
            wanted, left = sent.get(idea, (0, 0.0))
            if total == wanted:
                delays.append(arrived - left)

    def shown(client: Client, text: bytes) -> None:
        if text.startswith(b'2["board.stale"'):  # Too much was missed to be told.
            client.emit("board.watch", {"campaign": CAMPAIGN}, lambda said: screens[client].update(snapshot_in(said)))
        screens.setdefault(client, {}).update(totals_in(text))

    looked_at = await connect(server.port, READERS // LOOKED_AT, None, timed)
    readers = looked_at + await connect(server.port, READERS - len(looked_at))
    slow = await connect(server.port, SLOW, None, shown)
    await asyncio.gather(*(client.ask("board.watch", {"campaign": CAMPAIGN}) for client in readers + slow))
    voters = await connect(server.port, VOTERS, seed.auths)
    await asyncio.sleep(1)
    if stop:
        await stop_reading(slow)
    memory, before = server.resident, (frames(readers), frames(slow))
    totals: dict[str, int] = {}
    acts = [(voter, idea) for idea in seed.ideas for voter in voters]
    random.shuffle(acts)
    begin = time.perf_counter()
    for number, (voter, idea) in enumerate(acts[: RATE * SECONDS]):
        await asyncio.sleep(max(0, begin + number / RATE - time.perf_counter()))
        totals[str(idea)] = totals.get(str(idea), 0) + 1
        if random.random() < 0.02:
            sent[str(idea)] = totals[str(idea)], time.perf_counter()
        voter.emit("vote.cast", {"idea": idea, "id": os.urandom(8).hex()})
    await asyncio.sleep(1)
    grown = (server.resident - memory) / 2**20
    if stop:
        read_again(slow)
    wrong = await count_wrong(slow, lambda client: screens.get(client) == totals)
    each = (frames(readers) - before[0]) / READERS, (frames(slow) - before[1]) / SLOW
    lost = sum(client.lost for client in readers + slow)
    close(readers + slow + voters)
    delays.sort()
    return Run(1000 * delays[int(len(delays) * 0.99)], grown, each, wrong, lost)


async def stop_reading(clients: list[Client]) -> None:
    """Read nothing more, and ask until the kernel keeps no more for anybody."""
    for client in clients:
        room(client, 4 * 1024)
        client.transport.pause_reading()
    for _ in range(FULL):
        for client in clients:
            client.emit("board.watch", {"campaign": CAMPAIGN}, lambda said: None)
        await asyncio.sleep(0.2)


def read_again(clients: list[Client]) -> None:
    for client in clients:
        room(client, 256 * 1024)
        client.transport.resume_reading()


def room(client: Client, size: int) -> None:
    """How many bytes the kernel takes for a client that does not read them."""
    client.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


async def count_wrong(clients: list[Client], right: Callable[[Client], bool]) -> int:
    """How many are not right yet when they have had time to catch up."""
    for _ in range(10 * CATCH_UP):
        await asyncio.sleep(0.1)
        if all(map(right, clients)):
            break
    return sum(not right(client) for client in clients)


def totals_in(text: bytes) -> dict[str, int]:
    votes: dict[str, int] = json.loads(text[1:])[1].get("votes", {})
    return votes


def snapshot_in(said: bytes) -> dict[str, int]:
    votes: dict[str, int] = json.loads(said)[0]["snapshot"]["votes"]
    return votes


def frames(clients: list[Client]) -> int:
    return sum(client.frames for client in clients)
