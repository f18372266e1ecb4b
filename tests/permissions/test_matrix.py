"""Every role tries every act of the application, as the table says."""

import re
from collections.abc import Iterator

import pytest
import socketio
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaign import create_app, extensions, settings
from campaign.extensions import db
from campaign.settings import Settings
from tests.permissions.table import DOCS, EVENTS, ROLES, TABLE, Row, as_page
from tests.permissions.world import World, build
from tests.remembering import remember_statements
from tests.servers import Serve

# What a role may do is decided by the same lines on every database, and a file is put back faster than a database.
pytestmark = pytest.mark.only_on("sqlite")

LOG_KEY = "a key of the ballot logs, for whoever may do what"
PATIENCE = 10  # Seconds until a socket's answer is given up.


@pytest.fixture(scope="module")
def world(databases, tmp_path_factory, compiled) -> Iterator[World]:
    url = databases.copy()
    instance = tmp_path_factory.mktemp("permissions") / "instance"
    app = create_app(Settings.from_environment({"DATABASE_URL": url, "INSTANCE": str(instance), "LOG_KEY": LOG_KEY}))
    app.testing = True
    app.jinja_env.bytecode_cache = compiled
    with app.app_context():
        remember_statements(db.engine)
        # What is shown here is who may, and not what outlasts a crash.
        event.listen(db.engine, "connect", lambda driver, _record: driver.execute("PRAGMA synchronous=OFF"))
    world = build(app)
    world.keep()
    yield world
    world.let_go()
    databases.drop(url)


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Flask:
    """An application that is only asked for its routes."""
    instance = tmp_path_factory.mktemp("bare")
    return create_app(
        Settings.from_environment({"DATABASE_URL": f"sqlite:///{instance}/routes.sqlite", "INSTANCE": str(instance)})
    )


def test_every_route_has_a_row(bare: Flask) -> None:
    known = {"campaign": "soda"}
    adapter = bare.url_map.bind("localhost")
    told = set()
    for row in (row for acts in TABLE.values() for row in acts):
        path = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], "1"), row.address.partition("?")[0])
        rule, _given = adapter.match(path, method=row.method, return_rule=True)
        told.add((row.method, str(rule)))
    there = {(method, str(rule)) for rule in bare.url_map.iter_rules() for method in _methods(rule)}
    missing = sorted(there - told)
    assert not missing, "\n".join(
        f"tests/permissions/table.py doesn’t say who may {method} {address}: give it a row"
        for method, address in missing
    )


def _methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def test_every_event_has_a_row() -> None:
    heard = {event for event, *_ in extensions.socketio.handlers} - {"connect", "disconnect"}
    assert heard == {event for event, *_ in EVENTS}, "tests/permissions/table.py doesn’t say who may send each event"


def test_the_docs_show_the_table() -> None:
    assert DOCS.read_text() == as_page(), "docs/permissions.md is not as the table: python -m tests.permissions.table"


@pytest.mark.parametrize("part", TABLE)
def test_each_role_does_what_it_may_and_nothing_else(world: World, part: str) -> None:
    wrong = [sentence for row in TABLE[part] for sentence in _tried(world, row)]
    assert not wrong, "\n" + "\n".join(wrong)


def _tried(world: World, row: Row) -> Iterator[str]:
    fields, done, act = world.fields_of(row), False, f"{row.method} {row.address} {row.about}".rstrip()
    said = ""
    for role in ROLES:
        answer = world.ask(role, row.method, world.filled(row.address), fields)
        status, let_in = answer.status_code, is_let_in(answer, role, row)
        if let_in != (role in row.allowed):
            yield f"{act}: {role} {'is' if let_in else 'is not'} let in ({status})"
        if status >= 500:
            yield f"{act}: broken for {role}"
        if row.method == "POST" and status < 400:
            world.put_back()
        done = done or (let_in and status < 400)
        said = answer.text[:500] if role in row.allowed and status >= 400 else said
    if row.allowed and not row.shuts and not done:
        yield f"{act}: nobody could do it here, so its row shows nothing ({fields}): {said}"


def is_let_in(answer: TestResponse, role: str, row: Row) -> bool:
    to = answer.location or ""
    if to.startswith("/sign-in?") or (role == "nobody" and to == "/sign-in"):
        return False
    return answer.status_code not in (401, 403, 404) and (row.shuts or answer.status_code not in (409, 410))


def test_each_role_sends_what_it_may_by_socket(world: World, serve: Serve, databases) -> None:
    world.put_back()
    url = databases.copy(f"sqlite:///{world.file}")
    instance = settings.of(world.app).instance
    wrong = []
    with serve(DATABASE_URL=url, INSTANCE=str(instance), LOG_KEY=LOG_KEY) as server:
        for role in ROLES:
            cookie, _token = world.sessions[role]
            client = socketio.Client(reconnection=False)
            client.connect(server.url, headers={"Cookie": cookie}, transports=["websocket"], wait_timeout=PATIENCE)
            for event, data, allowed, about in EVENTS:
                filled = {
                    name: world.known[value[1:-1]] if str(value)[0] == "{" else value for name, value in data.items()
                }
                answer = client.call(event, filled, timeout=PATIENCE)
                if answer["ok"] != (role in allowed):
                    wrong.append(f"{event} {about}: {role} hears {answer}")
            client.disconnect()
    databases.drop(url)
    assert not wrong, "\n" + "\n".join(wrong)
