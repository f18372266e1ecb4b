"""Notices of remarks that are out of sight: nobody is told of them meanwhile, and they are there again once the remark is.

Remarks are of a slice above this one, which says when one is out of sight.
"""

from collections.abc import Callable
from typing import Any

from campaign.notices.models import Notice, NoticeNews

Unseen = Callable[[Any], Any]
_unseen: list[Unseen] = []


def set_aside_where(unseen: Unseen) -> None:
    """Have notices of these remarks read by nobody. `unseen` makes a condition of the column with a remark's number."""
    _unseen.append(unseen)


def in_sight(row: type[Notice] | type[NoticeNews]) -> tuple[Any, ...]:
    """Conditions: what this is about can be read by everybody, as far as a remark is concerned."""
    return tuple(~unseen(row.comment_id) for unseen in _unseen)
