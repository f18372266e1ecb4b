"""Real ballots once more, cast by real Socket.IO clients onto a running server.

The ballots come from a file, the voters are accounts made for them, each with a token for its socket. Every act carries
an id made of campaign, voter and project, so that a second run, or the same one after a lost connection, changes nothing.

Runs on greenlets: the process must have been patched by gevent, as wsgi.py does.
"""

import hashlib
import re
import secrets
import time
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import gevent
import requests
import socketio
import websocket
from flask_babel import lazy_gettext as _l
from gevent.event import AsyncResult
from gevent.pool import Pool
from sqlalchemy import insert

from campaign.accounts.access import digest
from campaign.accounts.models import ApiToken, Person
from campaign.campaigns.models import Campaign
from campaign.clock import now
from campaign.errors import Refused
from campaign.exchange.importing import pabulib_key, polis_key
from campaign.exchange.readers.pabulib import PabulibElection
from campaign.exchange.readers.polis import Conversation
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.votes.models import Vote

PATIENCE = 30.0  # Seconds for a connection, and for an acknowledgement.
PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # Before each try: together, long enough for a server to restart.
NO_USE = {"voting_closed", "idea_withdrawn", "own_idea", "not_there", "bad_request"}  # Refused for good.
NAMED = 10  # Projects of which a sentence speaks by name.
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,40}")


class NotOpen(Refused):
    code = "not_open"


class DoesNotFit(Refused):
    code = "does_not_fit"


class NoServer(Refused):
    code = "no_server"


class Unreachable(Exception):
    """A try that came to nothing: no connection, none any more, or no acknowledgement in time."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a voter does: `vote.cast` or `vote.withdraw`, for the idea with this key."""

    event: str
    key: str
    id: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one voter does in one go."""

    voter: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Election:
    """What is replayed, and what it should come to: the total of each idea by its key."""

    ballots: list[Ballot]
    expected: dict[str, int]

    @property
    def voters(self) -> list[str]:
        return list(dict.fromkeys(ballot.voter for ballot in self.ballots))


@dataclass(frozen=True)
class Failure:
    """An act that wasn't stored after all tries."""

    voter: str
    key: str
    reason: str


@dataclass
class Course:
    """How a replay went."""

    ballots: int = 0
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    waits: array = field(default_factory=lambda: array("d"))  # Seconds until each acknowledgement.

    @property
    def acts(self) -> int:
        return len(self.waits)

    def waited(self, share: float) -> float:
        """The milliseconds within which that share of the acts was acknowledged."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass(frozen=True)
class Difference:
    """An idea whose total isn't the file's. `strangers`: votes in it by people who are not from the file."""

    key: str
    title: str
    expected: int
    found: int
    strangers: int

    def __str__(self) -> str:
        by_others = f", {self.strangers} of them by people who are not from the file" if self.strangers else ""
        return f"{self.key} “{self.title}”: {self.expected} in the file, {self.found} on the board{by_others}"


def pabulib_ballots(election: PabulibElection, slug: str) -> Election:
    """Each ballot of a participatory budget as votes; expected is what the file states, or else what its ballots give."""
    ballots = [
        Ballot(
            ballot.voter,
            tuple(
                Act("vote.cast", pabulib_key(project), _act_id(slug, ballot.voter, project))
                for project in ballot.approvals
            ),
        )
        for ballot in election.ballots
    ]
    counted = election.tally()
    expected = {
        pabulib_key(project.id): counted[project.id] if project.votes is None else project.votes
        for project in election.projects
    }
    return Election(ballots, expected)


def polis_ballots(conversation: Conversation, slug: str) -> Election:
    """Each agreement of a conversation as a vote, in the order of their times.

    Who agreed and then disagrees or passes takes the vote back. A statement that was never shown has no idea, so its
    votes are left out.
    """
    shown = {statement.id for statement in conversation.statements if not statement.rejected}
    times: Counter[tuple[str, str]] = Counter()
    agreeing: set[tuple[str, str]] = set()
    ballots = []
    for vote in conversation.votes:
        pair = (vote.voter, vote.statement)
        agrees = vote.choice == "agree"
        if vote.statement not in shown or agrees == (pair in agreeing):
            continue
        (agreeing.add if agrees else agreeing.remove)(pair)
        times[pair] += 1
        act_id = _act_id(slug, vote.voter, vote.statement, times[pair])
        event = "vote.cast" if agrees else "vote.withdraw"
        ballots.append(Ballot(vote.voter, (Act(event, polis_key(vote.statement), act_id),)))
    totals = Counter(statement for _voter, statement in agreeing)
    return Election(ballots, {polis_key(statement): totals[statement] for statement in shown})


def check_open(campaign: Campaign) -> None:
    """Raise NotOpen, and why, where votes would be refused."""
    if campaign.accepts_votes and campaign.visibility != "members":
        return
    if campaign.is_draft:
        reason = _l("it is a draft")
    elif campaign.is_closed:
        reason = _l("it was closed")
    elif campaign.opens_at > now():
        reason = _l("it has not begun")
    elif campaign.visibility == "members":
        reason = _l("only members may see it, and the voters of a file are none")
    else:
        reason = _l("the time for votes is over")
    raise NotOpen(_l("The campaign “%(slug)s” takes no votes: %(reason)s.", slug=campaign.slug, reason=reason))


def ideas_for(campaign: Campaign, election: Election) -> dict[str, int]:
    """The id of the idea for each key of the file. Raises DoesNotFit, naming those that are not on the board."""
    rows = db.session.execute(
        db.select(Idea.key, Idea.id).where(
            Idea.campaign_id == campaign.id, Idea.key.is_not(None), ~Idea.withdrawal.has()
        )
    )
    there = {row.key: row.id for row in rows}
    if missing := [key for key in election.expected if key not in there]:
        names = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        raise DoesNotFit(
            _l(
                "This file doesn’t fit the campaign “%(slug)s”: %(missing)s of %(all)s ideas are not on its board (%(names)s).",
                slug=campaign.slug,
                missing=len(missing),
                all=len(election.expected),
                names=names,
            )
        )
    return {key: there[key] for key in election.expected}


def check_server(url: str) -> None:
    """Raise NoServer unless an installation answers there."""
    try:
        with requests.Session() as browser:
            browser.trust_env = False  # A proxy doesn't lead back to this machine, where the server usually is.
            answer = browser.get(f"{url}/healthz", timeout=10)
        if answer.ok and answer.text.strip() == "ok":
            return
    except requests.RequestException:
        pass
    raise NoServer(
        _l(
            "No Ensemble answers at %(url)s. Start it with “campaign serve”, or say where it is with --url.",
            url=url,
        )
    )


@contextmanager
def voters(campaign: Campaign, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """An account for each voter of the file, made or found again, and a token that lasts as long as the block."""
    addresses = {name: _address(campaign.slug, name) for name in names}
    ids = _ids_of(campaign.slug)
    new = [
        {"email": address, "name": f"Voter {name}"[:60], "language": campaign.languages[0]}
        for name, address in addresses.items()
        if address not in ids
    ]
    if new:
        db.session.execute(insert(Person), new)
        ids = _ids_of(campaign.slug)
    purpose = f"replay {campaign.slug}"[:60]
    tokens = {name: secrets.token_urlsafe(32) for name in names}
    rows = [
        {"person_id": ids[addresses[name]], "token_hash": digest(token), "purpose": purpose}
        for name, token in tokens.items()
    ]
    if rows:
        db.session.execute(insert(ApiToken), rows)
    db.session.commit()
    try:
        yield tokens
    finally:
        db.session.rollback()
        # Also what an earlier run left when it was killed.
        mine = db.select(Person.id).where(Person.email.endswith(_host(campaign.slug), autoescape=True))
        db.session.execute(
            db.delete(ApiToken).where(ApiToken.purpose == purpose, ApiToken.person_id.in_(mine)),
            execution_options={"synchronize_session": False},
        )
        db.session.commit()


def differences(campaign: Campaign, election: Election, ideas: dict[str, int]) -> list[Difference]:
    """Each idea whose total in the database isn't the file's. Both the total and the votes themselves are counted."""
    cast = db.select(db.func.count(Vote.voter_id)).where(Vote.idea_id == Idea.id).correlate(Idea)
    ours = db.select(Person.id).where(Person.email.endswith(_host(campaign.slug), autoescape=True))
    strange = cast.where(Vote.voter_id.not_in(ours))
    totals = db.select(
        Idea.id,
        Idea.title,
        Idea.votes,
        cast.scalar_subquery().label("cast"),
        strange.scalar_subquery().label("strangers"),
    ).where(Idea.campaign_id == campaign.id)
    found = {row.id: row for row in db.session.execute(totals)}
    return [
        Difference(
            key,
            row.title,
            election.expected[key],
            row.votes if row.votes != election.expected[key] else row.cast,
            row.strangers,
        )
        for key, row in ((key, found[idea]) for key, idea in ideas.items())
        if not row.votes == row.cast == election.expected[key]
    ]


class Replay:
    """Casts ballots through at most `clients` sockets at a time, one account each; the idlest makes room for the next."""

    def __init__(self, url: str, ideas: dict[str, int], tokens: dict[str, str], clients: int) -> None:
        self.url, self.ideas, self.tokens, self.most = url, ideas, tokens, clients
        self.course = Course()
        self._idle: OrderedDict[str, socketio.Client] = OrderedDict()  # Connected, the longest unused first.
        self._busy = 0
        self._stopped: BaseException | None = None

    def run(self, ballots: Iterable[Ballot], speed: float, progress: Callable[[int], None]) -> Course:
        """Cast all ballots, `speed` of them a second (0: as fast as it goes), and wait for every acknowledgement.

        Raises NoServer when nobody answers any more; what was acknowledged until then is stored.
        """
        pool = Pool(self.most)
        last: dict[str, gevent.Greenlet] = {}
        begun = time.monotonic()
        try:
            for number, ballot in enumerate(ballots):
                if speed:
                    gevent.sleep(max(0.0, begun + number / speed - time.monotonic()))
                pool.wait_available()
                if self._stopped:
                    break
                # What one voter does keeps its order.
                last[ballot.voter] = pool.spawn(self._vote, ballot, last.get(ballot.voter), progress)
                last[ballot.voter].link_exception(self._broke)
            pool.join()
        finally:
            pool.kill()
            self._close(self._idle.values())
        self.course.seconds = time.monotonic() - begun
        if self._stopped:
            raise self._stopped
        return self.course

    def probe(self, voter: str) -> None:
        """Raise NoServer if the server doesn't take this voter in: then it serves another database."""
        try:
            self._connect(voter).disconnect()
        except Unreachable:
            raise NoServer(
                _l(
                    "The server at %(url)s doesn’t know these voters. It must run on the same INSTANCE or DATABASE_URL as this command.",
                    url=self.url,
                )
            ) from None

    def _vote(self, ballot: Ballot, before: gevent.Greenlet | None, progress: Callable[[int], None]) -> None:
        if before is not None:
            before.join()
        if self._stopped:
            return
        try:
            for act in ballot.acts:
                if reason := self._do(ballot.voter, act):
                    self.course.failures.append(Failure(ballot.voter, act.key, reason))
            self.course.ballots += 1
            progress(1)
        except NoServer as error:
            self._stopped = error

    def _broke(self, greenlet: gevent.Greenlet) -> None:
        self._stopped = greenlet.exception  # Raised by run(), not lost here.

    def _do(self, voter: str, act: Act) -> str:
        """Do one act until it is acknowledged. Returns why it wasn't in the end, or nothing."""
        reason, stored_before = "", self.course.acts
        for pause in PAUSES:
            gevent.sleep(pause)
            if self._stopped:
                return reason
            try:
                answer = self._ask(voter, act)
            except Unreachable as error:
                reason = str(error)
                continue
            if answer["ok"]:
                return ""
            reason = answer["error"]["message"]
            stored_before = -1  # The server is there.
            if answer["error"]["code"] in NO_USE:
                break
        if stored_before == self.course.acts:
            raise NoServer(
                _l(
                    "The server at %(url)s stopped answering after %(count)s ballots. Run the same command again: nothing is counted twice.",
                    url=self.url,
                    count=self.course.ballots,
                )
            )
        return reason

    def _ask(self, voter: str, act: Act) -> dict:
        self._busy += 1
        client = None
        try:
            client = self._idle.pop(voter, None) or self._connect(voter)
            answer: AsyncResult = AsyncResult()
            client.on("disconnect", lambda *_reason: answer.set_exception(Unreachable("the connection was lost")))
            began = time.monotonic()
            client.emit(act.event, {"idea": self.ideas[act.key], "id": act.id}, callback=answer.set)
            with gevent.Timeout(PATIENCE, Unreachable(f"no acknowledgement within {PATIENCE:.0f} s")):
                told = answer.get()
        except (Unreachable, socketio.exceptions.SocketIOError) as error:
            if client is not None:
                self._close([client])
            raise Unreachable(str(error)) from None
        finally:
            self._busy -= 1
        self._idle[voter] = client
        if told["ok"]:
            self.course.waits.append(time.monotonic() - began)
        return told

    def _connect(self, voter: str) -> socketio.Client:
        while self._idle and self._busy + len(self._idle) > self.most:
            self._close([self._idle.popitem(last=False)[1]])
        client = socketio.Client(reconnection=False, handle_sigint=False, request_timeout=PATIENCE)
        try:
            client.connect(
                self.url, auth={"token": self.tokens[voter]}, transports=["websocket"], wait_timeout=PATIENCE
            )
        except (socketio.exceptions.SocketIOError, websocket.WebSocketException, OSError) as error:
            self._close([client])
            raise Unreachable(str(error)) from None
        return client

    def _close(self, clients: Iterable[socketio.Client]) -> None:
        for client in list(clients):
            with suppress(socketio.exceptions.SocketIOError, websocket.WebSocketException, OSError):
                client.disconnect()


def _act_id(slug: str, voter: str, project: str, time: int = 1) -> str:
    text = f"replay-{slug}-{voter}-{project}" + (f"-{time}" if time > 1 else "")
    # The ballot box takes 64 plain characters.
    if len(text) <= 64 and text.isascii() and text.isprintable():
        return text
    return f"replay-{hashlib.sha256(text.encode()).hexdigest()[:48]}"


def _host(slug: str) -> str:
    return f"@{slug}.replay.invalid"


def _address(slug: str, voter: str) -> str:
    plain = voter if _PLAIN.fullmatch(voter) else hashlib.sha256(voter.encode()).hexdigest()[:32]
    return f"voter-{plain}{_host(slug)}"


def _ids_of(slug: str) -> dict[str, int]:
    rows = db.session.execute(
        db.select(Person.email, Person.id).where(Person.email.endswith(_host(slug), autoescape=True))
    )
    return {row.email: row.id for row in rows}
