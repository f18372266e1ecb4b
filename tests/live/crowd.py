"""A crowd of voters who don't give up: what isn't acknowledged is sent again, with the id that it had, to whoever answers."""

import asyncio
import json
import random
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bench.load import Client
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.live.models import BoardSequence, Change
from campaign.votes.marks import log_keys
from campaign.votes.models import BallotEntry, Vote

AGAIN = 0.1  # Seconds until somebody who was not answered tries again.
PATIENCE = 5.0


@dataclass
class Voter:
    """One person with a token, and what they were told."""

    person: int
    token: str
    receipts: dict[str, int] = field(
        default_factory=dict
    )  # The id of each act, and the number under which it is stored.
    stands: dict[int, str] = field(default_factory=dict)  # Idea: the last act that was acknowledged,
    cast: dict[int, int] = field(default_factory=dict)  # and the number of the last that changed something.


class Crowd:
    """Voters at work in a thread of their own, until they are told to stop."""

    def __init__(self, ports: Iterable[int], voters: list[Voter], ideas: list[int], seed: int = 7) -> None:
        self.voters, self.ideas, self.ports = voters, ideas, list(ports)
        self._random = random.Random(seed)
        self._stop = threading.Event()
        self._told = threading.Condition()
        self.acknowledged = 0
        self.failed: list[str] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def until(self, acknowledged: int, patience: float = 120) -> None:
        """Wait until so many votes were acknowledged altogether."""
        with self._told:
            assert self._told.wait_for(lambda: self.acknowledged >= acknowledged, patience), self.acknowledged

    async def _all(self) -> None:
        await asyncio.gather(*(self._vote(place, voter) for place, voter in enumerate(self.voters)))

    async def _vote(self, place: int, voter: Voter) -> None:
        client: Client | None = None
        while not self._stop.is_set():
            act = self._random.choice(["cast", "cast", "withdraw"])
            asked = {"idea": self._random.choice(self.ideas), "id": secrets.token_hex(8)}
            answer: dict[str, Any] | None = None
            while answer is None:
                try:
                    if client is None or client.lost:
                        client = await self._connect(self.ports[place % len(self.ports)], voter)
                    answer = await asyncio.wait_for(client.ask(f"vote.{act}", asked), PATIENCE)
                except (OSError, TimeoutError):
                    await asyncio.sleep(AGAIN)
                    continue
                if not answer["ok"] and answer["error"]["code"] == "busy":
                    answer = None
                    await asyncio.sleep(AGAIN)
            self._note(voter, act, asked, answer)
        if client is not None:
            client.transport.abort()

    async def _connect(self, port: int, voter: Voter) -> Client:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(
            lambda: Client(f"127.0.0.1:{port}", {"token": voter.token}, None), "127.0.0.1", port
        )
        await asyncio.wait_for(client.ready, PATIENCE)
        return client

    def _note(self, voter: Voter, act: str, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        if not answer["ok"] and answer["error"]["code"] == "no_vote":
            assert act == "withdraw"
            assert voter.stands.get(asked["idea"]) != "cast"
            return  # Nothing to take back: that is written down nowhere.
        if not answer["ok"]:
            self.failed.append(json.dumps(answer))
            return
        number = answer["receipt"]["number"]
        if act == "cast" and voter.stands.get(asked["idea"]) == "cast":
            if number != voter.cast[asked["idea"]]:  # Written down by the first.
                self.failed.append(json.dumps(answer))
        else:
            voter.receipts[asked["id"]] = number
            voter.cast[asked["idea"]] = number
        voter.stands[asked["idea"]] = act
        with self._told:
            self.acknowledged += 1
            self._told.notify_all()


def check(app: Flask, crowd: Crowd, board: str) -> None:
    """Every acknowledged act is stored, none twice; every vote stands as its voter was told; every total is a count."""
    assert crowd.failed == []
    with app.app_context():
        numbered = log_keys().receipt_number
        entries = {(row.voter_id, row.key): numbered(row.id) for row in db.session.scalars(select(BallotEntry))}
        assert len(entries) == db.session.scalar(select(func.count()).select_from(BallotEntry))
        for voter in crowd.voters:
            for key, number in voter.receipts.items():
                assert entries[voter.person, key] == number
        told = {(idea, voter.person) for voter in crowd.voters for idea, act in voter.stands.items() if act == "cast"}
        stored = {(vote.idea_id, vote.voter_id) for vote in db.session.scalars(select(Vote))}
        assert stored == told
        for idea in db.session.scalars(select(Idea)):
            assert idea.votes == len([vote for vote in stored if vote[0] == idea.id])
        numbers = list(db.session.scalars(select(Change.seq).where(Change.board == board).order_by(Change.seq)))
        latest = db.session.scalar(select(BoardSequence.seq).where(BoardSequence.board == board))
        assert numbers == list(range(numbers[0], latest + 1))
        db.session.remove()
