"""Simulated participants: a few people of the demo who keep its board alive for the first minutes.

They come in by the same doors as everybody: votes by socket, with a token made for them, ideas and remarks by the pages'
own forms. So whatever they do reaches every open board, in the server's process, as if somebody had done it. They run in
a process of their own, and their names say what they are.
"""

import os
import random
import re
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import requests
import socketio
import structlog
from flask import Flask
from socketio.exceptions import SocketIOError
from sqlalchemy.exc import SQLAlchemyError

from campaign.accounts.access import digest
from campaign.accounts.models import ApiToken, Person, SignIn
from campaign.demo.loading import PASSWORD, demo_campaign
from campaign.demo.models import Simulation
from campaign.demo.simulation import simulation_on
from campaign.demo.texts import read_content
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea
from campaign.ideas.totals import on_board
from campaign.votes.models import Vote

# Seconds: between two votes of all of them together, between two ideas or remarks, and until the first of these.
VOTES = (1, 6)
WORDS = (60, 90)
FIRST_WORDS = (25, 40)

GLANCE = 2  # How often they look whether they are still wanted, and what stands on the board.
PATIENCE = 15  # How long they wait for a server that is gone.
STARTING = 60  # How long they wait for one that is about to start.
CHANGE_OF_MIND = 0.25  # How likely somebody takes back a vote that they come across again.

_CSRF = re.compile(r'name="csrf_token"[^>]*\bvalue="([^"]+)"')

log = structlog.get_logger()


class Participant:
    """One of them: signed in on a socket, and in a browser once there is something to write."""

    def __init__(self, person: Person, token: str, url: str, tags: dict[str, Any]) -> None:
        self.id, self.email, self.url = person.id, person.email, url
        self.support: set[int] = set()
        self._token, self._tags = token, tags
        self._browser: requests.Session | None = None
        self._socket = socketio.Client(handle_sigint=False, reconnection_delay_max=3)

    @property
    def here(self) -> bool:
        return bool(self._socket.connected)

    def watch(self, slug: str) -> None:
        """Connect and watch the board, again after every interruption."""
        self._socket.on("connect", lambda: self._socket.emit("board.watch", {"campaign": slug}))
        self._socket.connect(self.url, auth={"token": self._token}, transports=["websocket"])

    def leave(self) -> None:
        self._socket.shutdown()

    def vote(self, idea: int) -> str | None:
        """Support the idea, or not any more. Gives the code of a refusal."""
        event = "vote.withdraw" if idea in self.support else "vote.cast"
        answer = self._socket.call(event, {"idea": idea, "id": secrets.token_urlsafe(12)}, timeout=10)
        if not answer["ok"]:
            return str(answer["error"]["code"])
        self.support ^= {idea}
        return None

    def suggest(self, slug: str, idea: dict[str, Any]) -> bool:
        """Send the idea by the form. Its key makes a second sending harmless."""
        words = {name: idea[name] for name in ("title", "text", "category", "language")}
        words["yours"] = "own"
        words["tags"] = ", ".join(self._tags[tag]["name"] for tag in idea["tags"])
        return self._send(f"/campaigns/{slug}/ideas/new", {**words, "key": f"simulated-{idea['key']}"})

    def remark(self, idea: int, text: str) -> bool:
        return self._send(f"/ideas/{idea}/comments", {"text": text, "key": f"simulated-{idea}"})

    def _send(self, path: str, fields: dict[str, str]) -> bool:
        browser = self._browser or self._sign_in()
        csrf = _CSRF.search(browser.get(f"{self.url}/profile", timeout=10).text)
        if csrf is None:
            return False
        sent = browser.post(
            f"{self.url}{path}", data={**fields, "csrf_token": csrf[1]}, timeout=10, allow_redirects=False
        )
        # A page that asks again, or the door, means that it wasn't taken.
        return sent.status_code == 302 and "/sign-in" not in sent.headers["Location"]

    def _sign_in(self) -> requests.Session:
        browser = self._browser = requests.Session()
        browser.trust_env = False  # The server is this machine's own, whatever proxy leads to others.
        csrf = _CSRF.search(browser.get(f"{self.url}/sign-in", timeout=10).text)
        fields = {"email": self.email, "password": PASSWORD, "csrf_token": csrf[1] if csrf else ""}
        browser.post(f"{self.url}/sign-in", data=fields, timeout=10, allow_redirects=False)
        return browser


def take_part(app: Flask, url: str) -> None:
    """Let them take part until their time is over, the switch is off, the server is gone, or our parent has died."""
    sent_home = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, lambda *_what: sent_home.set())
    parent = os.getppid()

    def wanted() -> bool:
        return not sent_home.is_set() and os.getppid() == parent

    if not _wait_for(url, wanted):
        return
    with (
        app.app_context(),
        suppress(SQLAlchemyError),
    ):  # A database that went with its server needs no goodbye.
        outing = _Outing(url, wanted)
        try:
            outing.run()
        finally:
            outing.end()


def _wait_for(url: str, wanted: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + STARTING
    while wanted() and time.monotonic() < deadline:
        with suppress(requests.RequestException), requests.Session() as browser:
            browser.trust_env = False
            if browser.get(f"{url}/healthz", timeout=5).ok:
                return True
        time.sleep(0.3)
    return False


class _Outing:
    """One run of all of them on the demo's board."""

    def __init__(self, url: str, wanted: Callable[[], bool]) -> None:
        self.wanted, self.dice = wanted, random.Random()  # noqa: S311  Nothing is won by guessing it.
        told, self.tags = (
            read_content("further"),
            {tag["key"]: tag for tag in read_content("campaign")["tags"]},
        )
        self.further, self.remarks = told["ideas"], told["remarks"]
        self.titles = {remark["on"]: read_content(f"ideas/{remark['on']}")["title"] for remark in self.remarks}
        self.campaign = demo_campaign()
        self.simulation = simulation_on(self.campaign) if self.campaign else None
        self.until = self.simulation.until if self.simulation else None
        people = self._find([one["email"] for one in told["people"]])
        self.ids = [person.id for person in people.values()]
        self._forget_tokens()  # Those of a process that was killed.
        self.participants = {
            one["key"]: Participant(people[one["email"]], self._make_token(people[one["email"]]), url, self.tags)
            for one in told["people"]
            if one["email"] in people
        }
        for participant in self.participants.values():
            votes = db.select(Vote.idea_id).where(Vote.voter_id == participant.id)
            participant.support = set(db.session.scalars(votes))
        db.session.commit()

    def run(self) -> None:
        if self.campaign is None or self.until is None or not self.participants:
            return
        slug, clock = self.campaign.slug, time.monotonic
        next_vote, next_words, next_glance, seen = (
            clock(),
            clock() + self.dice.uniform(*FIRST_WORDS),
            0.0,
            clock(),
        )
        words = self._words()
        board: list[tuple[int, int, int]] = []
        for participant in self.participants.values():
            with suppress(SocketIOError):
                participant.watch(slug)
        while self.wanted() and clock() - seen < PATIENCE:
            if clock() >= next_glance:
                next_glance = clock() + GLANCE
                if not self._still_on():
                    return
                board = self._board()
            if any(participant.here for participant in self.participants.values()):
                seen = clock()
                if clock() >= next_vote:
                    next_vote = clock() + self.dice.uniform(*VOTES)
                    if self._vote(board) in ("voting_closed", "sign_in_first"):
                        return
                if clock() >= next_words:
                    next_words = clock() + self.dice.uniform(*WORDS)
                    with suppress(requests.RequestException):
                        next(words, None)
            time.sleep(0.25)

    def end(self) -> None:
        """Leave nothing behind but what was given."""
        for participant in self.participants.values():
            participant.leave()
        self._forget_tokens()
        if self.campaign and self.until:
            # Only one's own: a server started since may have sent others.
            mine = Simulation.campaign_id == self.campaign.id, Simulation.until == self.until
            db.session.execute(db.delete(Simulation).where(*mine))
        db.session.commit()

    # What they see.

    def _still_on(self) -> bool:
        """Whether the switch is on: read afresh, and the connection given back until the next look."""
        db.session.rollback()
        assert self.campaign is not None
        simulation = simulation_on(self.campaign)
        return simulation is not None and simulation.until == self.until

    def _board(self) -> list[tuple[int, int, int]]:
        assert self.campaign is not None
        seen = db.select(Idea.id, Idea.author_id, Idea.votes).where(*on_board(self.campaign))
        return [(idea, author, votes) for idea, author, votes in db.session.execute(seen)]

    # What they do.

    def _vote(self, board: list[tuple[int, int, int]]) -> str | None:
        who = self.dice.choice([one for one in self.participants.values() if one.here])
        others = [(idea, votes) for idea, author, votes in board if author != who.id]
        if not others:
            return None
        # What many like is liked again, but not so much that the small ones never move.
        for idea in self.dice.choices(
            [idea for idea, _votes in others], [(2 + votes) ** 0.5 for _idea, votes in others], k=20
        ):
            if idea not in who.support or self.dice.random() < CHANGE_OF_MIND:
                with suppress(SocketIOError):
                    return who.vote(idea)
                return None
        return None

    def _words(self) -> Iterator[bool]:
        """Ideas and remarks in turn, each once, also over several runs."""
        ideas = [lambda one=one: self._suggest(one) for one in self.further]
        remarks = [lambda one=one: self._remark(one) for one in self.remarks]
        turns = [act for pair in zip(ideas, remarks, strict=False) for act in pair]
        for act in [*turns, *remarks[len(ideas) :]]:
            if (done := act()) is not None:
                yield done

    def _suggest(self, idea: dict[str, Any]) -> bool | None:
        assert self.campaign is not None
        if self._idea(idea["title"]) is not None or idea["author"] not in self.participants:
            return None
        return self.participants[idea["author"]].suggest(self.campaign.slug, idea)

    def _remark(self, remark: dict[str, Any]) -> bool | None:
        idea, who = self._idea(self.titles[remark["on"]]), self.participants.get(remark["author"])
        if idea is None or who is None:
            return None
        said = db.select(Comment.id).where(Comment.author_id == who.id, Comment.idea_id == idea)
        if db.session.scalar(said) is not None:
            return None
        return who.remark(idea, remark["text"])

    def _idea(self, title: str) -> int | None:
        assert self.campaign is not None
        return db.session.scalar(db.select(Idea.id).where(*on_board(self.campaign), Idea.title == title))

    # How they come in.

    def _find(self, emails: list[str]) -> dict[str, Person]:
        found = db.session.scalars(db.select(Person).where(Person.email.in_(emails)))
        return {person.email: person for person in found}

    def _make_token(self, person: Person) -> str:
        token = secrets.token_urlsafe(32)
        db.session.add(ApiToken(person_id=person.id, token_hash=digest(token), purpose="simulation"))
        return token

    def _forget_tokens(self) -> None:
        db.session.execute(db.delete(ApiToken).where(ApiToken.person_id.in_(self.ids)))
        db.session.execute(db.delete(SignIn).where(SignIn.person_id.in_(self.ids)))
