"""A campaign's questions as fields of the form in which somebody writes an idea."""

from collections.abc import Collection, Mapping
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns.models import Campaign
from campaign.campaigns.questions import Question, asked_now, questions_of
from campaign.forms import Form, at_most
from campaign.ideas.models import Idea
from campaign.ideas.replies import Told, in_parts, replies_to_change
from campaign.text import squeeze, tidy

LINE, TEXT = 200, 2000  # Characters of an answer.
TOLD = "told-private"  # The field in which the page says which questions it called private.


class Questions:
    """What the campaign asks now, as fields of a form.

    `begun` is what stood in them: {question's id: value}. What somebody was told is private, here or when they answered it,
    stays so: `private` are the ids of those questions, whatever the team has made of them since.
    """

    def __init__(self, form: Form, campaign: Campaign, begun: Mapping[str, Any], private: Collection[str]) -> None:
        self._form = form
        self.asked = asked_now(campaign)
        told = {*private, *(request.form.getlist(TOLD) if form.was_sent else [])}
        for question in self.asked:
            question.private = question.private or str(question.id) in told
            name = f"question-{question.id}"
            form._fields[name] = form.meta.bind_field(form, _field(question), {"name": name, "prefix": ""})
            shown = begun.get(str(question.id))
            form._fields[name].process(request.form if form.was_sent else None, shown)

    def __iter__(self) -> Any:
        """Each question with its field."""
        return iter([(question, self.field(question)) for question in self.asked])

    def field(self, question: Question) -> wtforms.Field:
        return self._form._fields[f"question-{question.id}"]

    @property
    def typed(self) -> dict[Question, Any]:
        """What a draft keeps."""
        return {question: _typed(field.data) for question, field in self}

    @property
    def given(self) -> dict[Question, Any]:
        """The answers; None where there is none."""
        return {question: _value(question, field.data) for question, field in self}

    @property
    def told(self) -> list[Told]:
        """The public answers as the idea's page will tell them."""
        return [
            Told(question.name, question.kind, in_parts(question.asked, value))
            for question, value in self.given.items()
            if value is not None and not question.private
        ]


def begun_with_replies(idea: Idea) -> dict[str, Any]:
    """An idea's answers as a form begins with them. What can't be chosen any more isn't shown as chosen."""
    questions = {question.id: question for question in questions_of(idea.campaign)}
    there = [(reply, value) for reply, value in replies_to_change(idea) if value is not None]
    return {
        "answers": {str(reply.question_id): _shown(questions[reply.question_id], value) for reply, value in there},
        "private": [str(reply.question_id) for reply, _value in there if reply.private],
    }


def _shown(question: Question, value: Any) -> Any:
    if isinstance(value, list):
        chosen = [key for key, names in zip(_keys(question), question.choices, strict=True) if _is_in(names, value)]
        return chosen if question.kind == "several" else next(iter(chosen), None)
    return None if question.options else str(value)


def _field(question: Question) -> Any:
    label, checks = question.name, [_Answered(question)]
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
