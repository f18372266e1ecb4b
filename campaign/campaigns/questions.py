"""What a campaign asks beside the idea itself, and what people replied: its questions, and how a team changes them."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.answer_files import AnswerFile
from campaign.campaigns.models import Campaign
from campaign.campaigns.setup import Setup, WantedQuestion
from campaign.clock import now
from campaign.database import UTCDateTime
from campaign.errors import Refused
from campaign.extensions import db
from campaign.languages import LANGUAGES, language

QUESTION_KINDS = {
    "text": _l("A line of text"),
    "long": _l("A longer text"),
    "one": _l("One choice"),
    "several": _l("Several choices"),
    "scale": _l("A scale"),
    "file": _l("A document (PDF)"),
}
CHOOSING = ("one", "several")

Names = dict[str, str]  # {language: words}


class QuestionReplied(Refused):
    """People replied to a question that is to be taken away."""

    code, field = "question_replied", "questions"


class KeptTooLong(Refused):
    """Private answers would be kept for longer than those who gave them were told."""

    code, field = "kept_too_long", "private_until"
    message = _l("People gave private answers and were told this date. It can become earlier, not later.")


class Question(db.Model):
    """Something that a campaign asks everybody who suggests an idea."""

    __table_args__ = (CheckConstraint(f"kind IN {tuple(QUESTION_KINDS)}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(10))
    names: Mapped[Names] = mapped_column(JSON)
    choices: Mapped[list[Names]] = mapped_column(JSON, default=list)  # Of a choice.
    top: Mapped[int] = mapped_column(default=5)  # Of a scale, which begins at 1.
    low: Mapped[Names] = mapped_column(JSON, default=dict)  # What its ends mean.
    high: Mapped[Names] = mapped_column(JSON, default=dict)
    required: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)  # For the brand's team only.

    @property
    def name(self) -> str:
        return in_words(self.names)

    @property
    def language(self) -> str:
        """The language that its reader sees it in."""
        return language() if language() in self.names else next(iter(self.names), language())

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen: a key that lasts as long as the choice says the same, and its words."""
        return [(choice_key(names), in_words(names)) for names in self.choices] if self.kind in CHOOSING else []

    @property
    def asked(self) -> dict[str, Any]:
        """How it is asked now, to be kept with a reply: a later change doesn't change what was answered."""
        asked: dict[str, Any] = {"names": self.names, "kind": self.kind}
        if self.kind == "scale":
            asked |= {"top": self.top, "low": self.low, "high": self.high}
        return asked


class Reply(db.Model):
    """What the author of an idea answered to a question. In the open, or encrypted where the question was private."""

    __table_args__ = (CheckConstraint("(value IS NULL) <> (sealed IS NULL)", name="open_or_sealed"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    # No cascade: the database refuses to take a question away that has replies, until they are taken away knowingly.
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True, index=True)
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)  # See Question.asked.
    # As JSON: a text, a number, what was chosen in all its languages, or the name and size of a document.
    value: Mapped[str | None]
    sealed: Mapped[bytes | None]  # The same, encrypted.
    file_id: Mapped[int | None] = mapped_column(ForeignKey("answer_file.id"), unique=True)
    file: Mapped[AnswerFile | None] = relationship(lazy="joined")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def private(self) -> bool:
        return self.sealed is not None

    @property
    def name(self) -> str:
        return in_words(self.asked["names"])


def in_words(names: Names) -> str:
    """In the reader's language, or else in the first there is."""
    return names.get(language()) or next(iter(names.values()), "")


def choice_key(names: Names) -> str:
    """What stands for a choice in a form."""
    return hashlib.sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()[:12]


def questions_of(campaign: Campaign) -> list[Question]:
    """What the campaign asks, in its order. One query."""
    found = db.select(Question).filter_by(campaign_id=campaign.id).order_by(Question.position, Question.id)
    return list(db.session.scalars(found)) if campaign.id else []


def asked_now(campaign: Campaign) -> list[Question]:
    """What is asked of who writes now: once the private answers have been deleted, no more of them are collected.

    Apart from the session: they stay as they were read, whatever the team does while somebody's answers are taken in.
    """
    over = campaign.private_until is not None and campaign.private_until <= now()
    asked = [question for question in questions_of(campaign) if not (question.private and over)]
    for question in asked:
        db.session.expunge(question)
    return asked


def write_questions(campaign: Campaign, setup: Setup) -> dict[int, int]:
    """Add, change, order and take away. Questions that aren't mentioned stay as they are, below the others.

    Gives how many answers went with each question that was taken away, by its id. Raises QuestionReplied where a question
    with replies would go and `setup.forget_replies` doesn't say that it may.
    """
    known = {question.id: question for question in questions_of(campaign)}
    kept: list[Question] = []
    gone: dict[int, int] = {}
    for wanted in setup.questions:
        question = known.pop(wanted.id, None) if wanted.id else None
        if not wanted.kind:
            if question:
                gone[question.id] = _remove(question, setup.forget_replies)
            continue
        if question is None:
            question = Question(campaign_id=campaign.id)
            db.session.add(question)
        for name, value in wanted.content.items():
            if getattr(question, name) != value:
                setattr(question, name, value)
        kept.append(question)
    for position, question in enumerate([*kept, *known.values()]):
        question.position = position
    db.session.flush()
    return gone


HoldsPrivate = Callable[[Campaign], bool]
_holding_too: list[HoldsPrivate] = []


def private_answers_wait(holds: HoldsPrivate) -> None:
    """Have another slice say whether private answers to this campaign's questions wait with it, such as in drafts."""
    _holding_too.append(holds)


def keep_private_date(campaign: Campaign, setup: Setup) -> None:
    """Raise KeptTooLong where private answers of this campaign would be kept for longer than was told."""
    told, wanted = campaign.private_until, setup.private_until
    if told is None or (wanted is not None and wanted <= told):
        return
    if _has_private_replies(campaign) or any(holds(campaign) for holds in _holding_too):
        raise KeptTooLong


def _has_private_replies(campaign: Campaign) -> bool:
    there = db.select(Reply.idea_id).join(Question, Question.id == Reply.question_id)
    there = there.where(Question.campaign_id == campaign.id, Reply.sealed.is_not(None))
    return db.session.scalar(there.limit(1)) is not None


def _remove(question: Question, forget_replies: bool) -> int:
    name, gone = question.name, 0
    if forget_replies:
        replies = db.delete(Reply).where(Reply.question_id == question.id).returning(Reply.idea_id)
        gone = len(db.session.scalars(replies.execution_options(synchronize_session=False)).all())
    try:
        with db.session.begin_nested():
            db.session.delete(question)
    except IntegrityError:
        # Replies point to it; the database knows, and none can slip in between a look and the deletion.
        raise QuestionReplied(
            _(
                "People answered “%(name)s”. To take it away with all its answers, tick the box below the questions.",
                name=name,
            )
        ) from None
    return gone


def questions_as_they_stand(campaign: Campaign) -> dict[int, dict[str, Any]]:
    """The questions as a copy that later changes leave alone, for the history."""
    return {
        question.id: {name: getattr(question, name) for name in WantedQuestion.CONTENT}
        | {"position": question.position}
        for question in questions_of(campaign)
    }


def copied_questions(campaign: Campaign) -> list[WantedQuestion]:
    """The same questions for another campaign."""
    return [
        WantedQuestion(**{name: getattr(question, name) for name in WantedQuestion.CONTENT})
        for question in questions_of(campaign)
    ]


def first_words(names: Names) -> str:
    """The words for a file, which is the same whoever asks for it."""
    return next((names[code] for code in LANGUAGES if code in names), "")
