"""The demo's remarks: what was said under its ideas, and when."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from campaign.accounts.models import Person
from campaign.extensions import db
from campaign.feedback.models import Comment
from campaign.ideas.models import Idea

Said = tuple[str, dict[str, Any], int | None]  # The idea's key, the words, and the remark that they reply to.


def discuss(
    told: dict[str, Any], ideas: dict[str, Idea], people: dict[str, Person], ago: Callable[[float], datetime]
) -> None:
    """Remarks in the order of their time, then the replies to them."""

    def post(remarks: Sequence[Said]) -> list[int]:
        rows = [
            {
                "idea_id": ideas[key].id,
                "author_id": people[remark["author"]].id,
                "parent_id": parent,
                "text": remark["text"].strip(),
                "at": ago(remark["days_ago"]),
            }
            for key, remark, parent in remarks
        ]
        return list(db.session.scalars(insert(Comment).returning(Comment.id, sort_by_parameter_order=True), rows))

    remarks = [(key, remark) for key, idea in told.items() for remark in idea.get("remarks", [])]
    remarks.sort(key=lambda found: -found[1]["days_ago"])
    ids = post([(key, remark, None) for key, remark in remarks])
    replies = [
        (key, reply, parent)
        for (key, remark), parent in zip(remarks, ids, strict=True)
        for reply in remark.get("replies", [])
    ]
    replies.sort(key=lambda found: -found[1]["days_ago"])
    post(replies)
    talked_about = [key for key, _remark in remarks] + [key for key, _reply, _parent in replies]
    for key, number in Counter(talked_about).items():
        ideas[key].comments = number
