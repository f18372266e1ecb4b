"""What we accept about evaluation: criteria, who evaluates what, a card, and a question to an idea's authors."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.accounts.models import Person
from campaign.campaigns.fields import MomentField, WholeOrNoneField
from campaign.campaigns.models import Campaign
from campaign.evaluation.assigning import EACH_MOST
from campaign.evaluation.criteria import CRITERIA_MOST, WantedCriterion
from campaign.evaluation.models import LEAST, MOST, WEIGHT_MOST, Card, Criterion, Scorecard
from campaign.evaluation.scoring import Given
from campaign.forms import Form, at_most
from campaign.ideas.models import Idea
from campaign.languages import LANGUAGES
from campaign.statuses.models import Status
from campaign.text import squeeze, tidy

BOXES: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
PARTS = {"name": _l("What is looked at"), "low": _l("What 1 means"), "high": _l("What 5 means")}


class CriteriaForm(Form):
    """Up to twelve criteria, in the campaign's languages; rows that are left empty are none."""

    read = HiddenField()  # The version that the writer had before them.

    def __init__(self, campaign: Campaign, scorecard: Scorecard | None) -> None:
        self.languages, self.there = campaign.languages, scorecard.criteria if scorecard else []
        given: dict[str, Any] = {"read": str(scorecard.number if scorecard else 0)}
        for place, criterion in enumerate(self.there, 1):
            given |= {f"weight_{place}": criterion.weight, f"id_{place}": str(criterion.id)}
            for part, words in (("name", criterion.names), ("low", criterion.lows), ("high", criterion.highs)):
                given |= {f"{part}_{code}_{place}": text for code, text in words.items()}
        super().__init__(data=given)
        for code in LANGUAGES:
            for place in range(1, CRITERIA_MOST + 1) if code not in self.languages else ():
                for part in PARTS:
                    del self[f"{part}_{code}_{place}"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each criterion's fields: {place, id, weight, parts: [(label, fields)], filled, wrong}."""
        return [self._row(place) for place in range(1, CRITERIA_MOST + 1)]

    def _row(self, place: int) -> dict[str, Any]:
        parts = [
            (part, label, [self[f"{part}_{code}_{place}"] for code in self.languages]) for part, label in PARTS.items()
        ]
        fields = [field for _part, _label, each in parts for field in each] + [self[f"weight_{place}"]]
        return {
            "place": place,
            "id": self[f"id_{place}"],
            "weight": self[f"weight_{place}"],
            "parts": parts,
            "filled": any(field.data for field in fields),
            "wrong": any(field.errors for field in fields),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """A row that says anything has a name in each language, and a weight."""
        if not super().validate(extra_validators):
            return False
        for row in self.rows:
            if not row["filled"]:
                continue
            for part, _label, fields in row["parts"]:
                for field in fields:
                    if part == "name" and not field.data:
                        field.errors = [*field.errors, _("Give it a name.")]
            if row["weight"].data is None:
                row["weight"].errors = [*row["weight"].errors, _("Say how much it weighs.")]
        return not self.errors

    @property
    def wanted(self) -> list[WantedCriterion]:
        ids = {criterion.id for criterion in self.there}
        return [
            WantedCriterion(
                **{f"{part}s": self._words(part, row["place"]) for part in PARTS},
                weight=row["weight"].data,
                id=next((one for one in ids if str(one) == row["id"].data), None),
            )
            for row in self.rows
            if row["filled"]
        ]

    def _words(self, part: str, place: int) -> dict[str, str]:
        fields = {code: self[f"{part}_{code}_{place}"].data for code in self.languages}
        return {code: text for code, text in fields.items() if text}


for _place in range(1, CRITERIA_MOST + 1):
    setattr(CriteriaForm, f"id_{_place}", HiddenField())
    setattr(CriteriaForm, f"weight_{_place}", WholeOrNoneField(_l("Weight"), 1, WEIGHT_MOST))
    for _code in LANGUAGES:
        for _part, _label in PARTS.items():
            _field = StringField(
                _l("%(part)s (%(language)s)", part=_label, language=LANGUAGES[_code]),
                filters=[squeeze],
                validators=[at_most(80 if _part == "name" else 160)],
            )
            setattr(CriteriaForm, f"{_part}_{_code}_{_place}", _field)


class AssignmentForm(Form):
    """Who evaluates which ideas, and by how many each is."""

    reviewers = SelectMultipleField(_l("Who evaluates"), coerce=int, **BOXES)
    which = RadioField(
        _l("Which ideas"),
        choices=[
            SelectChoice("all", _l("All on the board")),
            SelectChoice("status", _l("Those that stand at")),
            SelectChoice("chosen", _l("Those chosen below")),
        ],
        default="all",
    )
    status = SelectField(_l("Status"), validate_choice=False)
    ideas = SelectMultipleField(_l("Ideas"), coerce=int, validate_choice=False, **BOXES)
    each = WholeOrNoneField(_l("Reviewers of each idea"), 1, EACH_MOST)

    def __init__(self, people: list[Person], statuses: list[Status], ideas: list[Idea]) -> None:
        super().__init__()
        self.reviewers.choices = [SelectChoice(person.id, person.display_name) for person in people]
        self.status.choices = [SelectChoice(status.key, status.name) for status in statuses]
        self.ideas.choices = [SelectChoice(idea.id, idea.title) for idea in ideas]


class ReviewersForm(Form):
    """Who evaluates one idea, beside those who do already."""

    reviewers = SelectMultipleField(_l("Who else evaluates it"), coerce=int, **BOXES)

    def __init__(self, people: list[Person]) -> None:
        super().__init__(prefix="more-")
        self.reviewers.choices = [SelectChoice(person.id, person.display_name) for person in people]


class CardForm(Form):
    """A reviewer's card: a mark for each criterion, and words."""

    read = HiddenField()  # The version of the criteria that they had before them.
    to_team = TextAreaField(_l("To your team"), filters=[tidy], validators=[at_most(4000)])
    to_authors = TextAreaField(_l("To its authors, in private"), filters=[tidy], validators=[at_most(4000)])
    marks_to_authors = BooleanField(_l("Show its authors my marks as well"))

    criteria: list[Criterion]

    @property
    def marks(self) -> list[tuple[Criterion, Any]]:
        return [(criterion, self[f"mark_{criterion.id}"]) for criterion in self.criteria]

    @property
    def given(self) -> Given:
        marks = {one.id: int(field.data) for one, field in self.marks if field.data in MARKS}
        return Given(marks, self.to_team.data, self.to_authors.data, self.marks_to_authors.data)


MARKS = [str(mark) for mark in range(LEAST, MOST + 1)]


def card_form(scorecard: Scorecard, card: Card | None) -> CardForm:
    """The form of a card by these criteria, as it was kept."""
    fields = {
        f"mark_{criterion.id}": RadioField(
            criterion.name, choices=[SelectChoice(mark, mark) for mark in MARKS], validate_choice=False
        )
        for criterion in scorecard.criteria
    }
    data: dict[str, Any] = {"read": str(scorecard.number)}
    if card is not None:
        data |= {"to_team": card.to_team, "to_authors": card.to_authors, "marks_to_authors": card.marks_to_authors}
        data |= {f"mark_{criterion}": str(mark) for criterion, mark in card.marks.items()}
    form: CardForm = type("CardForm", (CardForm,), fields)(data=data)
    form.criteria = list(scorecard.criteria)
    return form


class QuestionForm(Form):
    """What an idea's authors are asked, and until when."""

    question = TextAreaField(
        _l("What should its authors make clear?"),
        filters=[tidy],
        validators=[DataRequired(_l("Write your question first.")), at_most(2000)],
    )
    due = MomentField(_l("Until"), validators=[InputRequired(_l("Say until when."))])


class ReplyForm(Form):
    """The authors' answer, where they answer in words."""

    reply = TextAreaField(_l("Your answer"), filters=[tidy], validators=[at_most(4000)])
