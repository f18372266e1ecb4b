"""Which site a request comes from, as the browser says it, and forms that are only good from our own."""

from flask import request
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from wtforms import ValidationError

FORMER = "former_csrf_token"  # In the session: that of the pages which were open when somebody signed in.


def is_from_our_page() -> bool:
    """Whether the browser says that a page of this site sent the request."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    # Browsers tell the site only where they trust the connection; without TLS there is at least the origin.
    return request.headers.get("Origin") == request.host_url.rstrip("/")


class FormProtection(CSRFProtect):
    """Forms carry a token, which changes when somebody signs in: whoever knew the session before must not act for them.

    A form that was open in another window then still has the former one, which the browser has to vouch for.
    """

    def _error_response(self, reason: str) -> None:
        if not (is_from_our_page() and self._has_former_token()):
            raise CSRFError(reason)

    def _has_former_token(self) -> bool:
        try:
            validate_csrf(self._get_csrf_token(), token_key=FORMER)
        except ValidationError:
            return False
        return True
