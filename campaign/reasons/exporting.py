"""Reasons as a file: JSON for programs, CSV for spreadsheets. It says what everybody reads, in the same order."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

from campaign.campaigns.models import Campaign
from campaign.ideas.models import Idea
from campaign.reasons.access import Told, every_reason
from campaign.text import inert

COLUMNS = ("idea", "title", "side", "name", "reason")


def as_json(campaign: Campaign) -> str:
    return json.dumps([_fields(idea, told) for idea, told in every_reason(campaign)], ensure_ascii=False, indent=1)


def as_csv(campaign: Campaign) -> str:
    """With a byte order mark, without which spreadsheets garble accents."""
    return "\ufeff" + "".join(_lines(campaign))


def _lines(campaign: Campaign) -> Iterator[str]:
    rows = [COLUMNS, *(tuple(_cells(_fields(*one))) for one in every_reason(campaign))]
    for row in rows:
        line = StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def _cells(fields: dict[str, Any]) -> Iterator[str]:
    for value in fields.values():
        yield inert(value) if isinstance(value, str) else "" if value is None else str(value)


def _fields(idea: Idea, told: Told) -> dict[str, Any]:
    name = told.voter.display_name if told.voter else None
    return {"idea": idea.id, "title": idea.title, "side": told.side, "name": name, "reason": told.text}
