"""The harness keeps its promises: a database of one's own, a server, Redis, a browser."""

import redis
from sqlalchemy import create_engine, inspect, text


def test_every_test_has_a_database_of_its_own(databases):
    mine, yours = databases.copy(), databases.copy()
    with create_engine(mine.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
        connection.execute(text("CREATE TABLE mark (id INTEGER)"))
    assert (
        "mark"
        not in inspect(create_engine(yours.replace("postgresql:", "postgresql+psycopg:"))).get_table_names()
    )


def test_the_server_answers(server):
    assert server.url


def test_redis_is_empty(redis_url):
    assert redis.Redis.from_url(redis_url).dbsize() == 0


def test_a_page_opens(page, axe):
    page.goto("/healthz")
    axe(page)
