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
from sqlalchemy import ForeignKey
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import Person
from campaign.answer_files import AnswerFile
from campaign.brands.access import Asker
from campaign.campaigns.access import may_on
from campaign.campaigns.questions import Question, Reply, in_words, questions_of
from campaign.clock import now
from campaign.documents import told_size
from campaign.encryption import Unreadable, decrypt, encrypt
from campaign.errors import NotThere, Refused
from campaign.extensions import db
from campaign.ideas.models import Draft, Idea
from campaign.languages import number

Value = Any  # A text, a number, the names of what was chosen, or a document.


class DraftAnswerFile(db.Model):
    """A document that waits with its draft to answer a question."""

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("answer_file.id"))
    file: Mapped[AnswerFile] = relationship(lazy="joined", innerjoin=True)
    private: Mapped[bool]


@dataclass(frozen=True)
class Told:
    """A reply in words, for a page."""

    name: str
    kind: str
    parts: list[str]  # One; or each thing that was chosen.
    private: bool = False
    url: str | None = None  # Of a document.


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
        file, value = (value, {"name": value.name, "size": value.size}) if question.kind == "file" else (None, value)
        if reply is None:
            reply = Reply(idea_id=idea.id, question_id=question.id)
        elif reply.file is not file:
            pass
        elif (value, question.asked, question.private) == (read_reply(reply), reply.asked, reply.private):
            continue
        written = json.dumps(value, ensure_ascii=False)
        reply.asked, reply.at, reply.file = question.asked, now(), file
        reply.value = None if question.private else written
        reply.sealed = encrypt(written.encode(), _place(reply)) if question.private else None
        db.session.add(reply)
    try:
        db.session.flush()
    except IntegrityError:
        raise QuestionGone from None  # A moment ago; the team takes away what it asks, and its answers with it.


def told_replies(idea: Idea, reader: Asker) -> list[Told]:
    """What its author answered, in the order of the questions, as this person may read it: private answers are for the team, until their date."""
    replies = _replies(idea)
    # Asked only where there is something private to read.
    with_private = any(reply.private for reply in replies) and may_read_private(reader, idea)
    return [
        Told(reply.name, reply.asked["kind"], _parts(reply), reply.private, url_of(reply) if reply.file_id else None)
        for reply in replies
        if with_private or not reply.private
    ]


def may_read_private(person: Asker, idea: Idea) -> bool:
    """Whether private answers that came with an idea are for this person's eyes now: the clock decides, deleted or not."""
    return not _is_over(idea) and may_on(person, "see", idea.campaign)


def public_answers(idea: Idea) -> list[dict[str, Any]]:
    """What everybody reads of it, as a version keeps it."""
    return [{**reply.asked, "value": read_reply(reply)} for reply in _replies(idea) if not reply.private]


def told_answers(kept: list[dict[str, Any]]) -> list[Told]:
    """The same as a version kept it, in words."""
    return [Told(in_words(one["names"]), one["kind"], in_parts(one, one["value"])) for one in kept]


def replies_to_change(idea: Idea, editor: Person) -> list[tuple[Reply, Value]]:
    """What was answered, as this person may change it: None where it can't be read, which is no reason to lose it.

    Private answers are for who suggested the idea, and not for those who joined them; and only until their date.
    """
    own, over = idea.author_id == editor.id, _is_over(idea)
    return [(reply, read_reply(reply)) for reply in _replies(idea) if not reply.private or (own and not over)]


def questions_withheld(idea: Idea, editor: Person) -> set[int]:
    """The questions about which this person isn't asked when they change the idea: what is private is between its author and the team."""
    if idea.author_id == editor.id:
        return set()
    questions = {question.id for question in questions_of(idea.campaign) if question.private}
    return questions | {reply.question_id for reply in _replies(idea) if reply.private}


def in_parts(asked: Mapping[str, Any], value: Value) -> list[str]:
    """A value in the reader's words."""
    if isinstance(value, list):
        return [in_words(names) for names in value]
    if asked["kind"] == "file":
        return [f"{value['name']} (PDF, {told_size(value['size'])})"]
    if asked["kind"] == "scale":
        top = asked["top"]
        meaning = in_words(asked["low"]) if value == 1 else in_words(asked["high"]) if value == top else ""
        told = _("%(value)s of %(top)s", value=number(value), top=number(top))
        return [f"{told} ({meaning})" if meaning else told]
    return [str(value)]


def url_of(reply: Reply) -> str:
    """Where a document leaves that was given in reply."""
    return f"/ideas/{reply.idea_id}/answers/{reply.question_id}"


def file_for(person: Asker, idea: Idea, question_id: int) -> AnswerFile:
    """The document that answers this question, if this person may read it. For an idea that they may see."""
    reply = db.session.get(Reply, (idea.id, question_id)) if question_id < 2**31 else None
    if reply is None or reply.file is None:
        raise NotThere
    if reply.private and not may_read_private(person, idea):
        raise NotThere
    return reply.file


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


def keep_files_with_draft(draft: Draft, files: Mapping[Question, AnswerFile | None]) -> None:
    """Let these documents wait with the draft, and no others."""
    there = {one.question_id: one for one in _files_of(draft)}
    for question, file in files.items():
        waiting = there.get(question.id)
        if waiting is not None and (file is None or waiting.file_id != file.id):
            db.session.delete(waiting)
            db.session.flush()
            waiting = None
        if waiting is None and file is not None:
            db.session.add(
                DraftAnswerFile(draft_id=draft.id, question_id=question.id, file=file, private=question.private)
            )


def _files_of(draft: Draft) -> list[DraftAnswerFile]:
    return list(db.session.scalars(db.select(DraftAnswerFile).filter_by(draft_id=draft.id)))


def begun_in(draft: Draft) -> dict[str, Any]:
    """A draft's answers and documents as a form goes on with them, and which of them were private."""
    begun = from_draft(draft.fields, draft_place(draft.campaign_id, draft.author_id))
    for waiting in _files_of(draft):
        begun["answers"][str(waiting.question_id)] = waiting.file
        begun["private"] += [str(waiting.question_id)] * waiting.private
    return begun


def from_draft(fields: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The same, as a form goes on with it: what stands in the field of each question, and which of them were private."""
    private: dict[str, Any] = {}
    with suppress(Unreadable, binascii.Error, ValueError):  # There is none, or the key is another one by now.
        private = json.loads(decrypt(base64.b64decode(fields.get("sealed") or "", validate=True), place))
    return {"answers": {**(fields.get("answers") or {}), **private}, "private": list(private)}


def draft_place(campaign_id: int, author_id: int) -> str:
    """Where a draft's answers belong."""
    return f"draft {campaign_id} {author_id}"
