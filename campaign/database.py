"""Both databases behave alike: statements see what is committed, and writers take turns.

SQLite reads outside any transaction and begins one, `IMMEDIATE`, at the first statement that writes. So what a request
has read never goes stale under its feet (`SQLITE_BUSY_SNAPSHOT`), and two greenlets of one process wait for each other
by a lock that gevent knows, not inside SQLite, where the wait would stop the whole process.
"""

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    String,
    TypeDecorator,
    bindparam,
    cast,
    event,
    func,
    inspect,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import object_session

from campaign.extensions import db

WAIT = 15.0  # Seconds that a writer waits for its turn before it gives up.
_writing = {"insert", "update", "delete", "replace", "create", "drop", "alter"}
_turn = threading.Lock()
_pack = json.JSONEncoder(separators=(",", ":")).encode  # Made once: json.dumps() would make another for each call.


class Overdue(Exception):
    """Another writer did not finish in time. Nothing was written, and the same may well succeed a little later.

    Not a TimeoutError, which SQLAlchemy takes for its own end, throwing the connection away.
    """


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def prepare(engine: Engine) -> None:
    """Give an engine the behaviour above, which PostgreSQL has already."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _open_postgresql)
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "before_cursor_execute", _take_turn_to_write)
    event.listen(engine, "savepoint", lambda connection, name: _begin_writing(connection))
    event.listen(engine, "commit", _committed)
    event.listen(engine, "rollback", _rolled_back)
    event.listen(engine, "checkin", lambda driver, record: _end_turn(record.info))


def lock(row: Any) -> None:
    """Keep everybody else from changing a row until the commit, and see it as it is now.

    On PostgreSQL by a row lock that leaves the key alone: every row that points to this one holds a share of its key, and two
    writers who each hold a share and want the whole would wait for each other for ever. On SQLite by taking the writer's turn.
    Take it before anything else is written, so that locks are always taken in the same order.
    """
    session = object_session(row)
    assert session is not None
    session.flush()  # What was changed already: refreshing would forget it.
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        _begin_writing(connection)
    else:
        keys = inspect(type(row)).primary_key
        mine = [key == value for key, value in zip(keys, inspect(row).identity, strict=True)]
        session.execute(select(*keys).where(*mine).with_for_update(key_share=True))
    # Read only when it is ours: what a locking SELECT joins is as it was when the wait began.
    session.refresh(row)


def begin_writing() -> None:
    """Take the writer's turn on SQLite, before anything that is going to be changed is read. PostgreSQL locks rows instead."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        _begin_writing(connection)


def lock_words(words: str) -> None:
    """Let nobody else be between here and their commit with the same words: for what is no row yet. SQLite has one writer anyway."""
    if _dialect() == "postgresql":
        digest = hashlib.blake2b(words.encode(), digest_size=8).digest()
        db.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest, signed=True))))


@contextmanager
def without_connection() -> Iterator[None]:
    """Let others have the connection while this request waits for something else: there are few, and a wait can be long.

    For before anything is written. What was read stays readable, as it was, and no question may be asked meanwhile: it
    would take a connection again, and keep it.
    """
    session = db.session()
    assert not any((session.new, session.dirty, session.deleted)), "what waits to be written would be committed"
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True
    yield


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all questions see the database as the first of them does, whoever writes meanwhile. Nothing may be written here.

    Ends the running transaction, with what it has read.
    """
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN")
    else:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    try:
        yield
    finally:
        db.session.rollback()


def insert(model: Any) -> Any:
    """An INSERT that knows ON CONFLICT, which both databases have and SQLAlchemy keeps in their dialects."""
    return (postgresql if _dialect() == "postgresql" else sqlite).insert(model)


def _open_postgresql(driver: Any, record: object) -> None:
    # Our statements join a dozen small tables and are over in a millisecond. Before its tables are counted, PostgreSQL thinks them
    # large, and spends a second on compiling each of those statements anew.
    driver.execute("SET jit = off")
    driver.commit()


def _open_sqlite(driver: sqlite3.Connection, record: object) -> None:
    driver.isolation_level = None  # We say BEGIN ourselves, in _begin_writing.
    driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("PRAGMA synchronous=FULL")
    driver.execute("PRAGMA foreign_keys=ON")
    driver.execute("PRAGMA busy_timeout=0")  # Another process's write is waited for in _begin_writing.


def _take_turn_to_write(connection: Connection, cursor: object, statement: str, *rest: object) -> None:
    if statement.lstrip().split(None, 1)[0].lower() in _writing:
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if driver is None or driver.in_transaction:
        return
    if not _turn.acquire(timeout=WAIT):
        raise Overdue("another writer did not finish")
    connection.info["writing"] = True
    deadline = time.monotonic() + WAIT
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                _end_turn(connection.info)
                if busy:
                    raise Overdue("another process did not finish writing") from error
                raise
            time.sleep(0.005)  # Another process writes. The lock is ours, so only writers of this process wait.


def _end_turn(info: dict) -> None:
    if info.pop("writing", False):
        _turn.release()


def _committed(connection: Connection) -> None:
    # Called just before the driver commits, so the turn ends only with the driver's own commit.
    driver = connection.connection.driver_connection
    try:
        if driver is not None and driver.in_transaction:
            driver.commit()
    finally:
        if driver is None or not driver.in_transaction:
            _end_turn(connection.info)


def _rolled_back(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    try:
        if driver is not None and driver.in_transaction:
            driver.rollback()
    finally:
        _end_turn(connection.info)


def given(name: str, **columns: type) -> Any:
    """Rows of ours as a table in a statement: `given("asked", idea=Integer, key=String)`.

    They travel as one JSON parameter, `{"asked_rows": packed([[7, "a"]])}`, so that a thousand rows cost one statement.
    """
    parameter = bindparam(f"{name}_rows", type_=String)
    if _dialect() == "sqlite":
        each = func.json_each(parameter).table_valued("value", name=f"{name}_each")
        cells: list[Any] = [
            cast(func.json_extract(each.c.value, literal_column(f"'$[{place}]'")), kind).label(column)
            for place, (column, kind) in enumerate(columns.items())
        ]
    else:
        each = func.jsonb_array_elements(cast(parameter, postgresql.JSONB)).table_valued("value", name=f"{name}_each")
        cells = [
            cast(literal_column(f"{name}_each.value ->> {place}"), kind).label(column)
            for place, (column, kind) in enumerate(columns.items())
        ]
    return select(*cells).select_from(each).subquery(name)


def packed(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as `given` takes them."""
    return _pack(list(rows))


def prepared(statement: Callable[[], Any]) -> Callable[[], Any]:
    """Build this statement once for each kind of database, and not at every call: for those that run all the time."""
    built: dict[str, Any] = {}

    @wraps(statement)
    def of_this_database() -> Any:
        kind = _dialect()
        if kind not in built:
            built[kind] = statement()
        return built[kind]

    return of_this_database


def _dialect() -> str:
    return str(db.session.get_bind().dialect.name)
