"""A PostgreSQL and a Redis of a measurement's own, as two processes need them."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

from bench.process import PATIENCE, end, free_port


def missing() -> list[str]:
    """The programs that this machine lacks."""
    found = {"postgres": _postgres(), "redis-server": shutil.which("redis-server")}
    return [name for name, path in found.items() if path is None]


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database. It syncs as an operator's does, for a vote waits for that."""
    programs = _postgres()
    assert programs is not None
    # PostgreSQL refuses to run as root.
    account = next((one for one in pwd.getpwall() if one.pw_name == "postgres"), pwd.getpwnam("nobody"))
    become: dict[str, Any] = {} if os.geteuid() else {"user": account.pw_uid, "group": account.pw_gid}
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    if become:
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        subprocess.run(
            [*(programs / "initdb", "--pgdata", folder / "data"), "--username=postgres", "--auth=trust", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            **become,
        )
        command = [programs / "postgres", "-D", folder / "data", "-k", folder, "-clisten_addresses="]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **become)
        try:
            url = f"postgresql://postgres@/postgres?host={folder}"
            _until(lambda: psycopg.connect(url).close(), psycopg.OperationalError)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # "Fast": without waiting for clients to go.
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of an empty Redis."""
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with redis.Redis.from_url(url) as connection:
            _until(connection.ping, redis.ConnectionError)
        yield url
    finally:
        end(process)


def _postgres() -> Path | None:
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0])
    )
    for folder in reversed(folders):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def _until(works: Any, error: type[Exception]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(error):
            works()
            return
        time.sleep(0.05)
    raise TimeoutError("a store did not start")
