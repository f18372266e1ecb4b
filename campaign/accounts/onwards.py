"""Where somebody goes on to, once they are signed in or have chosen something: `next`, if that is a page of ours."""

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from campaign.accounts.access import local_path

DOORS = {f"accounts.{page}" for page in ("sign_in", "sign_up", "forgotten", "mailbox", "reset")}


def onwards() -> str:
    """Where to go now: what was wanted, or the front page."""
    return wanted() or "/"


def wanted() -> str | None:
    """Where `next` leads, if that is a page of ours and not one of the doors in."""
    path = local_path(request.values.get("next")) or (referrer() if request.method == "POST" else None)
    if path is None:
        return None
    try:
        endpoint = current_app.url_map.bind("").match(urlsplit(path).path, method="GET")[0]
    except MethodNotAllowed:
        return None  # What was refused as a form can't be opened as a page.
    except HTTPException:
        return path  # A page that is not there says so itself.
    return None if request.endpoint in DOORS and endpoint in DOORS else path


def referrer() -> str | None:
    """The page of ours that the asker comes from."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:  # Such as “http://[”, which no browser sends.
        return None
    if parts.netloc != request.host:
        return None
    return local_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)
