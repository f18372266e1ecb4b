"""Socket events: who asks, and how "yes" and "no" read in an acknowledgement."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import request, session
from flask_babel import gettext as _
from sqlalchemy.exc import DataError

from campaign.errors import BadRequest, Refused, as_json
from campaign.extensions import db, socketio
from campaign.live.boards import boards

log = structlog.get_logger()

Handler = Callable[[dict[str, Any]], dict[str, Any]]


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
                db.session.rollback()
                return {"ok": False, "error": as_json(error)}
            except DataError:  # What no database can look for, such as a zero byte in a name.
                db.session.rollback()
                return {"ok": False, "error": as_json(BadRequest())}
            except Exception:
                db.session.rollback()
                log.exception("socket.broken", asked=event)
                sentence = _(
                    "Something broke on our side. It is written down, and nothing that you sent before is lost."
                )
                return {"ok": False, "error": {"code": "broken", "message": sentence}}

        return handler

    return decorate


def identify_with(sign_in_by_token: Callable[[str], bool]) -> None:
    """Open sockets to whoever comes: by session cookie, by `auth: {"token": …}`, or as nobody."""

    @socketio.on("connect")
    def connect(auth: Any = None) -> bool:
        token = auth.get("token") if isinstance(auth, dict) else None
        if token is None:
            return True
        session.clear()  # A token speaks for itself; the cookie of the same browser doesn't count.
        return isinstance(token, str) and sign_in_by_token(token)

    @socketio.on("disconnect")
    def disconnect(*reason: Any) -> None:
        boards.leave(request.sid)  # type: ignore[attr-defined]
