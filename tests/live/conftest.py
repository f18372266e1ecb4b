"""People at a real server, and what their sockets hear."""

import queue
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import socketio
from flask import Flask

from campaign.extensions import db
from tests.makers import make_brand, make_campaign, make_idea, make_person, make_token
from tests.servers import Server

PATIENCE = 10  # Seconds until a test gives up on something that should have been heard.


@dataclass
class Stage:
    """A campaign of its own on the shared server: ana runs it and had two ideas, the others take part."""

    campaign: str
    ideas: list[int]
    tokens: dict[str, str]
    names: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def stage(server: Server) -> Stage:
    return put_stage(server.app)


def put_stage(app: Flask) -> Stage:
    with app.app_context():
        people = {name: make_person(name) for name in ("ana", "bea", "carl", "drew")}
        campaign = make_campaign(make_brand(people["ana"]), people["ana"])
        ideas = [make_idea(campaign, people["ana"]).id for _ in range(2)]
        tokens = {name: make_token(person) for name, person in people.items()}
        stage = Stage(campaign.slug, ideas, tokens, {name: person.id for name, person in people.items()})
        db.session.commit()
        db.session.remove()
    return stage


class Listener:
    """A real Socket.IO client, and everything it heard in the order it heard it."""

    def __init__(self, url: str, token: str | None, transports: list[str]) -> None:
        self.client = socketio.Client(reconnection=False)
        self._heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.client.on("*", lambda event, data: self._heard.put((event, data)))
        self.client.connect(url, auth={"token": token} if token else None, transports=transports, wait_timeout=PATIENCE)

    def ask(self, event: str, *data: Any) -> dict[str, Any]:
        return self.client.call(event, data[0] if len(data) == 1 else data, timeout=PATIENCE)

    def cast(self, idea: int, key: str | None = None) -> dict[str, Any]:
        return self.ask("vote.cast", {"idea": idea, "id": key or secrets.token_hex(8)})

    def until(self, enough: Callable[[dict[str, Any]], bool], event: str = "board.changed") -> dict[str, Any]:
        """The first message of this kind that is enough; fails when none comes."""
        while True:
            try:
                name, data = self._heard.get(timeout=PATIENCE)
            except queue.Empty:
                pytest.fail(f"{event} was not heard")
            if name == event and enough(data):
                return data


Connect = Callable[..., Listener]


@pytest.fixture
def connect(server: Server, stage: Stage) -> Iterator[Connect]:
    """Connect somebody of the stage by name, or nobody."""
    listeners = []

    def connect(name: str | None = None, transports: tuple[str, ...] = ("websocket",)) -> Listener:
        listeners.append(Listener(server.url, stage.tokens[name] if name else None, list(transports)))
        return listeners[-1]

    yield connect
    for listener in listeners:
        listener.client.disconnect()
