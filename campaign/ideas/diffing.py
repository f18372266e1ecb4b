"""What changed between two versions, by phrases, as people would mark it with a pen."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from markupsafe import Markup

from campaign.text import blocks, markdown

_WORD = re.compile(r"&(?:\w+|#\w+);|\w+(?:[’'\-]\w+)*|\s+|[^\w\s]")
_TAG = re.compile(r"""<(?:"[^"]*"|[^<>"])*>""")
_TAG_OR_WORD = re.compile(f"({_TAG.pattern})|({_WORD.pattern})")
_COSTLIEST = 8_000_000  # Times that two words are held beside each other, for a whole page: less than a second.
_ISLAND = 3  # As many unchanged words, or fewer, between two changes are read as part of one changed phrase.
_ALIKE = 0.4  # Two passages that share less are told as one taken out and one put in.


class Piece(NamedTuple):
    kind: str  # "same", "added" or "removed"; of a block also "changed", with marks inside
    text: str


class Step(NamedTuple):
    """Which part of the old becomes which part of the new."""

    same: bool
    old: int
    old_end: int
    new: int
    new_end: int


class TooDifferent(Exception):
    """To find out what two texts share would take longer than anybody should wait."""


class Effort:
    """What may be spent on comparing. Once it is used up, changes are told whole: as one text taken out and one put in."""

    def __init__(self, left: int = _COSTLIEST) -> None:
        self.left = left

    def spend(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise TooDifferent

    @property
    def used_up(self) -> bool:
        return self.left < 0


class Matcher(SequenceMatcher):
    """The matcher of the standard library, which counts what it does: texts can be made that keep it busy for hours."""

    a: Sequence[str]
    b2j: dict[str, list[int]]

    def __init__(self, old: Sequence[str], new: Sequence[str], effort: Effort) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.effort = effort
        # Each word is held beside every place where the other text has it.
        self.costs = [0, *accumulate(1 + len(self.b2j.get(word, ())) for word in old)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self.effort.spend(self.costs[len(self.a) if ahi is None else ahi] - self.costs[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)

    def steps(self) -> list[Step]:
        return [Step(kind == "equal", *where) for kind, *where in self.get_opcodes()]


def compare(before: str, after: str, effort: Effort | None = None) -> list[Piece]:
    """The later text with what was added, and what was removed in its place."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces = [
        Piece(kind, "".join(tokens))
        for same, i, j, k, m in _phrases(_steps(old, new, effort or Effort()), new)
        for kind, tokens in ([("same", new[k:m])] if same else [("removed", old[i:j]), ("added", new[k:m])])
    ]
    return [piece for piece in pieces if piece.text]


def compare_texts(before: str, after: str, effort: Effort | None = None) -> list[Piece]:
    """The same for Markdown, as safe HTML: whole blocks where they are new or gone, phrases where they were reworded."""
    effort = effort or Effort()
    old, new = blocks(before), blocks(after)
    pieces: list[Piece] = []
    for same, i, j, k, m in _steps(old, new, effort):
        if same:
            pieces.append(Piece("same", _html(new[k:m])))
        elif j - i == m - k:
            for one, other in zip(old[i:j], new[k:m], strict=True):
                pieces += _reworded(_html([one]), _html([other]), effort)
        else:
            pieces += _reworded(_html(old[i:j]), _html(new[k:m]), effort)
    return pieces


def _html(parts: Sequence[str]) -> Markup:
    return markdown("\n\n".join(parts))


def _words(html: str) -> list[str]:
    return [word for tag, word in _TAG_OR_WORD.findall(html) if not tag]


def _reworded(before: Markup, after: Markup, effort: Effort) -> Iterator[Piece]:
    old, new = _words(before), _words(after)
    matcher = Matcher(old, new, effort)
    with suppress(TooDifferent):
        if matcher.ratio() > _ALIKE:
            yield Piece("changed", _marked(matcher.steps(), old, new, after))
            return
    if before:
        yield Piece("removed", before)
    if after:
        yield Piece("added", after)


def _marked(steps: list[Step], old: list[str], new: list[str], after: str) -> Markup:
    """The later HTML with <ins> and <del> around its words, never around its tags."""
    gone, added = {}, set()
    for same, i, j, k, m in _phrases(steps, new):
        if not same:
            gone[k] = "".join(old[i:j])
            added |= set(range(k, m))
    html: list[str] = []
    at, word_end, marking = 0, 0, False

    def mark(wanted: bool) -> None:
        nonlocal marking
        if wanted != marking:
            html.append("<ins>" if wanted else "</ins>")
        marking = wanted

    for tag, word in _TAG_OR_WORD.findall(after):
        if tag:
            mark(False)
            html.append(tag)
            continue
        between = "\n" in word and not word.strip()  # Blocks, which end before their tags do.
        if taken := gone.get(at):
            mark(False)
            html.insert(word_end if between else len(html), f"<del>{taken}</del>")
        mark(at in added and not between)
        html.append(word)
        if not between:
            mark(marking and at + 1 in added)
            word_end = len(html)
        at += 1
    mark(False)
    if taken := gone.get(at):
        html.insert(word_end, f"<del>{taken}</del>")
    return Markup("".join(html))  # noqa: S704  What was safe, with marks around its words.


def _phrases(steps: list[Step], new: Sequence[str]) -> list[Step]:
    """The steps to a text, with changes that only a few words keep apart made one."""
    told: list[Step] = []
    for number, step in enumerate(steps):
        same, _i, j, k, m = step
        island = same and 0 < number < len(steps) - 1 and _is_island(new[k:m])
        if told and not told[-1].same and (island or not same):
            told[-1] = told[-1]._replace(old_end=j, new_end=m)
        else:
            told.append(step)
    return told


def _is_island(tokens: Sequence[str]) -> bool:
    words = [token for token in tokens if token.strip()]
    return len(words) <= _ISLAND and not {".", "!", "?"} & set(words) and not any("\n" in token for token in tokens)


def _steps(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[Step]:
    try:
        return Matcher(old, new, effort).steps()
    except TooDifferent:
        return [Step(old == new, 0, len(old), 0, len(new))]
