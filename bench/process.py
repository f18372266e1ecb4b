"""A server under measurement: a process of its own on a core of its own, and what it costs."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PATIENCE = 60


@dataclass
class Measured:
    """A running server: the process that serves, whatever started it."""

    port: int
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds of processor time until now, the kernel's on its behalf included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def resident(self) -> int:
        """Bytes of memory."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def peer(name: str) -> list[str]:
    """The command of a peer in bench/peers, without its port and arguments' end."""
    if name.endswith(".mjs"):
        node = shutil.which("node") or str(Path(sys.executable).parent / "node")
        return [node, str(ROOT / "bench" / "peers" / name)]
    return [sys.executable, "-m", f"bench.peers.{name}"]


@contextmanager
def serving(command: list[str], *arguments: str, **environment: str) -> Iterator[Measured]:
    """Run a peer until the block ends: it gets its port first, and says "ready"."""
    port = free_port()
    process = subprocess.Popen(
        [*pinned(), *command, str(port), *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{command[-1]} did not start")
        yield Measured(port, process.pid)
    finally:
        end(process)


@contextmanager
def ensemble(instance: Path, port: int | None = None, core: int = 0, **environment: str) -> Iterator[Measured]:
    """Run the whole product on an instance folder."""
    port = port or free_port()
    process = subprocess.Popen(
        [*pinned(core), str(Path(sys.executable).parent / "campaign"), "serve"],
        cwd=ROOT,
        env={
            **os.environ,
            "INSTANCE": str(instance),
            "PORT": str(port),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "WORKER": "0",
            **environment,
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        # The process that serves was started last; the one before it prepared the database, and may still be on its way out. What is
        # measured is the one that serves, so nothing works beside it.
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Measured(port, int(children[-1]))
    finally:
        end(process)


def pinned(core: int = 0) -> list[str]:
    """A server's core; load takes the others than the first. (With one core, they share it.)"""
    core %= os.cpu_count() or 1
    return ["taskset", "--cpu-list", str(core)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


def pin_load() -> None:
    """Keep this process, which makes the load, off the server's core."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, set(range(1, os.cpu_count() or 1)))


@contextmanager
def unpinned() -> Iterator[None]:
    """What is started within may run on every core; this process goes back to its own."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
