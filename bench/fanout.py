"""Fan-out: one message to a thousand clients, as often as the server can."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.load import Client, close, connect
from bench.process import Measured, peer, serving
from bench.results import Result

CLIENTS = 1000
ROUNDS = {"shipped": 40, "node.mjs": 100, "bare": 300, "ours": 300}
QUIET = 0.5  # Seconds without a frame, after which nothing more is expected.


@dataclass
class Run:
    rate: float  # Frames a second, over all clients.
    cpu: float  # Server's microseconds for each.
    skipped: int  # Frames that somebody did not get: to who is behind we send one message later, and no queue.


async def measure(server: Measured, rounds: int, clients: int = CLIENTS) -> Run:
    """Broadcast so many rounds, and count what arrives."""
    watching = await connect(server.port, clients)
    await asyncio.gather(*(client.ask("board.watch", {}) for client in watching))
    before, cpu, begin = frames(watching), server.cpu, time.perf_counter()
    watching[0].emit("go", rounds)
    last, arrived, wanted = begin, 0, clients * rounds
    while arrived < wanted and time.perf_counter() - last < QUIET:
        await asyncio.sleep(0.01)
        if (now := frames(watching) - before) != arrived:
            arrived, last = now, time.perf_counter()
    spent = server.cpu - cpu
    close(watching)
    return Run(arrived / (last - begin), spent / arrived * 1e6, wanted - arrived)


def frames(clients: list[Client]) -> int:
    return sum(client.frames for client in clients)


async def run() -> list[Result]:
    runs = {}
    for name, rounds in ROUNDS.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(peer(name), str(Path(folder) / "rows.sqlite")) as server,
        ):
            runs[name] = await measure(server, rounds)
    ours = runs["ours"]
    return [
        compared("frames/s", ours.rate, runs["shipped"].rate, "Flask-SocketIO as shipped", 5),
        compared("frames/s", ours.rate, runs["node.mjs"].rate, "Node socket.io", 2),
        compared("frames/s", ours.rate, runs["bare"].rate, "bare loop of send()", 0.8),
        cheaper(ours.cpu, runs["shipped"].cpu, "Flask-SocketIO as shipped", 5),
        cheaper(ours.cpu, runs["node.mjs"].cpu, "Node socket.io", 2),
        Result("the same: skipped for who was behind", ours.skipped, f"of {ROUNDS['ours'] * CLIENTS:,}", "", None),
    ]


def compared(unit: str, figure: float, theirs: float, whose: str, goal: float) -> Result:
    ratio = figure / theirs
    return Result(f"fan-out to {CLIENTS:,} clients", figure, unit, f"≥ {goal} × {whose}", ratio >= goal, whose, ratio)


def cheaper(figure: float, theirs: float, whose: str, goal: float) -> Result:
    ratio = theirs / figure
    return Result("server CPU per frame", figure, "µs", f"≤ 1/{goal} of {whose}", ratio >= goal, whose, ratio)
