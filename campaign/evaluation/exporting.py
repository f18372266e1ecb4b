"""The team's view as a file for spreadsheets. It says no more than the page says to the same person."""

import csv
from collections.abc import Iterable, Iterator
from fractions import Fraction
from io import StringIO
from typing import Any

from campaign.evaluation.models import Scorecard
from campaign.evaluation.results import Result, Sight, in_hundredths
from campaign.feedback.summary import Marks
from campaign.ideas.models import Idea
from campaign.text import inert


def as_csv(
    scorecard: Scorecard, ideas: Iterable[Idea], results: dict[int, Result], sight: Sight, marks: dict[int, Marks]
) -> str:
    """A line for each idea, with a byte order mark, without which spreadsheets garble accents. What is sealed stays empty."""
    names = [f"{criterion.name} ({criterion.weight})" for criterion in scorecard.criteria]
    head = ["idea", "title", "reviewers", "submitted", "weighted mean"]
    head += [f"{name}: {figure}" for name in names for figure in ("mean", "spread", "n")]
    head += ["feedback: mean", "feedback: spread", "feedback: n"]
    rows = [head, *(list(_cells(scorecard, idea, results[idea.id], sight, marks.get(idea.id))) for idea in ideas)]
    file = StringIO()
    csv.writer(file).writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def _cells(scorecard: Scorecard, idea: Idea, result: Result, sight: Sight, marks: Marks | None) -> Iterator[Any]:
    seen = sight.sees(idea.id)
    yield from (idea.id, idea.title, result.asked, result.submitted)
    yield _figure(result.weighted) if seen else ""
    for criterion in scorecard.criteria:
        spread = result.by_criterion.get(criterion.id) if seen else None
        yield from (_figure(spread.mean), str(spread.deviation), spread.n) if spread else ("", "", "")
    told = marks if marks and marks.marked else None
    yield from (f"{told.mean:.2f}", f"{told.spread:.2f}", told.marked) if told else ("", "", "")


def _figure(value: Fraction | None) -> str:
    return str(in_hundredths(value)) if value is not None else ""
