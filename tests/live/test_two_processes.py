"""Two web processes, one board: Redis carries the news between them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import Listener, put_stage


@pytest.fixture
def two(serve, databases, redis_url):
    url = databases.copy()
    with (
        serve(DATABASE_URL=url, REDIS_URL=redis_url) as one,
        serve(DATABASE_URL=url, REDIS_URL=redis_url) as other,
    ):
        yield one, other
    databases.drop(url)


def test_a_vote_at_one_process_is_heard_at_the_other(two):
    one, other = two
    stage = put_stage(one.app)
    bea = Listener(one.url, stage.tokens["bea"], ["websocket"])
    carl = Listener(other.url, stage.tokens["carl"], ["websocket"])
    bea.ask("board.watch", {"campaign": stage.campaign})
    carl.ask("board.watch", {"campaign": stage.campaign})
    bea.until(lambda change: change["counts"].get("people") == 2)
    for idea in stage.ideas:
        carl.cast(idea)
    seen = {}
    while len(seen) < 2:
        seen |= bea.until(lambda change: change["votes"])["votes"]
    assert seen == {str(idea): 1 for idea in stage.ideas}
    carl.client.disconnect()
    bea.until(lambda change: change["counts"].get("people") == 1)
    bea.client.disconnect()


def test_what_a_process_stored_that_was_killed_before_it_told_is_told_by_the_other(server, stage, connect):
    bea = connect("bea")
    known = bea.ask("board.watch", {"campaign": stage.campaign})["seq"]
    died = subprocess.run(
        [sys.executable, Path(__file__).with_name("dying_writer.py"), str(stage.ideas[0]), str(stage.names["carl"])],
        env={**os.environ, **server.environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    told = bea.until(lambda change: change["votes"])
    assert told["votes"] == {str(stage.ideas[0]): 1}
    assert told["seq"] == known + 1
