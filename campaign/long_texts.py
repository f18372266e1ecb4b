"""Long texts on their way to a page, such as ten megabytes that were pasted into a field and are shown again with what is wrong."""

import re
import secrets

from markupsafe import escape

from campaign.threads import away_from_the_loop

LONG = 50_000  # Characters. Above that a text takes time wherever it goes.


class _Marked(str):
    """A text that stands in a page as a mark."""

    __slots__ = ("mark",)
    mark: str

    def __str__(self) -> str:
        return self

    def __html__(self) -> str:
        return self.mark


class LongTexts:
    """Those of one page. A template would copy each at every step, so marks stand for them until the page is there.

    Then they are made safe and come to their places, in a thread.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def marked(self, text: str) -> str:
        """The text as a template may have it."""
        if len(text) <= LONG or isinstance(text, _Marked):
            return text
        shown = _Marked(text)
        shown.mark = f"long-{secrets.token_hex(16)}"
        self._texts[shown.mark] = text
        return shown

    def put_into(self, page: str) -> str:
        """The page with the texts where their marks are."""
        return away_from_the_loop(_put_into, page, self._texts) if self._texts else page


def _put_into(page: str, texts: dict[str, str]) -> str:
    pieces: list[str] = []
    for piece in re.split(f"({'|'.join(texts)})", page):
        if (text := texts.get(piece)) is None:
            pieces.append(piece)
        else:  # In small steps: the loop waits for each of them, though this runs in a thread.
            pieces += [escape(text[begin : begin + LONG]) for begin in range(0, len(text), LONG)]
    return "".join(pieces)
