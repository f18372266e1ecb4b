"""Markdown on pages: made into HTML once, and the long ones away from the loop."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256

from markupsafe import Markup

from campaign import text
from campaign.database import without_connection
from campaign.text import Called
from campaign.threads import away_from_the_loop
from campaign.turns import Turns

ROOM = 16 * 1024 * 1024  # Characters of HTML that are kept.
LONGEST = 100_000  # Characters that are shown: a preview may be asked for whatever was typed.
AT_ONCE = 2000  # Characters that are made into HTML without anybody noticing.

_making = Turns(2, waiting=40)


class _Kept:
    """HTML by the text it was made of, and whom it calls; what nobody asks for goes first."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._pages: OrderedDict[bytes, Markup] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, words: str, called: Called = ()) -> Markup | None:
        key = _key(words, called)
        with self._lock:
            if (html := self._pages.get(key)) is not None:
                self._pages.move_to_end(key)
            return html

    def put(self, words: str, html: Markup, called: Called = ()) -> None:
        key = _key(words, called)
        with self._lock:
            self._size += len(html) - len(self._pages.pop(key, ""))
            self._pages[key] = html
            while self._size > self._room:
                self._size -= len(self._pages.popitem(last=False)[1])


def _key(words: str, called: Called) -> bytes:
    whole = repr((words, called)) if called else words
    return sha256(whole.encode("utf-8", "surrogatepass")).digest()


_kept = _Kept(ROOM)


def markdown(words: str | None, called: Called = ()) -> Markup:
    """As text.markdown, which makes it, unless it is known already."""
    words = (words or "")[:LONGEST]
    if (html := _kept.get(words, called)) is None:
        html = text.markdown(words, called) if called else text.markdown(words)
        _kept.put(words, html, called)
    return html


def prepare_markdown(texts: Iterable[str | None], calling: Iterable[tuple[str, Called]] = ()) -> None:
    """Make these texts into HTML before a page asks for them: in a thread, where they are long. Called before anything is written.

    `calling`: texts with those whom they call.
    """
    asked = dict.fromkeys([*((words, ()) for words in texts if words), *calling])
    unknown = [(words, called) for words, called in asked if words and _kept.get(words, called) is None]
    if sum(len(words) for words, _called in unknown) > AT_ONCE:
        with without_connection(), _making:
            for (words, called), html in zip(unknown, away_from_the_loop(_made, unknown), strict=True):
                _kept.put(words, html, called)


def _made(texts: list[tuple[str, Called]]) -> list[Markup]:
    return [text.markdown(words, called) if called else text.markdown(words) for words, called in texts]
