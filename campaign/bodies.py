"""What requests bring along: read within bounds, and what is large away from the loop, so that nobody waits for it.

Forms up to some kilobytes, as nearly all are, are read as Werkzeug does. A larger one is written to a file first, however
slowly it comes; then a few at a time are taken apart in a thread.
"""

import codecs
import errno
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, Response, current_app, g, request
from flask_login import current_user
from gevent import Timeout
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from campaign import settings
from campaign.database import without_connection
from campaign.errors import BadRequest, Busy
from campaign.extensions import socketio
from campaign.networks import place_of
from campaign.threads import away_from_the_loop
from campaign.turns import Turns

SMALL = 64 * 1024
FROM_ANYBODY = 12 * 1024 * 1024  # Ten megabytes of text in a field are refused beside the field, and not by a cut line.
FROM_PEOPLE = (
    32 * 1024 * 1024
)  # As much text in any script: a letter is up to nine signs in a form that brings no files.
TEXT_MAX = 16 * 1024 * 1024  # Of all fields together.
FIELDS_MAX = 2000
FILES_MAX = 40
NAME_MAX = 10_000
LARGE = 1024 * 1024

LONG_TEXT = 256 * 1024  # Characters of a form. Longer ones take their turns, and its answers leave piece by piece.
OF_ONE = 2  # Large forms that one person, or one place without an account, sends at the same time.
SILENT = 30.0  # Seconds in which some kilobytes of what is sent must come, and be taken.

_CHUNK = 16 * 1024
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

# Bytes of large forms that lie in files at the same time. Who has no account can't use up the room of those who have.
_ROOM_OF_ANYBODY = 192 * 1024 * 1024
_ROOM_OF_PEOPLE = 1024 * 1024 * 1024
_lying = {False: 0, True: 0}

# Of forms with megabytes of text, so many are in memory at the same time.
_turns = {False: Turns(2, waiting=20), True: Turns(2, waiting=40)}


def takes_files(view: Any) -> Any:
    """Mark a view whose form brings pictures or documents: it takes as much as they need, from people with an account."""
    view.takes_files = True
    return view


class _Parser(FormDataParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        if mimetype not in _FORMS or (content_length is not None and content_length <= SMALL):
            if mimetype == _FORMS[0]:
                return stream, self.cls(_urlencoded(stream)), self.cls()
            return super().parse(stream, mimetype, content_length, options)
        by_person = current_user.is_authenticated
        with (
            _one_of_few(f"person {current_user.id}" if by_person else f"place {place_of(request.remote_addr or '')}"),
            tempfile.TemporaryFile(dir=settings.current().instance) as body,
            _lies_in(body, stream, by_person),
        ):
            turns = _turns[by_person]
            turns.__enter__()
            g.turn_of_form = _Turn(turns)  # Given back below, with the end of the request, or once it was answered.
            boundary = (options or {}).get("boundary", "").encode("ascii", "replace")
            text = 0
            try:
                fields, files = away_from_the_loop(_taken_apart, body, mimetype, boundary, settings.current().instance)
                text = sum(len(value) for _name, value in fields)
            finally:
                if text < LONG_TEXT:
                    give_back_turn()
        return stream, self.cls(fields), self.cls(files)


class BoundedRequest(Request):
    form_data_parser_class = _Parser

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except Exception:
            # Part of it was read, so whoever says no can't read it again: to them it is empty.
            self.__dict__ |= {"form": self.parameter_storage_class(), "files": self.parameter_storage_class()}
            raise


class _Turn:
    """A turn that is given back once, whoever comes first to do so."""

    def __init__(self, turns: Turns) -> None:
        self._turns: Turns | None = turns

    def give_back(self) -> None:
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.__exit__()


def register(app: Flask) -> None:
    app.request_class = BoundedRequest
    app.before_request(_bound)
    app.after_request(_keep_turn)
    app.teardown_request(give_back_turn)


def give_back_turn(error: BaseException | None = None) -> None:
    """Let the next large form in."""
    if turn := g.pop("turn_of_form", None):
        turn.give_back()


def _keep_turn(response: Response) -> Response:
    """Keep the turn of a long text until its answer has left: it may say the text again, and somebody may never read it."""
    if "turn_of_form" in g and response.is_sequence and len(data := response.get_data()) > LONG_TEXT:
        turn = g.pop("turn_of_form")
        length = response.content_length or len(data)
        response.response = _read_in_time(data, turn)
        response.content_length = length
        response.call_on_close(turn.give_back)
    return response


def _read_in_time(data: bytes, turn: _Turn) -> Iterator[bytes]:
    try:
        for begin in range(0, len(data), LONG_TEXT):
            # While it is being sent, it is sent from here. Servers take this error for the end of a connection.
            with Timeout(SILENT, ConnectionResetError(errno.ECONNRESET, "its reader takes nothing")):
                yield data[begin : begin + LONG_TEXT]
    finally:
        turn.give_back()


def _bound() -> None:
    """Say how much may come, before any of it is read."""
    if request.endpoint is None or request.method in ("GET", "HEAD", "OPTIONS"):
        request.max_content_length = SMALL
    elif (request.content_length or 0) > SMALL or "chunked" in request.headers.get("Transfer-Encoding", ""):
        by_person = current_user.is_authenticated
        with without_connection():  # A body may come slowly.
            pass
        if not by_person:
            request.max_content_length = FROM_ANYBODY
        elif not getattr(current_app.view_functions[request.endpoint], "takes_files", False):
            request.max_content_length = FROM_PEOPLE
        if request.mimetype not in _FORMS:
            request.max_content_length = LARGE
        if (request.content_length or 0) > (request.max_content_length or 0):
            raise RequestEntityTooLarge


_coming: Counter[str] = Counter()


@contextmanager
def _one_of_few(sender: str) -> Iterator[None]:
    """Take a large form. Raises Busy where others of the same sender are still on their way: the room is everybody's."""
    if _coming[sender] >= OF_ONE:
        raise Busy
    _coming[sender] += 1
    try:
        yield
    finally:
        _coming[sender] -= 1
        if not _coming[sender]:
            del _coming[sender]


@contextmanager
def _lies_in(body: IO[bytes], stream: IO[bytes], by_person: bool) -> Iterator[None]:
    """Write what comes to the file. Raises Busy where too much lies around already."""
    most = _ROOM_OF_PEOPLE if by_person else _ROOM_OF_ANYBODY
    size = 0
    try:
        while data := stream.read(SMALL):
            size += len(data)
            _lying[by_person] += len(data)
            if _lying[by_person] > most:
                raise Busy
            body.write(data)
            if not size % LARGE:
                socketio.sleep(0)  # Where it comes fast, others have their turn.
        body.seek(0)
        yield
    finally:
        _lying[by_person] -= size


class _InTime:
    """A request's body that ends with an error where it stops coming. Each one that is waited for keeps a greenlet."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int | None = -1) -> bytes:
        left = sys.maxsize if size is None or size < 0 else size
        pieces = []
        while left:
            with Timeout(SILENT, TimeoutError("it stopped coming")):
                data = self._body.read(min(left, _CHUNK))
            pieces.append(data)
            left = left - len(data) if data else 0
        return b"".join(pieces)

    def readline(self, size: int | None = -1) -> bytes:
        with Timeout(SILENT, TimeoutError("it stopped coming")):
            return self._body.readline(size)


def in_time(app: Callable[..., Any]) -> Callable[..., Any]:
    """The application, which waits no longer for a request's body than for one that comes."""

    def passed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS"):
            environ["wsgi.input"] = _InTime(environ["wsgi.input"])
        return app(environ, start_response)

    return passed


Fields = list[tuple[str, str]]
Files = list[tuple[str, FileStorage]]


def _taken_apart(body: IO[bytes], mimetype: str, boundary: bytes, folder: Any) -> tuple[Fields, Files]:
    """What a form says and brings. In small steps: the loop waits for each of them, though it runs in a thread."""
    if mimetype == _FORMS[0]:
        return _urlencoded(body), []
    try:
        return _multipart(body, boundary, folder) if boundary else ([], [])
    except ValueError:
        return [], []  # As Werkzeug reads what makes no sense.


class _Words:
    """A text that comes in pieces."""

    def __init__(self, quoted: bool) -> None:
        self._quoted, self._rest = quoted, b""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pieces: list[str] = []

    def add(self, data: bytes) -> None:
        if self._quoted:
            data = self._rest + data
            cut = data.rfind(b"%", max(0, len(data) - 2))  # The sign it stands for may not be whole yet.
            self._rest, data = (data[cut:], data[:cut]) if cut >= 0 else (b"", data)
            data = unquote_to_bytes(data.replace(b"+", b" "))
        self._pieces.append(self._decoder.decode(data))

    def whole(self) -> str:
        return "".join(self._pieces) + self._decoder.decode(unquote_to_bytes(self._rest), final=True)


def _urlencoded(body: IO[bytes]) -> Fields:
    fields: Fields = []
    name, words, pairs = b"", _Words(quoted=True), 1
    named = False
    while data := body.read(_CHUNK):
        for number, piece in enumerate(data.split(b"&")):
            if number:
                pairs += 1
                # A field takes as long to read whether it holds anything or not, and a few megabytes hold millions of them.
                if pairs > FIELDS_MAX:
                    raise BadRequest
                if name or named:
                    fields.append((_name(name), words.whole()))
                name, words, named = b"", _Words(quoted=True), False
            if not named:
                before, equals, piece = piece.partition(b"=")
                name, named = name + before, bool(equals)
                if len(name) > NAME_MAX:
                    raise BadRequest
            words.add(piece)
    if name or named:
        fields.append((_name(name), words.whole()))
    return fields


def _name(data: bytes) -> str:
    return unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8", "replace")


def _multipart(body: IO[bytes], boundary: bytes, folder: Any) -> tuple[Fields, Files]:
    fields: Fields = []
    files: Files = []
    part: Field | File | None = None
    into: Any = None
    size = 0
    for event in _events(body, boundary):
        if isinstance(event, Field):
            part, into = event, _Words(quoted=False)
        elif isinstance(event, File):
            part, into = event, tempfile.SpooledTemporaryFile(max_size=SMALL, dir=folder)  # noqa: SIM115  The request closes it.
        elif isinstance(event, Data) and isinstance(part, Field):
            size += len(event.data)
            into.add(event.data)
            if not event.more_data:
                fields.append((part.name, into.whole()))
        elif isinstance(event, Data) and isinstance(part, File):
            into.write(event.data)
            if not event.more_data:
                into.seek(0)
                files.append((part.name, FileStorage(into, part.filename, part.name, headers=part.headers)))
        if size > TEXT_MAX or len(files) > FILES_MAX:
            raise RequestEntityTooLarge
    return fields, files


def _events(body: IO[bytes], boundary: bytes) -> Iterator[Event]:
    # What it can't tell yet is bounded as well: a part's own headers are short.
    decoder = MultipartDecoder(boundary, max_form_memory_size=4 * _CHUNK, max_parts=FIELDS_MAX)
    data: bytes | None = b"-"
    while data is not None:
        data = body.read(_CHUNK) or None
        decoder.receive_data(data)
        while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
            yield event
