"""Markdown on pages: made into HTML once, and the long ones away from the loop."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256

from markupsafe import Markup

from campaign import text
from campaign.database import without_connection
from campaign.threads import away_from_the_loop
from campaign.turns import Turns

ROOM = 16 * 1024 * 1024  # Characters of HTML that are kept.
LONGEST = 100_000  # Characters that are shown: a preview may be asked for whatever was typed.
AT_ONCE = 2000  # Characters that are made into HTML without anybody noticing.

_making = Turns(2, waiting=40)


class _Kept:
    """HTML by the text it was made of; what nobody asks for goes first."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._pages: OrderedDict[bytes, Markup] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, words: str) -> Markup | None:
        key = _key(words)
        with self._lock:
            if (html := self._pages.get(key)) is not None:
                self._pages.move_to_end(key)
            return html

    def put(self, words: str, html: Markup) -> None:
        key = _key(words)
        with self._lock:
            self._size += len(html) - len(self._pages.pop(key, ""))
            self._pages[key] = html
            while self._size > self._room:
                self._size -= len(self._pages.popitem(last=False)[1])


def _key(words: str) -> bytes:
    return sha256(words.encode("utf-8", "surrogatepass")).digest()


_kept = _Kept(ROOM)


def markdown(words: str | None) -> Markup:
    """As text.markdown, which makes it, unless it is known already."""
    words = (words or "")[:LONGEST]
    if (html := _kept.get(words)) is None:
        html = text.markdown(words)
        _kept.put(words, html)
    return html


def prepare_markdown(texts: Iterable[str | None]) -> None:
    """Make these texts into HTML before a page asks for them: in a thread, where they are long. Called before anything is written."""
    unknown = list({words for words in texts if words and _kept.get(words) is None})
    if sum(map(len, unknown)) > AT_ONCE:
        with without_connection(), _making:
            for words, html in zip(unknown, away_from_the_loop(_made, unknown), strict=True):
                _kept.put(words, html)


def _made(texts: list[str]) -> list[Markup]:
    return [text.markdown(words) for words in texts]
