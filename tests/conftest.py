"""The harness: a real database for each test, real servers and a real browser for those that ask.

Here stand the options and the application. `databases.py`, `servers.py` and `browsers.py` beside this file start what
the tests need; a slice keeps fixtures of its own in `tests/<slice>/conftest.py`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from campaign import create_app
from campaign.extensions import db
from campaign.settings import Settings
from tests.remembering import remember_addresses, remember_statements

pytest_plugins = [
    "tests.databases",
    "tests.servers",
    "tests.browsers",
    "tests.cast",
    "tests.campaign_cast",
    "tests.queries",
    "tests.together",
]

# These compare with libraries that are in no environment but their own: make oracles.
collect_ignore = ["oracles"]

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("ensemble", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis.settings.load_profile("ensemble")

remember_addresses()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        default="sqlite",
        help="sqlite (the default), postgresql, or both with a comma between: what the tests run on.",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With REQUIRE_ALL=1 nothing may be skipped: a machine that lacks something fails the run, and says what."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, yet {report.longrepr[-1]}"
    return report


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of this test's application: its own database and its own instance folder."""
    return Settings.from_environment({"DATABASE_URL": database_url, "INSTANCE": str(tmp_path / "instance")})


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates as they were compiled for the first test that showed them."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled
    with app.app_context():
        remember_statements(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor whom nobody knows, over HTTP."""
    return app.test_client()
