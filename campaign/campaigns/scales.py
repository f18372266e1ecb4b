"""Scales that a brand names: each has steps with words of their own, from the lowest up, and is typed as one line in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from campaign.languages import language
from campaign.text import squeeze

SCALES_MOST = 6
STEPS_LEAST, STEPS_MOST = 2, 11
WORDS_MAX = 40  # Characters of a name, and of a step.
USUAL = ("1", "2", "3", "4", "5")  # The steps of a line that names none.


class BadLine(ValueError):
    """A line that is no scale; its message is for the person who typed it."""


@dataclass(frozen=True)
class Scale:
    """One thing that people say of each idea: "Novelty", from "Seen before" to "New to me". The steps count 0, 1, 2 and so on."""

    names: Mapping[str, str]  # By language.
    steps: Sequence[Mapping[str, str]]

    @property
    def name(self) -> str:
        return _in_own(self.names)

    @property
    def words(self) -> list[str]:
        """What its steps are called, in the reader's language."""
        return [_in_own(step) for step in self.steps]

    @property
    def highest(self) -> int:
        """What its last step counts."""
        return len(self.steps) - 1


def scales_in(settings: Mapping[str, Any]) -> list[Scale]:
    """The scales of a stage, in their order."""
    return [Scale(one["names"], one["steps"]) for one in settings.get("scales") or []]


def as_lines(scales: Sequence[Scale], code: str) -> str:
    """The scales as they are typed in this language; nothing where they have no words in it."""
    return "\n".join(
        f"{scale.names[code]}: {', '.join(step.get(code, '') for step in scale.steps)}"
        for scale in scales
        if code in scale.names
    )


def read_lines(text: str) -> list[tuple[str, list[str]]]:
    """What was typed in one language, as (name, steps). Raises BadLine."""
    found = [_read(line) for line in map(squeeze, (text or "").splitlines()) if line]
    if len(found) > SCALES_MOST:
        raise BadLine(_("%(most)d scales at most.", most=SCALES_MOST))
    names = [name.casefold() for name, _steps in found]
    if twice := next((name for name, _steps in found if names.count(name.casefold()) > 1), None):
        raise BadLine(_("“%(name)s” stands there twice.", name=twice))
    return found


def together(typed: Mapping[str, list[tuple[str, list[str]]]]) -> list[dict[str, Any]]:
    """The scales as they are kept, of what was typed in each language. Raises BadLine where the languages don't say the same."""
    written = {code: lines for code, lines in typed.items() if lines}
    shapes = {tuple(len(steps) for _name, steps in lines) for lines in written.values()}
    if len(shapes) > 1:
        raise BadLine(
            _(
                "Give as many lines in each language, in the same order, and as many steps in each line as in the other language."
            )
        )
    rows = zip(*written.values(), strict=True)
    return [
        {
            "names": {code: name for code, (name, _steps) in zip(written, row, strict=True)},
            "steps": [
                dict(zip(written, words, strict=True)) for words in zip(*(steps for _name, steps in row), strict=True)
            ],
        }
        for row in rows
    ]


def _read(line: str) -> tuple[str, list[str]]:
    name, colon, said = (part.strip() for part in line.partition(":"))
    if not name:
        raise BadLine(_("“%(line)s” has no name: write it before the colon.", line=line))
    steps = [step for step in map(str.strip, said.split(",")) if step] if colon else list(USUAL)
    if not STEPS_LEAST <= len(steps) <= STEPS_MOST:
        raise BadLine(
            _(
                "“%(name)s” needs %(least)d to %(most)d steps, from the lowest up, with commas between them.",
                name=name,
                least=STEPS_LEAST,
                most=STEPS_MOST,
            )
        )
    if len({step.casefold() for step in steps}) < len(steps):
        raise BadLine(_("Two steps of “%(name)s” are called the same.", name=name))
    if any(len(words) > WORDS_MAX for words in (name, *steps)):
        raise BadLine(_("A name, and each step, has %(most)d characters at most.", most=WORDS_MAX))
    return name, steps


def _in_own(words: Mapping[str, str]) -> str:
    return words.get(language()) or next(iter(words.values()), "")
