"""What is wrong with a file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One thing to correct: the line it is on (the first is 1), the reason, the file where there are several, and the column where one is meant."""

    line: int | None
    reason: Any
    file: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        if self.line is None:
            where = self.file
        elif self.file is None:
            where = str(_l("Line %(line)s", line=self.line))
        else:
            where = str(_l("%(file)s, line %(line)s", file=self.file, line=self.line))
        if where is None:
            return str(self.reason)
        return str(_l("%(where)s: %(reason)s", where=where, reason=self.reason))


class BadFile(Exception):
    """A file that can't be imported. As text it is one line a problem, the first `SHOWN` of them, in the reader's language."""

    def __init__(self, line: int | None, reason: Any, file: str | None = None) -> None:
        self.problems: tuple[Problem, ...] = (Problem(line, reason, file),)
        super().__init__(line, reason, file)

    @classmethod
    def with_all(cls, problems: Sequence[Problem]) -> "BadFile":
        """One refusal for every problem found, in the order of their lines."""
        first, *_rest = problems
        bad = cls(first.line, first.reason, first.file)
        bad.problems = tuple(problems)
        return bad

    @property
    def line(self) -> int | None:
        """Where the first problem is."""
        return self.problems[0].line

    @property
    def reason(self) -> Any:
        """What the first problem is."""
        return self.problems[0].reason

    def __str__(self) -> str:
        shown = [str(problem) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        if more > 0:
            shown.append(ngettext("… and %(num)s more.", "… and %(num)s more.", more))
        return "\n".join(shown)
