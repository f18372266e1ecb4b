"""A campaign's questions as fields of the form in which somebody writes an idea."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from wtforms import FileField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.accounts.models import Person
from campaign.answer_files import AnswerFile, keep_answer_file
from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question, Reply, asked_now, questions_of
from campaign.database import without_connection
from campaign.errors import Refused
from campaign.extensions import db
from campaign.forms import Form, at_most
from campaign.ideas.models import Idea
from campaign.ideas.replies import Told, in_parts, questions_withheld, replies_to_change
from campaign.text import squeeze, tidy

LINE, TEXT = 200, 2000  # Characters of an answer.
TOLD = "told-private"  # The field in which the page says which questions it called private.


class Questions:
    """What the campaign asks now, as fields of a form.

    `begun` is what stood in them: {question's id: value}. What somebody was told is private, here or when they answered it,
    stays so: `private` are the ids of those questions, whatever the team has made of them since. `unreadable`: questions whose
    answers lost their key; `withheld`: those that are none of this person's business. Neither loses its answer by an edit.
    """

    def __init__(
        self,
        form: Form,
        campaign: Campaign,
        begun: Mapping[str, Any],
        private: Collection[str],
        unreadable: Collection[int] = (),
        withheld: Collection[int] = (),
    ) -> None:
        self._form = form
        self._unshown = {number for number, value in begun.items() if value is None}
        self.unreadable = unreadable
        self.asked = [question for question in asked_now(campaign) if question.id not in withheld]
        told = {*private, *(request.form.getlist(TOLD) if form.was_sent else [])}
        for question in self.asked:
            question.private = question.private or str(question.id) in told
            question.required = question.required and question.id not in unreadable  # It is answered.
            name = f"question-{question.id}"
            form._fields[name] = form.meta.bind_field(form, _field(question), {"name": name, "prefix": ""})
            shown = begun.get(str(question.id))
            if not isinstance(shown, _STANDS_IN.get(question.kind, str)):
                shown = None  # It was typed for another kind of question.
            if question.kind == "file":
                form._fields[name].begin_with(shown, form.was_sent)
            else:
                form._fields[name].process(request.form if form.was_sent else None, shown)

    def __iter__(self) -> Any:
        """Each question with its field."""
        return iter([(question, self.field(question)) for question in self.asked])

    def field(self, question: Question) -> wtforms.Field:
        return self._form._fields[f"question-{question.id}"]

    @property
    def typed(self) -> dict[Question, Any]:
        """What a draft keeps."""
        return {question: _typed(field.data) for question, field in self if question.kind != "file"}

    @property
    def files(self) -> dict[Question, AnswerFile | None]:
        """The documents that stay."""
        return {question: field.kept for question, field in self if question.kind == "file"}

    @property
    def brings_files(self) -> bool:
        return any(field.chosen for question, field in self if question.kind == "file")

    @property
    def refused(self) -> bool:
        """Whether a document was refused."""
        return any(field.refusal for question, field in self if question.kind == "file")

    def take_in(self, by: Person) -> bool:
        """Keep the documents that were chosen now, so that nobody chooses them twice; gives whether there is anything to commit.

        For before anything is written. What is wrong with one is said when the form is validated.
        """
        if not self.brings_files:
            return False
        assert by.id  # Read before the connection goes: asked for below.
        with without_connection():
            for question, field in self:
                if question.kind == "file":
                    field.take_in(by)
        return True

    @property
    def given(self) -> dict[Question, Any]:
        """The answers; None where there is none any more. What was answered to an earlier form of a question isn't touched."""
        values = {
            question: field.kept if question.kind == "file" else _value(question, field.data)
            for question, field in self
        }
        return {
            question: value
            for question, value in values.items()
            if value is not None or str(question.id) not in self._unshown
        }

    @property
    def told(self) -> list[Told]:
        """The public answers as the idea's page will tell them."""
        return [
            Told(
                question.name,
                question.kind,
                in_parts(
                    question.asked, {"name": value.name, "size": value.size} if question.kind == "file" else value
                ),
            )
            for question, value in self.given.items()
            if value is not None and not question.private
        ]


def begun_with_replies(idea: Idea, editor: Person) -> dict[str, Any]:
    """An idea's answers as a form begins with them for this person. What can't be chosen any more isn't shown as chosen."""
    questions = {question.id: question for question in questions_of(idea.campaign)}
    there = replies_to_change(idea, editor)
    shown = [(reply.question_id, (reply.file or value) if value is not None else None) for reply, value in there]
    return {
        "answers": {
            str(number): None if value is None else _shown(questions[number], value) for number, value in shown
        },
        "private": [str(reply.question_id) for reply, _value in there if reply.private],
        "unreadable": {number for number, value in shown if value is None},
        "withheld": questions_withheld(idea, editor),
    }


def _shown(question: Question, value: Any) -> Any:
    if isinstance(value, AnswerFile) or question.kind == "file":
        return value if isinstance(value, AnswerFile) and question.kind == "file" else None
    if isinstance(value, list):
        chosen = [key for key, names in zip(_keys(question), question.choices, strict=True) if _is_in(names, value)]
        return chosen if question.kind == "several" else next(iter(chosen), None)
    return None if question.options else str(value)


def _field(question: Question) -> Any:
    label, checks = question.name, [_Answered(question)]
    if question.kind == "file":
        return DocumentField(label, validators=[_Attached(question)])
    if question.kind == "text":
        return StringField(label, filters=[squeeze], validators=[*checks, at_most(LINE)])
    if question.kind == "long":
        return TextAreaField(label, filters=[tidy], validators=[*checks, at_most(TEXT)])
    if question.kind == "several":
        return SelectMultipleField(
            label,
            choices=[SelectChoice(value, words) for value, words in question.options],
            validators=checks,
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
            validate_choice=False,
        )
    options = [SelectChoice(value, words) for value, words in _offered(question)]
    if not question.required:
        options.append(SelectChoice("", _("No answer")))
    return RadioField(label, choices=options, validators=checks, validate_choice=False)


_STANDS_IN = {"several": list, "file": AnswerFile}


class DocumentField(FileField):
    """A document in answer to a question: chosen now, or kept since an earlier attempt."""

    kept: AnswerFile | None = None
    refusal: Refused | None = None

    def begin_with(self, there: AnswerFile | None, was_sent: bool) -> None:
        """Start from the document that stands there; or, when the form was sent, from what it says about it."""
        self.process(request.files if was_sent else None)
        self.kept = there
        if was_sent:
            key = request.form.get(f"{self.name}-kept", "")
            if there is None or there.key != key:
                self.kept = _own_file(key)
            if request.form.get(f"{self.name}-removed"):
                self.kept = None

    @property
    def chosen(self) -> FileStorage | None:
        """What was chosen now; a browser sends an empty one where nothing was."""
        return self.data if isinstance(self.data, FileStorage) and self.data.filename else None

    def take_in(self, by: Person) -> None:
        if self.chosen is None:
            return
        try:
            self.kept = keep_answer_file(self.chosen, by=by)
        except Refused as refusal:
            self.refusal = refusal


def _own_file(key: str) -> AnswerFile | None:
    """A document that this person uploaded and that stands on no idea yet."""
    if not re.fullmatch(r"[0-9a-f]{32}", key):
        return None
    taken = db.exists().where(Reply.file_id == AnswerFile.id)
    return db.session.scalar(
        db.select(AnswerFile).where(AnswerFile.key == key, AnswerFile.by_id == current_user.id, ~taken)
    )


class _Attached:
    """Said beside the field: what is wrong with the document, or that there is none."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self.field_flags = {"required": True} if question.required else {}

    def __call__(self, form: Any, field: DocumentField) -> None:
        if field.refusal:
            raise ValidationError(
                " ".join(str(words) for words in (field.refusal.message, getattr(field.refusal, "also", "")) if words)
            )
        if self._question.required and field.kept is None:
            raise ValidationError(_("Choose a document."))


def _offered(question: Question) -> list[tuple[str, str]]:
    """What can be chosen: nothing where one writes."""
    if question.kind == "scale":
        return [(str(step), str(step)) for step in range(1, question.top + 1)]
    return question.options


class _Answered:
    """Said beside the field: that an answer is missing, or that it is none of those there are."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self.field_flags = {"required": True} if question.required else {}

    def __call__(self, form: Any, field: wtforms.Field) -> None:
        given = field.data or ""
        known = {value for value, _words in _offered(self._question)}
        if known and not (set(given) if isinstance(given, list) else {given} - {""}) <= known:
            raise ValidationError(_("Choose from what is offered: it has changed meanwhile."))
        if self._question.required and not given:
            raise ValidationError(str(_CHOOSE if known else _MISSING))


_MISSING = _l("This needs an answer.")
_CHOOSE = _l("Choose an answer.")


def _typed(data: Any) -> Any:
    return [str(one)[:20] for one in data[:40]] if isinstance(data, list) else (data or "")[:20_000]


def _value(question: Question, data: Any) -> Any:
    if not data:
        return None
    if question.kind == "scale":
        return int(data)
    if question.options:
        keys = {data} if isinstance(data, str) else set(data)
        return [names for key, names in zip(_keys(question), question.choices, strict=True) if key in keys] or None
    return data


def _keys(question: Question) -> list[str]:
    return [key for key, _words in question.options]


def _is_in(names: dict[str, str], chosen: list[dict[str, str]]) -> bool:
    """Whether a choice is among those made before, whatever languages it has got or lost since."""
    return any(names.items() & one.items() for one in chosen)
