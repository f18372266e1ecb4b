"""What we accept as the brand's answer, and as what the team keeps around it."""

import secrets
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from campaign.answers.actions import SHORTEST, Words
from campaign.answers.clock import DAYS_MOST
from campaign.answers.models import FEASIBLE
from campaign.answers.templates import places, unknown_places
from campaign.campaigns.fields import WholeField, WholeOrNoneField
from campaign.forms import Form, at_most
from campaign.languages import name_of, own_first
from campaign.text import squeeze, tidy

LONGEST = 5000


def says_why(form: Any, field: Field) -> None:
    """A draft may be short; what is sent says why."""
    if not form.draft.data and len(field.data) < SHORTEST:
        raise ValidationError(_l("A little more: 20 characters at least, so that it says why."))


class AnswerForm(Form):
    text = TextAreaField(
        _l("Your answer"),
        filters=[tidy],
        validators=[DataRequired(_l("Write your answer first.")), says_why, at_most(LONGEST)],
    )
    role = StringField(
        _l("Signed as"),
        filters=[squeeze],
        validators=[at_most(60)],
    )
    feasible = RadioField(
        _l("Can it be done?"),
        default="",
        choices=[
            SelectChoice("", _l("Say nothing of it")),
            *(SelectChoice(key, name) for key, name in FEASIBLE.items()),
        ],
    )
    cost = WholeOrNoneField(_l("What it costs"), 0, 999_999_999)
    timing = StringField(_l("When"), filters=[squeeze], validators=[at_most(120)])
    quiet = BooleanField(_l("Send no mail about it"))
    draft = SubmitField(_l("Keep as a draft"))
    read = HiddenField()  # Which state of the answer the writer had before them.

    def __init__(self, begun: Any) -> None:
        """`begun`: an answer, or a draft of one, to begin with."""
        names = ("text", "role", "feasible", "timing")
        given = {name: getattr(begun, name) for name in names} if begun else {}
        cost = begun.cost if begun else None
        super().__init__(data={**given, "cost": None if cost is None else int(cost)})

    @property
    def words(self) -> Words:
        cost = None if self.cost.data is None else Decimal(self.cost.data)
        return Words(self.text.data, self.role.data or "", cost, self.feasible.data or "", self.timing.data or "")


class PromiseForm(Form):
    days = WholeField(_l("Within how many days"), 1, DAYS_MOST)


class TemplateForm(Form):
    name = StringField(
        _l("Name"),
        filters=[squeeze],
        validators=[DataRequired(_l("Give it a name by which your colleagues find it.")), at_most(60)],
    )
    text_en = TextAreaField(_l("Text"), filters=[tidy], validators=[at_most(LONGEST)])
    text_fr = TextAreaField(_l("Text"), filters=[tidy], validators=[at_most(LONGEST)])

    def __init__(self, template: Any = None) -> None:
        self.languages = own_first()
        texts = {f"text_{code}": text for code, text in template.texts.items()} if template else {}
        super().__init__(data={"name": template.name if template else "", **texts})

    @property
    def texts(self) -> dict[str, str]:
        return {code: self[f"text_{code}"].data for code in self.languages}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not any(self.texts.values()):
            field = self[f"text_{self.languages[0]}"]
            field.errors = [*field.errors, _("Write it in one language at least.")]
            sound = False
        return sound

    def validate_text_en(self, field: Field) -> None:
        if unknown := unknown_places(field.data or ""):
            raise ValidationError(
                _("Nothing is known by {%(name)s}: there are %(author)s and %(title)s.", name=unknown[0], **places())
            )

    validate_text_fr = validate_text_en

    def name_in_summary(self, name: str) -> str:
        kind, _underscore, code = name.rpartition("_")
        if kind == "text":
            return _("%(field)s (%(language)s)", field=self[name].label.text, language=name_of(code))
        return super().name_in_summary(name)


class AssignmentForm(Form):
    person = SelectField(_l("Who answers it"), validate_choice=False)
    read = HiddenField()  # Whose it was when they looked.

    def __init__(self, colleagues: Any, present: int | None) -> None:
        super().__init__(data={"person": str(present or "")})
        self.people = {str(person.id): person for person in colleagues}
        self.person.choices = [
            SelectChoice("", str(_l("Whoever comes to it"))),
            *(SelectChoice(key, person.name) for key, person in self.people.items()),
        ]

    def validate_person(self, field: Field) -> None:
        if field.data and field.data not in self.people:
            raise ValidationError(_l("This person doesn’t answer ideas of this campaign. Choose somebody who does."))


class NoteForm(Form):
    text = TextAreaField(
        _l("Your note"),
        filters=[tidy],
        validators=[DataRequired(_l("Write something first.")), at_most(2000)],
    )
    also = SelectField(_l("Tell a colleague"), validate_choice=False)
    parent = HiddenField()
    key = HiddenField()

    def __init__(self, team: Any) -> None:
        super().__init__()
        self.key.data = (self.key.data or secrets.token_urlsafe(16))[:64]
        self.also.choices = [
            SelectChoice("", str(_l("Nobody in particular"))),
            *(SelectChoice(str(person.id), person.name) for person in team),
        ]

    @property
    def parent_id(self) -> int | None:
        """The note that this replies to. What is no number replies to none that exists."""
        given = self.parent.data or ""
        if not given:
            return None
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

    @property
    def told(self) -> set[int]:
        given = self.also.data or ""
        return {int(given)} if given.isascii() and given.isdigit() and len(given) < 10 else set()
