"""How "no" reads: on a page, in JSON, and in a socket's acknowledgement."""

import sqlite3
from typing import Any

from flask import Flask, Response, after_this_request, current_app, g, jsonify, redirect, render_template, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from campaign.database import Overdue
from campaign.extensions import db
from campaign.long_texts import LongTexts
from campaign.origins import is_from_our_page

LATE = (Overdue, NoConnection, OperationalError)  # Another's writing takes too long, or the database is away.
BROKEN = _l("Something broke on our side. It is written down, and nothing that you sent before is lost.")


REPEATED = 256 * 1024  # Characters of a form that are offered again to whoever sent it without being let in.


class BadSetting(Exception):
    """A setting that makes no sense. The start stops, with this one sentence."""

    def __init__(self, name: str, rule: str, given: str) -> None:
        super().__init__(f"{name} {rule}, not '{given}'.")


class Refused(Exception):
    """Against the rules. A subclass gives the code for programs and the sentence for the person who asked.

    `field` names the form field that the sentence belongs beside, where there is one.
    """

    code: str = "refused"
    message: Any = _l("This isn’t possible.")
    status: int = 409
    field: str | None = None
    leads_to: tuple[Any, Any] | None = None  # An address and its words, where going there is the way on.
    goes_on: str | None = None  # A page to which a browser is led at once, instead of to the sentence.
    retry_after: int | None = None  # Seconds after which the same may well succeed.

    def __init__(self, message: Any = None, field: str | None = None) -> None:
        self.message = message or self.message
        self.field = field or self.field
        super().__init__(str(self.code))


class NotThere(Refused):
    """Missing and hidden look the same."""

    code, message, status = "not_there", _l("There is nothing here, or it isn’t open to you."), 404


class SignInFirst(Refused):
    code, message, status = (
        "sign_in_first",
        _l("Sign in first: a contribution carries its author’s name."),
        401,
    )

    def __init__(self, message: Any = None, onwards: str | None = None) -> None:
        super().__init__(message)
        self.onwards = onwards  # Where to go once signed in, instead of back to the page they came from.


class BadRequest(Refused):
    code, message, status = "bad_request", _l("This request can’t be understood."), 400


class Busy(Refused):
    """Too many wait already, or the database does not answer. The same can be sent again after `retry_after` seconds."""

    code, status = "busy", 503
    message = _l("Very many people are here right now. Nothing is lost: try again in a few seconds.")
    retry_after = 2


class StalePage(Refused):
    """A form came from a page that is no longer valid, for instance because its reader signed in elsewhere."""

    code, status = "bad_request", 400

    def __init__(self, files: bool, too_long: bool = False) -> None:
        # Files: whether some were chosen. A browser lets no page choose them again.
        again = _l("This page was open for too long, so nothing was sent. Read it, then send it again.")
        with_files = _l(
            "This page was open for too long, so nothing was sent. Choose your files again, then send it again."
        )
        in_the_browser = _l(
            "This page was open for too long, so nothing was sent. It was too much to show it here again: "
            "your browser’s Back button leads to it. Copy it, reload that page, and send it again."
        )
        super().__init__(in_the_browser if too_long else with_files if files else again)


def wants_json() -> bool:
    """Whether the asker is a program (or our own scripts), not a person with a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def as_json(error: Refused) -> dict[str, Any]:
    """A refusal as data, the same for fetch and for a socket's acknowledgement."""
    said: dict[str, Any] = {"code": error.code, "message": str(error.message)}
    if error.goes_on is not None and error.leads_to is not None:
        said["way_on"] = {"url": error.goes_on, "text": str(error.leads_to[1])}
    return said if error.retry_after is None else {**said, "retry_after": error.retry_after}


def register(app: Flask) -> None:
    """Say no in one voice everywhere."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(DataError, _senseless)
    for late in LATE:
        app.register_error_handler(late, _late)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def is_late(error: Exception) -> bool:
    """Whether the database was only late or away for a moment, so that the same may well succeed a little later."""
    if not isinstance(error, LATE):
        return False
    # SQLite calls much more operational: a full disk, a statement that makes no sense.
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", sqlite3.SQLITE_BUSY)
    return code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def begin_anew() -> None:
    """Leave nothing of what was tried in the session, so that whoever says no can ask the database."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        # Whatever follows a commit may break as well, and leaves a session that can't even be rolled back.
        current_app.logger.exception("A session could not be rolled back")
        db.session.remove()


def _refused(error: Refused) -> tuple[str | Response, int]:
    begin_anew()
    if error.retry_after is not None:
        after_this_request(lambda response: _with_retry_after(response, error.retry_after))
    if wants_json():
        return jsonify(error=as_json(error)), error.status
    if error.goes_on:
        return redirect(error.goes_on), 303  # type: ignore[return-value]
    page = g.pop("form_page", None)
    if page and not isinstance(error, NotThere):  # Who may no longer see a page is not shown it again.
        # A rule about what was typed; or a limit or our own trouble, which programs must tell apart from it.
        return page(error), error.status if error.status in {429, 503} else 422
    if error.status == 503 and request.form and is_from_our_page() and not _too_long_to_repeat():
        return _once_more(error), error.status
    return render_template(_page_for(error), error=error, status=error.status), error.status


def _with_retry_after(response: Response, seconds: int | None) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


def _senseless(error: DataError) -> tuple[str | Response, int]:
    """What no database can hold or look for, such as a zero byte in an address."""
    return _refused(BadRequest())


def _late(error: Exception) -> tuple[str | Response, int]:
    """Another's writing takes too long, or the database is away for a moment."""
    if not is_late(error):
        return _broken(error)
    current_app.logger.warning("The database is late at %s %s", request.method, request.url_rule, exc_info=error)
    refusal = Busy(
        _l(
            "Our database takes too long to answer just now. Try again in a few seconds: what is sent twice is kept once."
        )
    )
    try:
        return _refused(refusal)
    except SQLAlchemyError:
        return _page_apart(refusal), refusal.status  # It can't even be read.


def _stale(error: CSRFError) -> tuple[str | Response, int]:
    """A form from a page that is no longer valid: nothing is done, and what was typed can be sent again.

    Only what our own page sent is offered again. What another site made the browser send is refused.
    """
    too_long = _too_long_to_repeat()
    refusal = StalePage(files=any(file.filename for file in request.files.values()), too_long=too_long)
    if too_long or wants_json() or not is_from_our_page() or not request.form:
        return _refused(refusal)
    begin_anew()
    if page := _form_again(refusal):
        return page, refusal.status
    return _once_more(refusal), refusal.status


def _too_long_to_repeat() -> bool:
    """Whether a form says so much that nobody gets it all back who has shown nothing: it would lie here until they read it."""
    return sum(len(value) for _name, value in request.form.items(multi=True)) > REPEATED


def _once_more(error: Refused) -> str:
    """What was sent, to be sent again as it is, where its own page can't be shown."""
    long_texts = LongTexts()
    typed = [
        (name, long_texts.marked(value))
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]
    files = [name for name, file in request.files.items() if file.filename]
    action = request.full_path.rstrip("?")
    page = render_template(
        "errors/stale.html", error=error, status=error.status, typed=typed, files=files, action=action
    )
    return long_texts.put_into(page)


def _form_again(refusal: StalePage) -> str | None:
    """The page of the form that was sent, as it was filled in; None where no page of a form is, or is no longer, theirs.

    The view goes as far as `ask`, which raises the refusal. Only views that begin by asking are called.
    """
    view = current_app.view_functions[request.endpoint or ""]
    if not (getattr(view, "asks_first", False) or (request.url_rule and "GET" in (request.url_rule.methods or ()))):
        return None
    g.stale_page = refusal
    try:
        view(**(request.view_args or {}))
    except Refused:
        page = g.pop("form_page", None)
        return page(refusal) if page else None
    finally:
        g.pop("stale_page", None)
        begin_anew()
    return None


def _http(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    sentences = {
        400: BadRequest.message,
        404: NotThere.message,
        405: _l("This page can’t do that."),
        413: _too_large(),
    }
    return _refused(_as_refusal(error.code, sentences.get(error.code, Refused.message)))


def _too_large() -> Any:
    all, text = request.max_content_length or 0, request.max_form_memory_size or 0
    if all < 4 * text:  # One that brings no files.
        return _l("That is too large: this form holds %(all)d MB.", all=all // 2**20)
    return _l(
        "That is too large: a form holds %(all)d MB with its pictures, and %(text)d MB of text.",
        all=all // 2**20,
        text=text // 2**20,
    )


def _broken(error: Exception) -> tuple[str | Response, int]:
    begin_anew()
    # The rule and not the address, in which a link's secret may stand.
    current_app.logger.exception("Broken at %s %s", request.method, request.url_rule or "an address without a page")
    if wants_json():
        return jsonify(error={"code": "broken", "message": str(BROKEN)}), 500
    return _page_apart(_as_refusal(500, BROKEN)), 500


def _page_apart(error: Refused) -> str:
    """The page that asks the database nothing, not even who reads it: so without what every other template is given."""
    page = current_app.jinja_env.get_template("errors/broken.html")
    return page.render(error=error, status=error.status, locale=get_locale())


def _as_refusal(status: int, message: Any) -> Refused:
    refusal = Refused(message)
    refusal.status, refusal.code = (
        status,
        {429: "too_many", 413: "too_large", 404: "not_there"}.get(status, "bad_request"),
    )
    return refusal


def _page_for(error: Refused) -> str:
    named = {"not_there": "not_there", "too_many": "too_many", "busy": "too_many", "too_large": "too_large"}
    return f"errors/{named.get(error.code, 'refused')}.html"
