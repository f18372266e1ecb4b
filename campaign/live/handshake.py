"""The handshake: from a WSGI request to a WebSocket, and to the socket that goes on when the request has ended."""

from typing import Any

import gevent.socket
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol


def shake_hands(environ: dict[str, Any]) -> Response:
    """What the client's request for a WebSocket is answered with: status 101, or what is wrong with it (RFC 6455, 4.2)."""
    headers = Headers()
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            headers[name[5:].replace("_", "-").title()] = value
    # Origins were checked before (cors_allowed_origins). No extension is offered, so permessage-deflate is refused.
    protocol = ServerProtocol()
    return protocol.accept(Request(environ.get("PATH_INFO", "/"), headers, environ["REQUEST_METHOD"]))


def socket_of(environ: dict[str, Any]) -> Any:
    """The client's socket, from gunicorn or from gevent's own server; None where it can't be taken over."""
    socket = environ.get("gunicorn.socket")
    if socket is None:
        given = environ.get("wsgi.input")
        socket = getattr(getattr(getattr(given, "rfile", given), "raw", None), "_sock", None)
    return socket if isinstance(socket, gevent.socket.socket) else None
