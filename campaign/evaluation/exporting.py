"""The team's view as a file for spreadsheets. It says no more than the page says to the same person."""

import csv
from collections.abc import Iterator, Mapping
from fractions import Fraction
from io import StringIO
from typing import Any

from campaign.evaluation.models import Scorecard
from campaign.evaluation.results import Result, Sight, in_hundredths
from campaign.feedback.summary import Marks
from campaign.text import inert


def as_csv(
    scorecard: Scorecard, titles: Mapping[int, str], results: dict[int, Result], sight: Sight, marks: dict[int, Marks]
) -> str:
    """A line for each idea, by its id, with a byte order mark, without which spreadsheets garble accents. What is sealed stays empty."""
    names = [f"{criterion.name} ({criterion.weight})" for criterion in scorecard.criteria]
    head = ["idea", "title", "reviewers", "submitted", "weighted mean"]
    head += [f"{name}: {figure}" for name in names for figure in ("mean", "spread", "n")]
    head += ["feedback: mean", "feedback: spread", "feedback: n"]
    told = ((idea, title, results[idea], marks.get(idea)) for idea, title in titles.items())
    rows = [head, *(list(_cells(scorecard, sight, *each)) for each in told)]
    file = StringIO()
    csv.writer(file).writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def _cells(
    scorecard: Scorecard, sight: Sight, idea: int, title: str, result: Result, marks: Marks | None
) -> Iterator[Any]:
    seen = sight.sees(idea)
    yield from (idea, title, result.asked, result.submitted)
    yield _figure(result.weighted) if seen else ""
    for criterion in scorecard.criteria:
        spread = result.by_criterion.get(criterion.id) if seen else None
        yield from (_figure(spread.mean), str(spread.deviation), spread.n) if spread else ("", "", "")
    told = marks if marks and marks.marked else None
    yield from (f"{told.mean:.2f}", f"{told.spread:.2f}", told.marked) if told else ("", "", "")


def _figure(value: Fraction | None) -> str:
    return str(in_hundredths(value)) if value is not None else ""
