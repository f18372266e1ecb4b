"""Two web processes, one board: Redis carries the news between them."""

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
