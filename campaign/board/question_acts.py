"""What happened to a campaign's questions, in words for the page of its history."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.campaigns.questions import QUESTION_KINDS, in_words
from campaign.languages import number


def told_question(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[str]:
    """One question that was added, taken away or changed."""
    if before is None or after is None:
        yield f"{'−' if before else '+'} {_told(before or after or {})}"
    elif (old := _told(before)) != (new := _told(after)):
        yield f"{old} → {new}"
    else:
        yield _("%(question)s: changed", question=f"“{in_words(after['names'])}”")


def _told(question: dict[str, Any]) -> str:
    marks = [str(QUESTION_KINDS.get(question["kind"], question["kind"]))]
    marks += [_("must be answered")] * question["required"] + [_("private")] * question["private"]
    if gone := question.get("replies"):
        marks.append(ngettext("with %(count)s answer", "with %(count)s answers", gone, count=number(gone)))
    return f"“{in_words(question['names'])}” ({', '.join(marks)})"
