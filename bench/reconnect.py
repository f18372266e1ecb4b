"""A restart while people vote: 5,000 come back at once and catch up, and every vote that was made meanwhile counts once."""

import asyncio
import json
import os
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.load import Client, close, connect
from bench.process import Measured, ensemble, free_port
from bench.results import Result
from bench.seeding import CAMPAIGN, Seed, seeded

CLIENTS, VOTERS, IDEAS, GOAL = 5000, 500, 200, 15
BEFORE, KNOWN = 50, 25  # Votes before the restart, on as many ideas, and how many of them everybody knew.
RATE, EACH = 500, 10  # Votes a second around the restart, and how many each voter makes.
LOOKED_AT = 20  # One screen in so many is looked at to its end.
PATIENCE = 30  # Seconds.


@dataclass
class Voters:
    """People who vote whether there is a line or not, as pages do: what has no answer yet goes again over the next line."""

    ideas: list[int]
    lines: list[Client]
    waiting: list[dict[str, int]] = field(default_factory=lambda: [{} for _ in range(VOTERS)])  # Of each: id, idea.
    answers: list[bytes] = field(default_factory=list)
    again: int = 0

    async def vote(self) -> None:
        """One vote after the other at the rate that was asked for, each of a voter for another idea."""
        begin = time.perf_counter()
        for number in range(VOTERS * EACH):
            await asyncio.sleep(max(0, begin + number / RATE - time.perf_counter()))
            voter, turn = number % VOTERS, number // VOTERS
            key = os.urandom(8).hex()
            self.waiting[voter][key] = self.ideas[(voter + turn) % len(self.ideas)]
            self._send(voter, key)

    def come_back(self, lines: list[Client]) -> None:
        self.lines = lines
        for voter, kept in enumerate(self.waiting):
            for key in kept:
                self.again += 1
                self._send(voter, key)

    def _send(self, voter: int, key: str) -> None:
        def answered(said: bytes) -> None:
            self.answers.append(said)
            self.waiting[voter].pop(key, None)

        if not self.lines[voter].lost:
            self.lines[voter].emit("vote.cast", {"idea": self.waiting[voter][key], "id": key}, answered)


class Screens:
    """The totals that the screens that are looked at show."""

    def __init__(self) -> None:
        self.shown: dict[Client, dict[str, int]] = {}

    def heard(self, client: Client, text: bytes) -> None:
        event, change = json.loads(text[1:])
        if event == "board.changed":
            self._take(client, change)

    def caught_up(self, client: Client, answer: dict[str, Any], known: dict[str, int]) -> None:
        early = self.shown.get(client, {})
        self.shown[client] = dict(known)
        for news in [*answer.get("changes", []), answer.get("snapshot", {})]:
            self._take(client, news)
        self.shown[client] |= early  # Heard before the answer, and so newer.

    def _take(self, client: Client, news: dict[str, Any]) -> None:
        self.shown.setdefault(client, {}).update(
            {idea: votes for idea, votes in news.get("votes", {}).items() if votes}
        )


def up_to_date(answer: dict[str, Any], missed: set[str]) -> bool:
    """Whether the answer tells at least of what happened before the restart and was not known."""
    told: set[str] = set()
    for news in [*answer.get("changes", []), answer.get("snapshot", {})]:
        told |= news.get("votes", {}).keys()
    return answer["ok"] and missed <= told


async def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        instance = Path(folder) / "instance"
        seed, port = seeded(instance, participants=CLIENTS, ideas=IDEAS), free_port()
        stack.enter_context(ensemble(instance, port))
        lines = await connect(port, VOTERS, seed.auths)
        # The last of all, who votes for nothing else.
        [early] = await connect(port, 1, seed.auths[-1:])
        for number, idea in enumerate(seed.ideas[:BEFORE]):
            await early.ask("vote.cast", {"idea": idea, "id": f"before-{number:04}"})
        voters = Voters(seed.ideas[BEFORE:], lines)
        voting = asyncio.create_task(voters.vote())
        await asyncio.sleep(2)
        await asyncio.to_thread(stack.close)
        server = await asyncio.to_thread(stack.enter_context, ensemble(instance, port))
        return await come_back(server, seed, voters, voting)


async def come_back(server: Measured, seed: Seed, voters: Voters, voting: asyncio.Task[None]) -> list[Result]:
    known = {str(idea): 1 for idea in seed.ideas[:KNOWN]}
    missed = {str(idea) for idea in seed.ideas[KNOWN:BEFORE]}
    screens = Screens()
    begin, cpu = time.perf_counter(), server.cpu
    looked_at, others = await asyncio.gather(
        connect(server.port, CLIENTS // LOOKED_AT, seed.auths[-(CLIENTS // LOOKED_AT) :], screens.heard, CLIENTS),
        connect(server.port, CLIENTS - CLIENTS // LOOKED_AT, seed.auths, at_once=CLIENTS),
    )
    joined = time.perf_counter() - begin
    voters.come_back(others[:VOTERS])
    clients = looked_at + others
    # Number 1 is the publication.
    answers = await asyncio.gather(
        *(client.ask("board.watch", {"campaign": CAMPAIGN, "since": KNOWN + 1}) for client in clients)
    )
    for client, answer in zip(looked_at, answers, strict=False):
        screens.caught_up(client, answer, known)
    seconds, spent = time.perf_counter() - begin, server.cpu - cpu
    wrong = [answer for answer in answers if not up_to_date(answer, missed)]
    if wrong:
        print(f"{len(wrong)} of {CLIENTS} were told wrongly, the first: {wrong[0]}")
    await voting
    end = time.perf_counter() + PATIENCE
    while any(voters.waiting) and time.perf_counter() < end:  # noqa: ASYNC110  Here it is only a deadline.
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)
    close(clients)
    if refused := [said for said in voters.answers if b'"ok":true' not in said]:
        raise AssertionError(refused[0])
    name = f"{CLIENTS:,} people reconnect at once"
    return [
        Result(f"{name}: all connected", joined, "s", "", None),
        Result(f"{name}: all up to date", seconds, "s", f"≤ {GOAL} s", seconds <= GOAL and not wrong),
        Result("the same: server's CPU", 1000 * spent / CLIENTS, "ms each", "", None),
        *kept(seed, voters, screens, looked_at),
    ]


def kept(seed: Seed, voters: Voters, screens: Screens, looked_at: list[Client]) -> list[Result]:
    """What became of the votes that were made around the restart, in the rows and on the screens."""
    with closing(sqlite3.connect(seed.instance / "ensemble.sqlite")) as rows:
        [[votes]] = rows.execute("SELECT count(*) FROM vote")
        [[entries]] = rows.execute("SELECT count(*) FROM ballot_entry")
        truth = {str(idea): total for idea, total in rows.execute("SELECT id, votes FROM idea WHERE votes")}
    made = BEFORE + VOTERS * EACH
    lost, twice = made - votes, max(entries, sum(truth.values())) - made
    wrong = sum(screens.shown.get(client) != truth for client in looked_at)
    return [
        Result("the same: votes sent again", voters.again, f"of {VOTERS * EACH:,}", "", None),
        Result("the same: votes lost", lost, f"of {VOTERS * EACH:,}", "none", lost == 0 and not any(voters.waiting)),
        Result("the same: votes counted twice", twice, f"of {VOTERS * EACH:,}", "none", twice == 0),
        Result("the same: screens with wrong totals", wrong, f"of {len(looked_at):,}", "none", wrong == 0),
    ]
