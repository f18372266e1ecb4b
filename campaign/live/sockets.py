"""Socket events: who asks, and how "yes" and "no" read in an acknowledgement."""

import json
from collections.abc import Callable, Hashable
from functools import lru_cache, partial, wraps
from typing import Any, NamedTuple

import structlog
from flask import Flask, current_app, request
from flask_babel import force_locale
from sqlalchemy.exc import DataError

from campaign.errors import BROKEN, BadRequest, Busy, Refused, as_json, begin_anew, is_late
from campaign.extensions import socketio
from campaign.languages import language_of_request
from campaign.live import persons
from campaign.live.boards import boards
from campaign.live.broadcasting import Message, compact
from campaign.live.engine import Connection, Engine, Quick, connection_of, sid_of
from campaign.live.gathering import Gathering

log = structlog.get_logger()

ANYBODY = object()  # Whose a client is that doesn't say for whom it speaks: of whoever they show to be.
UNANSWERED = 16  # Of one client in one moment; nobody taps faster, and nobody is to fill the queue of all.

Handler = Callable[[dict[str, Any]], dict[str, Any]]

_quick: dict[str, Quick] = {}


def on(event: str) -> Callable[[Handler], Handler]:
    """Answer an event that carries one object. The handler's dictionary, or its refusal, is the acknowledgement.

    Whoever is behind the socket is asked for anew at every event: a session that ended since is nobody's.
    """

    def decorate(handler: Handler) -> Handler:
        @socketio.on(event)
        @wraps(handler)
        def answer(*data: Any) -> dict[str, Any]:
            try:
                if len(data) != 1 or not isinstance(data[0], dict):
                    raise BadRequest
                return {"ok": True, **handler(data[0])}
            except Refused as error:
                begin_anew()
                return {"ok": False, "error": as_json(error)}
            except (DataError, UnicodeError):  # What no database can look for, such as a zero byte in a name.
                begin_anew()
                return {"ok": False, "error": as_json(BadRequest())}
            except Exception as error:
                begin_anew()
                if is_late(error):
                    log.warning("socket.late", asked=event, exc_info=True)
                    return {"ok": False, "error": as_json(Busy())}
                log.exception("socket.broken", asked=event)
                return {"ok": False, "error": {"code": "broken", "message": str(BROKEN)}}

        return handler

    return decorate


class Caller(NamedTuple):
    """Who connected, as far as it was known then. Whether their ticket is still good is asked at every event."""

    ticket: Hashable  # By what they were let in, as the slice of accounts understands it; None for nobody.
    language: str
    address: str = ""  # From where they connected.
    person: int | None = (
        None  # Whose ticket it was; to be compared with whom a page was made for, and good for nothing else.
    )


def on_together(
    event: str,
    gathering: Gathering,
    read: Callable[[str, Caller, dict[str, Any]], Any],
    tell: Callable[[Any], str],
) -> None:
    """Answer an event by a gathering: no greenlet and no request stands behind each, so thousands can ask at once.

    `read(sid, caller, data)` says what is asked, or refuses; `tell(answer)` is the gathering's answer as the JSON text
    of an object. Neither may wait.
    """

    def take(connection: Connection, number: int | None, data: Any) -> None:
        # In the loop: nothing here may wait.
        caller, app = connection.caller, connection.app
        try:
            if connection.unanswered >= UNANSWERED:
                raise Busy
            if not isinstance(data, dict):
                raise BadRequest
            asked = read(sid_of(socketio, connection), caller, data)
            gathering.put(app, asked, partial(_answer, connection, number, tell))
            connection.unanswered += 1
        except Refused as error:
            _acknowledge(connection, number, error, tell)

    _quick[event] = take

    @on(event)
    def answer(data: dict[str, Any]) -> dict[str, Any]:
        # The same event in a form that only python-socketio reads.
        sid = request.sid  # type: ignore[attr-defined]
        connection = connection_of(socketio, sid)
        if connection is None or connection.caller is None:
            raise BadRequest
        return json.loads(tell(gathering.ask(connection.app, read(sid, connection.caller, data))))


def _answer(connection: Connection, number: int | None, tell: Callable[[Any], str], answer: Any) -> None:
    connection.unanswered -= 1
    _acknowledge(connection, number, answer, tell)


def _acknowledge(connection: Connection, number: int | None, answer: Any, tell: Callable[[Any], str]) -> None:
    if number is None or connection.closed:
        return
    if isinstance(answer, Exception):
        text = compact({"ok": False, "error": _refusal(connection, answer)})
    else:
        text = tell(answer)
    connection.say(f"3{number}[{text}]")


def _refusal(connection: Connection, error: Exception) -> dict[str, Any]:
    if isinstance(error, Busy) or is_late(error):  # When it is heard most, there is the least time to say it.
        return _busy(connection.app, connection.caller.language)
    with connection.app.app_context(), force_locale(connection.caller.language):
        if isinstance(error, Refused):
            return as_json(error)
        return as_json(BadRequest()) if isinstance(error, DataError) else {"code": "broken", "message": str(BROKEN)}


@lru_cache(maxsize=16)
def _busy(app: Flask, language: str) -> dict[str, Any]:
    with app.app_context(), force_locale(language):
        return as_json(Busy())


def take_quick_events(engine: Engine) -> None:
    """Have the loop itself take what is answered together."""
    for event, take in _quick.items():
        engine.quick(event, take)


def _speaks_for(whose: Any, known: Caller) -> bool:
    """Whether a client that says that it is this person's may speak for them: `True` is no number here."""
    return whose is ANYBODY or (type(whose) is int and whose == known.person)


def _tell_changed(connection: Connection, whose: Any) -> None:
    if whose is not None:  # Once it is connected; what comes before that, some clients would not expect.
        socketio.start_background_task(connection.say, Message("person.changed", {}).text)


def identify_with(present: Callable[[str | None], str | None], admission: Gathering) -> None:
    """Open sockets to whoever comes: by session cookie, by `auth: {"token": …}`, or as nobody.

    A page outlives its reader's session, and the cookie with which its socket comes back may be another person's. So a page says
    in `auth: {"person": …}` for whom it was made, or null for nobody; to it, everybody else is nobody.

    `present(token)` is the secret that somebody shows, in the request by which they connect; `admission` finds whose
    it is for many at once, as a Caller or None, so that thousands can come back in the same moment.
    """

    @socketio.on("connect")
    def connect(auth: Any = None) -> bool:
        said = auth if isinstance(auth, dict) else {}
        token, whose = said.get("token"), said.get("person", ANYBODY)
        if token is not None and not (isinstance(token, str) and token.isascii()):
            return False
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        connection = connection_of(socketio, request.sid)  # type: ignore[attr-defined]
        secret = present(token)
        try:
            known: Caller | None = admission.ask(app, secret) if secret else None
        except Exception as error:  # noqa: BLE001  Whatever kept us from asking.
            # A refusal would be final for the browser's client. Who is only let go comes back after a while.
            log.warning("socket.unconnected", error=type(error).__name__)
            if connection is not None:
                connection.dismiss("try again")
            return False
        if token is not None and known is None:
            return False
        if connection is not None:
            if known and not _speaks_for(whose, known):
                known = None
                _tell_changed(connection, whose)
            ticket, profile = known[:2] if known else (None, None)
            connection.app, connection.caller = (
                app,
                Caller(ticket, language_of_request(profile), request.remote_addr or ""),
            )
            if ticket is not None and not connection.closed:
                persons.arrive(request.sid, ticket)  # type: ignore[attr-defined]
        return True

    @socketio.on("disconnect")
    def disconnect(*reason: Any) -> None:
        boards.leave(request.sid)  # type: ignore[attr-defined]
        persons.leave(request.sid)  # type: ignore[attr-defined]
