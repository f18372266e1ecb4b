"""People who do something in the same moment, each with a session of their own."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from campaign.extensions import db

PATIENCE = 30  # Seconds.


@pytest.fixture
def elsewhere(app: Flask) -> Callable[[Callable[[], Any]], Any]:
    """`elsewhere(act)` does something in a session of its own, and commits it. What the test has read before is of before."""

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            given = act()
            db.session.commit()
            return given

    return run


@pytest.fixture
def at_once(app: Flask) -> Callable[..., None]:
    """`at_once(click, click)` runs these together and commits each.

    What one does before its `yield` it has seen before anybody goes on. What one raises fails the test.
    """

    def run(*acts: Callable[[], Iterator[None]]) -> None:
        seen, failed = threading.Barrier(len(acts), timeout=PATIENCE), []

        def do(act: Callable[[], Iterator[None]]) -> None:
            with app.app_context():
                try:
                    steps = act()
                    next(steps)
                    seen.wait()
                    next(steps, None)
                    db.session.commit()
                except Exception as error:
                    seen.abort()
                    failed.append(error)

        db.session.commit()  # What the test has read is no business of theirs.
        threads = [threading.Thread(target=do, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []

    return run
