"""Memory of people who are here and do nothing."""

import asyncio
import tempfile
from pathlib import Path

from bench.load import close, connect
from bench.process import Measured, ensemble, peer, serving
from bench.results import Result
from bench.seeding import CAMPAIGN, seeded

CLIENTS, WARM = 5000, 200
GOAL, STRETCH = 10, 5  # KB


async def measure(server: Measured, watching: bool = False) -> float:
    """Kilobytes for each of 5,000 connections, beyond the first few."""
    first = await connect(server.port, WARM)
    before = server.resident
    clients = await connect(server.port, CLIENTS)
    if watching:
        await asyncio.gather(*(client.ask("board.watch", {"campaign": CAMPAIGN}) for client in clients))
    await asyncio.sleep(1)
    each = (server.resident - before) / CLIENTS / 1024
    close(first + clients)
    return each


async def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        rows = str(Path(folder) / "rows.sqlite")
        with serving(peer("node.mjs"), rows) as server:
            node = await measure(server)
        with serving(peer("shipped"), rows + "2") as server:
            shipped = await measure(server)
        seeded(Path(folder) / "instance", participants=1, ideas=200)
        with ensemble(Path(folder) / "instance") as server:
            ours = await measure(server)
        with ensemble(Path(folder) / "instance") as server:
            watching = await measure(server, watching=True)
    name = f"memory per idle connection, {CLIENTS:,} of them"
    return [
        Result(name, ours, "KB", f"≤ {GOAL} KB", ours <= GOAL),
        Result(name, ours, "KB", "≤ 1/3 of Node", ours <= node / 3, "Node socket.io", node / ours),
        Result(name, ours, "KB", "", None, "Flask-SocketIO as shipped", shipped / ours),
        Result("the same, watching a board", watching, "KB", f"≤ {GOAL} KB", watching <= GOAL),
    ]
