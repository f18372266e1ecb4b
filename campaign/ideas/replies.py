"""What authors answer to a campaign's questions: kept with the idea, in the open or encrypted, and read again."""

import base64
import binascii
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from campaign.campaigns.questions import Question, Reply, in_words
from campaign.clock import now
from campaign.encryption import Unreadable, decrypt, encrypt
from campaign.errors import Refused
from campaign.extensions import db
from campaign.ideas.models import Idea
from campaign.languages import number

Value = Any  # A text, a number, or the names of what was chosen.


@dataclass(frozen=True)
class Told:
    """A reply in words, for a page."""

    name: str
    kind: str
    parts: list[str]  # One; or each thing that was chosen.
    private: bool = False


class QuestionGone(Refused):
    code = "question_gone"
    message = _l(
        "The campaign has taken a question away meanwhile. See what it asks now, and send your idea once more."
    )


def keep_replies(idea: Idea, given: Mapping[Question, Value]) -> None:
    """Let the idea say this in reply to these questions; None takes a reply away. Other questions' replies stay.

    Raises QuestionGone.
    """
    there = {reply.question_id: reply for reply in _replies(idea)}
    for question, value in given.items():
        reply = there.get(question.id)
        if value is None:
            if reply is not None:
                db.session.delete(reply)
            continue
        if reply is None:
            reply = Reply(idea_id=idea.id, question_id=question.id)
        elif (value, question.asked, question.private) == (read_reply(reply), reply.asked, reply.private):
            continue
        written = json.dumps(value, ensure_ascii=False)
        reply.asked, reply.at = question.asked, now()
        reply.value = None if question.private else written
        reply.sealed = encrypt(written.encode(), _place(reply)) if question.private else None
        db.session.add(reply)
    try:
        db.session.flush()
    except IntegrityError:
        raise QuestionGone from None  # A moment ago; the team takes away what it asks, and its answers with it.


def told_replies(idea: Idea, with_private: bool) -> list[Told]:
    """What its author answered, in the order of the questions: private answers only `with_private`, and only until their date."""
    over = _is_over(idea)
    return [
        Told(reply.name, reply.asked["kind"], _parts(reply), reply.private)
        for reply in _replies(idea)
        if not reply.private or (with_private and not over)
    ]


def public_answers(idea: Idea) -> list[dict[str, Any]]:
    """What everybody reads of it, as a version keeps it."""
    return [{**reply.asked, "value": read_reply(reply)} for reply in _replies(idea) if not reply.private]


def told_answers(kept: list[dict[str, Any]]) -> list[Told]:
    """The same as a version kept it, in words."""
    return [Told(in_words(one["names"]), one["kind"], in_parts(one, one["value"])) for one in kept]


def replies_to_change(idea: Idea) -> list[tuple[Reply, Value]]:
    """What its author answered, to be changed, and how. Private answers only until their date."""
    over = _is_over(idea)
    return [(reply, read_reply(reply)) for reply in _replies(idea) if not (reply.private and over)]


def in_parts(asked: Mapping[str, Any], value: Value) -> list[str]:
    """A value in the reader's words."""
    if isinstance(value, list):
        return [in_words(names) for names in value]
    if asked["kind"] == "scale":
        top = asked["top"]
        meaning = in_words(asked["low"]) if value == 1 else in_words(asked["high"]) if value == top else ""
        told = _("%(value)s of %(top)s", value=number(value), top=number(top))
        return [f"{told} ({meaning})" if meaning else told]
    return [str(value)]


def _parts(reply: Reply) -> list[str]:
    try:
        return in_parts(reply.asked, json.loads(_written(reply)))
    except Unreadable:
        return [_("This answer can’t be read: the key it was encrypted with isn’t there.")]


def read_reply(reply: Reply) -> Value:
    """What was answered; None where it can't be read any more."""
    try:
        return json.loads(_written(reply))
    except Unreadable:
        return None


def _written(reply: Reply) -> str:
    return reply.value if reply.sealed is None else decrypt(reply.sealed, _place(reply)).decode()  # type: ignore[return-value]


def _place(reply: Reply) -> str:
    return f"reply {reply.idea_id} {reply.question_id}"


def _replies(idea: Idea) -> list[Reply]:
    found = db.select(Reply).join(Question, Question.id == Reply.question_id).where(Reply.idea_id == idea.id)
    return list(db.session.scalars(found.order_by(Question.position, Question.id)))


def _is_over(idea: Idea) -> bool:
    """Whether private answers should be gone, deleted already or not: the clock decides."""
    until = idea.campaign.private_until
    return until is not None and until <= now()


# In drafts.


def for_draft(typed: Mapping[Question, Any], place: str) -> dict[str, Any]:
    """What was typed so far as a draft keeps it: what will be private is encrypted here already."""
    kept: dict[str, Any] = {
        "answers": {str(question.id): value for question, value in typed.items() if value and not question.private}
    }
    if private := {str(question.id): value for question, value in typed.items() if value and question.private}:
        kept["sealed"] = base64.b64encode(encrypt(json.dumps(private).encode(), place)).decode()
    return kept


def from_draft(fields: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The same, as a form goes on with it: what stands in the field of each question, and which of them were private."""
    private: dict[str, Any] = {}
    with suppress(Unreadable, binascii.Error, ValueError):  # There is none, or the key is another one by now.
        private = json.loads(decrypt(base64.b64decode(fields.get("sealed") or "", validate=True), place))
    return {"answers": {**(fields.get("answers") or {}), **private}, "private": list(private)}


def draft_place(campaign_id: int, author_id: int) -> str:
    """Where a draft's answers belong."""
    return f"draft {campaign_id} {author_id}"
