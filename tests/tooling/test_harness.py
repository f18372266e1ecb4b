"""The harness keeps its promises."""

import subprocess
import sys

import pytest
import redis
from sqlalchemy import text

from campaign import create_app
from campaign.extensions import db
from campaign.settings import ROOT, Settings
from tests.databases import kinds


def test_every_test_has_a_database_of_its_own(app, databases, tmp_path):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE mark (id INTEGER)"))
    url = databases.copy()
    other = create_app(Settings.from_environment({"DATABASE_URL": url, "INSTANCE": str(tmp_path)}))
    with other.app_context():
        tables = db.inspect(db.engine).get_table_names()
        db.engine.dispose()
    assert "person" in tables
    assert "mark" not in tables
    databases.drop(url)


@pytest.mark.one_database
def test_what_one_database_shows_is_shown_once(database_kind, request):
    assert database_kind == kinds(request.config)[0]


def test_redis_is_empty(redis_server, request):
    with redis.Redis.from_url(redis_server) as connection:
        connection.set("left", "behind")
        assert request.getfixturevalue("redis_url") == redis_server
        assert connection.dbsize() == 0


def test_a_rule_that_a_page_breaks_is_seen_by_axe(page, axe):
    page.goto("/healthz")
    page.set_content("<html><body><img src='/none.png'></body></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


@pytest.mark.parametrize(("require_all", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_what_the_machine_lacks_is_named_and_may_be_required(require_all, outcome):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__, "-k", "redis_is_empty"]
    environment = {"PATH": "/nowhere", "REQUIRE_ALL": require_all}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert outcome in run.stdout
    assert "needs redis-server: apt-get install redis-server" in run.stdout
