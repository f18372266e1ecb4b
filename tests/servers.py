"""Servers in processes of their own, as an operator runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import pytest
import redis
from flask import Flask

from campaign import create_app
from campaign.extensions import db
from campaign.settings import Settings
from tests.needs import need

OURS = {field.metadata["name"] for field in fields(Settings) if "name" in field.metadata}


@dataclass
class Server:
    """A running `campaign serve`."""

    url: str
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen

    @cached_property
    def app(self) -> Flask:
        """An application on the server's database and folder, to put rows there and to look at them."""
        return create_app(Settings.from_environment(self.environment))


Serve = Callable[..., AbstractContextManager[Server]]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Start a server for a while: `with serve(DATABASE_URL=url) as server:`. Any setting may be given by its name."""

    @contextmanager
    def serve(**given: str) -> Iterator[Server]:
        folder = tmp_path_factory.mktemp("server")
        port = given.setdefault("PORT", str(free_port()))
        given.setdefault("INSTANCE", str(folder / "instance"))
        # Started again on the same database, it is the same server.
        given.setdefault("LOG_KEY", "a key of the ballot logs, for all the tests")
        given.setdefault("WORKER", "0")  # It takes seconds of the processor to start: for those that need one.
        command = [Path(sys.executable).parent / "campaign", "serve"]
        surroundings = {name: value for name, value in os.environ.items() if name not in OURS}
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                command,
                env=surroundings | given,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # A group of its own, so that its children end with it.
            )
        server = Server(f"http://127.0.0.1:{port}", given, folder / "log", process)
        try:
            _wait_for(server)
            yield server
        finally:
            _end(process)
            if "app" in server.__dict__:
                with server.app.app_context():
                    db.engine.dispose()

    return serve


@pytest.fixture(scope="session")
def server(serve: Serve, databases) -> Iterator[Server]:
    """One server for all tests of a worker that ask for it: each brings its own brand and people."""
    url = databases.copy()
    with serve(DATABASE_URL=url, DEVELOPMENT="1", SIGN_IN_ATTEMPTS="100000") as server:
        yield server
    databases.drop(url)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    program = need("redis-server", package="redis-server")
    port = free_port()
    process = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _wait_for_redis(url)
        yield url
    finally:
        _end(process, group=False)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty Redis."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 60
    while server.process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(f"{server.url}/healthz", timeout=5).close()
            return
        time.sleep(0.05)
    pytest.fail(f"The server did not start:\n{server.log.read_text()}", pytrace=False)


def _wait_for_redis(url: str) -> None:
    deadline = time.monotonic() + 30
    with redis.Redis.from_url(url) as connection:
        while time.monotonic() < deadline:
            with suppress(redis.ConnectionError):
                connection.ping()
                return
            time.sleep(0.05)
    pytest.fail("Redis did not start", pytrace=False)


def _end(process: subprocess.Popen, *, group: bool = True) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
