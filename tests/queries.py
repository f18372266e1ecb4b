"""How many questions a page asks of the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from campaign.extensions import db


@pytest.fixture
def queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with queries() as asked:` gathers every statement that reaches the database meanwhile."""

    @contextmanager
    def gather() -> Iterator[list[str]]:
        with app.app_context():
            engine = db.engine
        asked: list[str] = []

        def note(connection, cursor, statement, *rest):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return gather
