"""What every response says to the browser about safety."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g


def csp_nonce() -> str:
    """The nonce of this response; a script or style of ours carries it, and nothing else may run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def register(app: Flask) -> None:
    """Protect every response, and give templates the nonce of theirs."""
    app.add_template_global(csp_nonce)
    app.after_request(_protect)


_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _protect(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    policy = (
        f"default-src 'self'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data: blob:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    said = {name.lower() for name, _value in response.headers}
    for name, value in (("Content-Security-Policy", policy), *_ALWAYS.items()):
        if name.lower() not in said:
            response.headers.add(name, value)
    if response.mimetype == "text/html":
        # What a page says is for its reader, and no longer true when somebody else sits there.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.add("Accept-Language")  # Who has chosen no language reads the one that the browser prefers.
    return response


# What browsers send here is far shorter. Servers join repeated lines to one, and what a client prefers among a hundred
# thousand things takes seconds to find out, in which nobody is answered.
_LONGEST = {
    "HTTP_ACCEPT": 500,
    "HTTP_ACCEPT_CHARSET": 500,
    "HTTP_ACCEPT_ENCODING": 500,
    "HTTP_ACCEPT_LANGUAGE": 500,
    "HTTP_CACHE_CONTROL": 500,
    "HTTP_COOKIE": 16_384,  # Those of a whole domain come along.
    "HTTP_IF_MATCH": 500,
    "HTTP_IF_NONE_MATCH": 500,
    "HTTP_RANGE": 500,
    "CONTENT_TYPE": 500,
}


def bounded(app: Callable[..., Any]) -> Callable[..., Any]:
    """The application, given no more of a header than anybody means to send: the rest is cut off."""

    def passed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        for name, longest in _LONGEST.items():
            if len(environ.get(name, "")) > longest:
                environ[name] = environ[name][:longest]
        return app(environ, start_response)

    return passed


def unforwarded(app: Callable[..., Any]) -> Callable[..., Any]:
    """The application without what a request claims of a proxy, where there is none: it would widen the origins of sockets."""

    def passed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        claims = [environ.pop(name, None) for name in ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")]
        environ["ensemble.passed_on"] = any(claim is not None for claim in claims)
        return app(environ, start_response)

    return passed
