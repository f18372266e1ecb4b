"""A database for each test: built once by the migrations, then copied."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import alembic.command
import psycopg
import pytest

from campaign import create_app
from campaign.extensions import db
from campaign.settings import Settings
from tests.needs import need

KINDS = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    if unknown := set(kinds(config)) - set(KINDS):
        raise pytest.UsageError(f"--database knows sqlite and postgresql, not {', '.join(sorted(unknown))}")
    config.addinivalue_line("markers", "one_database: what the test shows is the same on every database; one will do.")
    config.addinivalue_line("markers", "only_on(kind): what the test shows happens on this database alone.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # A test that meets a database runs on each that was asked for; any other test runs once.
    if "database_kind" in metafunc.fixturenames:
        wanted = kinds(metafunc.config)
        if metafunc.definition.get_closest_marker("one_database"):
            wanted = wanted[:1]
        elif only := metafunc.definition.get_closest_marker("only_on"):
            wanted = [kind for kind in wanted if kind in only.args]
        metafunc.parametrize("database_kind", wanted, indirect=True, scope="session")


def kinds(config: pytest.Config) -> list[str]:
    return config.getoption("--database").split(",")


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", kinds(request.config)[0])


@pytest.fixture(scope="session")
def databases(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["SQLiteDatabases | PostgreSQLDatabases"]:
    """Where databases come from: `empty()` for a migration's test, `copy()` for everything else, `copy(url)` of one that nobody has open."""
    folder = tmp_path_factory.mktemp("databases")
    if database_kind == "sqlite":
        yield SQLiteDatabases(folder)
    else:
        with postgresql_server() as address:
            yield PostgreSQLDatabases(address, folder)


@pytest.fixture
def database_url(databases: "SQLiteDatabases | PostgreSQLDatabases") -> Iterator[str]:
    """The URL of this test's own database, with every table and no row."""
    url = databases.copy()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: "SQLiteDatabases | PostgreSQLDatabases") -> Iterator[str]:
    """The URL of a database without tables."""
    url = databases.empty()
    yield url
    databases.drop(url)


def migrate(url: str, instance: Path) -> None:
    """Bring an empty database to the present by the migrations."""
    app = create_app(Settings.from_environment({"DATABASE_URL": url, "INSTANCE": str(instance)}))
    with app.app_context():
        # Not flask_migrate.upgrade(), which turns what went wrong into an exit.
        alembic.command.upgrade(app.extensions["migrate"].migrate.get_config(), "heads")
        db.engine.dispose()


class SQLiteDatabases:
    """Files. A copy of a closed database is one file: its last connection has folded the write-ahead log into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)
        template = self.empty()
        migrate(template, folder / "instance")
        self.template = _file(template)

    def empty(self) -> str:
        return f"sqlite:///{self.folder / f'{next(self.numbers)}.sqlite'}"

    def copy(self, of: str | None = None) -> str:
        url = self.empty()
        shutil.copyfile(_file(of) if of else self.template, _file(url))
        return url

    def drop(self, url: str) -> None:
        for leftover in ("", "-wal", "-shm"):
            _file(url + leftover).unlink(missing_ok=True)


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


# What a test has left: no row but those that the migrations themselves put there, and every number from its beginning.
# To make a database takes PostgreSQL some hundred times as long.
SWEEP = """
CREATE SCHEMA pristine;
CREATE PROCEDURE pristine.keep() LANGUAGE plpgsql AS $$
DECLARE name text; used boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO used;
        IF used THEN EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', name, name); END IF;
    END LOOP;
END $$;
CREATE PROCEDURE pristine.sweep() LANGUAGE plpgsql AS $$
DECLARE name text; used boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- Rows go in any order.
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO used;
        IF used THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'pristine' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I', name, name);
    END LOOP;
    FOR name IN SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %s RESTART', name);
    END LOOP;
END $$;
CALL pristine.keep();
"""


class PostgreSQLDatabases:
    """Databases of one server, copied from a template by the server itself, and used again after they were swept."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.numbers = itertools.count(1)
        self.administrator = psycopg.connect(self._url("postgres"), autocommit=True)
        template = self.empty()
        migrate(template, folder / "instance")
        with psycopg.connect(template) as connection:
            connection.execute(SWEEP)
        self.template = self._name(template)
        # By the URL of the copy. They stay open: a new one takes longer to begin than to sweep.
        self.sweepers: dict[str, psycopg.Connection] = {}
        self.swept: list[str] = []

    def empty(self) -> str:
        return self._create("template0")

    def copy(self, of: str | None = None) -> str:
        if of:
            if of in self.sweepers:
                self.sweepers.pop(of).close()
            return self._create(self._name(of))
        if self.swept:
            return self.swept.pop()
        url = self._create(self.template)
        self.sweepers[url] = psycopg.connect(url, autocommit=True)
        return url

    def drop(self, url: str) -> None:
        name = self._name(url)
        if url not in self.sweepers:
            self.administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        self.administrator.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
            [name, self.sweepers[url].info.backend_pid],
        )
        self.sweepers[url].execute("CALL pristine.sweep()")
        self.swept.append(url)

    def _create(self, template: str) -> str:
        name = f"ensemble_{next(self.numbers)}"
        self.administrator.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.address}"

    def _name(self, url: str) -> str:
        return url.removeprefix("postgresql://postgres@/").partition("?")[0]


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own on a Unix socket, without the syncing that only a power cut would miss."""
    programs = Path(need("postgres", package="postgresql", also_in="/usr/lib/postgresql/*/bin")).parent
    # Not under pytest's folder: that is closed to other users, and too long a path for a socket on macOS.
    folder = Path(tempfile.mkdtemp(prefix="ensemble-"))
    become = _unprivileged()
    if become:
        os.chown(folder, become["user"], become["group"])
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    try:
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", folder / "data", "--username=postgres", "--auth=trust"),
                *("--no-sync", "--encoding=UTF8", f"--locale={locale}"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **become,
        )
        settings = ("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off")
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [
                    *(programs / "postgres", "-D", folder / "data", "-k", folder),
                    *(f"-c{setting}" for setting in (*settings, "max_connections=200")),
                ],
                stdout=log,
                stderr=log,
                cwd=folder,
                **become,
            )
        try:
            _wait_for(server, f"postgresql://postgres@/postgres?host={folder}", folder / "log")
            yield str(folder)
        finally:
            server.send_signal(signal.SIGINT)  # "Fast": without waiting for clients to go.
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> dict[str, int | list[int]]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = accounts.get("postgres") or accounts["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _wait_for(server: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(url).close()
            return
        time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}", pytrace=False)
