"""A campaign's questions as rows of its form: numbered, with what each kind needs, taken away by choosing no kind."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from campaign.campaigns.questions import CHOOSING, QUESTION_KINDS, Question
from campaign.campaigns.rows import PlaceField, row_id, row_place
from campaign.campaigns.setup import WantedQuestion
from campaign.forms import at_most
from campaign.languages import LANGUAGES, name_of, number
from campaign.text import squeeze, tidy

QUESTIONS_MAX = 12
CHOICES_MAX = 20
CHOICE_MAX = 100  # Characters.
TOPS = range(2, 11)


class QuestionRow(wtforms.Form):
    """One question. Without a kind, it is taken away."""

    id = HiddenField()
    position = PlaceField(_l("Position"))
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("", _l("No question")),
            *(SelectChoice(key, name) for key, name in QUESTION_KINDS.items()),
        ],
        invalid_choice_message=_l("Choose how it is answered."),
    )
    required = BooleanField(_l("Must be answered"))
    private = BooleanField(_l("Only your team reads the answers"))
    top = SelectField(
        _l("From 1 to"), choices=[SelectChoice(str(top), str(top)) for top in TOPS], default="5", coerce=str
    )

    def words(self, kind: str) -> dict[str, str]:
        """What was typed, by language."""
        return {code: self[f"{kind}_{code}"].data for code in LANGUAGES if self[f"{kind}_{code}"].data}

    @property
    def choices(self) -> list[dict[str, str]]:
        """A choice a line, in each language. Lines that stand beside each other say the same."""
        lines = {code: _lines(text) for code, text in self.words("choices").items()}
        rows = zip_longest(*lines.values(), fillvalue="")
        return [{code: name for code, name in zip(lines, row, strict=True) if name} for row in rows]

    @property
    def is_there(self) -> bool:
        return bool(self.kind.data) or row_id(self) is not None or bool(self.words("name"))


LABELS = {
    "name": _l("The question"),
    "choices": _l("Choices, one a line"),
    "low": _l("What 1 means"),
    "high": _l("What the highest number means"),
}

for _code in LANGUAGES:
    for _kind, _label in LABELS.items():
        _field: Any = (
            TextAreaField(_label, filters=[tidy], validators=[at_most(CHOICES_MAX * (CHOICE_MAX + 1))])
            if _kind == "choices"
            else StringField(_label, filters=[squeeze], validators=[at_most(200 if _kind == "name" else 60)])
        )
        setattr(QuestionRow, f"{_kind}_{_code}", _field)


def shown_questions(questions: Iterable[Question | WantedQuestion]) -> list[dict[str, Any]]:
    """What the rows show before anybody typed."""
    return [
        {
            "id": question.id or "",
            "position": place,
            "kind": question.kind,
            "required": question.required,
            "private": question.private,
            "top": str(question.top),
            **{f"{kind}_{code}": text for kind in ("name", "low", "high") for code, text in _words(question, kind)},
            **{
                f"choices_{code}": "\n".join(names.get(code, "") for names in question.choices)
                for code in LANGUAGES
                if any(code in names for names in question.choices)
            },
        }
        for place, question in enumerate(questions, 1)
    ]


def _words(question: Question | WantedQuestion, kind: str) -> list[tuple[str, str]]:
    names: dict[str, str] = question.names if kind == "name" else getattr(question, kind)
    return list(names.items())


def wanted_questions(rows: FieldList) -> list[WantedQuestion]:
    """What the rows ask for, in the order that they ask for; a row that is empty and was so before asks for nothing."""
    return [
        _wanted(row.form)
        for _place, row in sorted(enumerate(rows, 1), key=row_place)
        if row.form.kind.data or row_id(row.form)
    ]


def _wanted(row: QuestionRow) -> WantedQuestion:
    kind = row.kind.data or ""
    on_scale = kind == "scale"
    return WantedQuestion(
        kind,
        row.words("name"),
        row.choices if kind in CHOOSING else [],
        int(row.top.data) if on_scale and row.top.data in map(str, TOPS) else 5,
        row.words("low") if on_scale else {},
        row.words("high") if on_scale else {},
        row.required.data,
        row.private.data,
        row_id(row),
    )


def check_questions(rows: FieldList) -> bool:
    """Whether every question can be asked; what can't says why."""
    checked = [_check(row.form) for row in rows if row.form.is_there]  # Every one says it, not the first.
    return all(checked)


def _check(row: QuestionRow) -> bool:
    if not row.kind.data:
        if row_id(row) is None:
            return _say(row.kind, _("Choose how it is answered, or empty the question."))
        return True
    first = row[f"name_{next(iter(LANGUAGES))}"]
    named = bool(row.words("name")) or _say(first, _("What do you ask?"))
    return (_check_choices(row) if row.kind.data in CHOOSING else True) and named


def _check_choices(row: QuestionRow) -> bool:
    given = {code: _lines(text) for code, text in row.words("choices").items()}
    first = row[f"choices_{next(iter(given), next(iter(LANGUAGES)))}"]
    lengths = {len(lines) for lines in given.values()}
    if len(lengths) > 1:
        (one, here), (other, there) = list(given.items())[:2]
        return _say(
            row[f"choices_{other}"],
            _(
                "In %(language)s there are %(there)s lines, and here %(here)s: give each choice its line in both.",
                language=name_of(one),
                there=number(len(here)),
                here=number(len(there)),
            ),
        )
    most = max(lengths, default=0)
    if not 2 <= most <= CHOICES_MAX:
        return _say(first, _("Give from 2 to %(most)s choices, each on a line of its own.", most=CHOICES_MAX))
    if any(len(line) > CHOICE_MAX for lines in given.values() for line in lines):
        return _say(first, _("A choice has %(most)s characters at most.", most=CHOICE_MAX))
    if any(len({line.casefold() for line in lines}) < len(lines) for lines in given.values()):
        return _say(first, _("A choice is there twice."))
    return True


def _lines(text: str) -> list[str]:
    return [line for part in text.splitlines() if (line := squeeze(part))]


def _say(field: wtforms.Field, sentence: str) -> bool:
    if not field.errors:
        field.errors = [sentence]
    return False
