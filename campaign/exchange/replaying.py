"""Real ballots once more, cast by real Socket.IO clients onto a running server.

The ballots come from a file, the voters are accounts made for them, each with a token for its socket. Every act carries
an id made of campaign, voter and project, so that a second run, or the same one after a lost connection, changes nothing.

Runs on greenlets: the process must have been patched by gevent, as wsgi.py does.
"""

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import gevent
import requests
import socketio
import websocket
from flask_babel import lazy_gettext as _l
from gevent.event import AsyncResult
from gevent.pool import Pool

from campaign.errors import Refused
from campaign.exchange.ballots import Act, Ballot

PATIENCE = 30.0  # Seconds for a connection, and for an acknowledgement.
PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # Before each try: together, long enough for a server to restart.
# Refused for good.
NO_USE = {
    "voting_closed",
    "voted_by_ballot",
    "votes_frozen",
    "idea_withdrawn",
    "idea_merged",
    "idea_expired",
    "own_idea",
    "no_vote",
    "no_vote_left",
    "name_untold",
    "verification_needed",
    "suspended",
    "key_used",
    "not_there",
    "bad_request",
}


class NoServer(Refused):
    code = "no_server"


class Unreachable(Exception):
    """A try that came to nothing: no connection, none any more, or no acknowledgement in time."""


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


class Replay:
    """Casts ballots through at most `clients` sockets at a time, one account each; the idlest makes room for the next.

    Each watches the board while it is connected, as a page does, so that the board counts who is there.
    """

    def __init__(self, url: str, slug: str, ideas: dict[str, int], tokens: dict[str, str], clients: int) -> None:
        self.url, self.slug, self.ideas, self.tokens, self.most = url, slug, ideas, tokens, clients
        self._seq: int | None = None  # The board's last number that a client was told: a page begins from one as well.
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
        self._watch(client)
        return client

    def _watch(self, client: socketio.Client) -> None:
        # The vote doesn't wait for it, and what the board tells from now on nobody reads.
        asked: dict[str, object] = {"campaign": self.slug} | ({} if self._seq is None else {"since": self._seq})
        with suppress(socketio.exceptions.SocketIOError):
            client.emit("board.watch", asked, callback=self._watching)

    def _watching(self, answer: dict) -> None:
        if answer["ok"]:
            self._seq = max(self._seq or 0, answer["seq"])

    def _close(self, clients: Iterable[socketio.Client]) -> None:
        for client in list(clients):
            with suppress(socketio.exceptions.SocketIOError, websocket.WebSocketException, OSError):
                client.disconnect()
