"""What we accept about what somebody gave away from the screen."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from campaign.campaigns.models import Campaign, Category
from campaign.campaigns.rules import Rules
from campaign.errors import Refused
from campaign.forms import Form, at_most
from campaign.ideas.origins import BUILDS_ON_MAX, asks_origin
from campaign.ideas.recorded import HOWS
from campaign.represented.actions import AgeNotDeclared, CountryNotDeclared, Given, RulesNotAccepted, check_told
from campaign.text import squeeze, tidy

BOXES = ("accepts", "of_age", "from_country")
# What its author says about whose an idea is, as whoever records it reads it: see ideas/origins.py.
TOLD = {
    "own": _l("Yes, it is their own"),
    "allowed": _l("In part: somebody else’s brand or work is in it, and they may use it"),
    "theirs": _l("No, it is somebody else’s"),
}


class GivenForm(Form):
    """Who gave it, and how it came."""

    reference = StringField(
        _l("Number on the paper"),
        filters=[squeeze],
        validators=[InputRequired(_l("Give the number on the paper, or one of your own.")), at_most(40)],
    )
    name = StringField(
        _l("Name"),
        filters=[squeeze],
        validators=[InputRequired(_l("How do they want to be named?")), at_most(60)],
    )
    how = RadioField(
        _l("How it came"), choices=[SelectChoice(key, name) for key, name in HOWS.items()], default="paper"
    )
    event = StringField(_l("Event"), filters=[squeeze], validators=[at_most(120)])
    key = HiddenField()

    @property
    def given(self) -> Given:
        return Given(self.reference.data, self.name.data, self.how.data, self.event.data or "")


class RecordVoteForm(GivenForm):
    """One vote for an idea."""


class RecordIdeaForm(GivenForm):
    """An idea, in its author's words."""

    title = StringField(_l("The idea"), filters=[squeeze], validators=[InputRequired(_l("Give it a title."))])
    text = TextAreaField(_l("Details"), filters=[tidy])
    category = SelectField(_l("Category"), validate_choice=False)
    contact = StringField(_l("How to reach them"), filters=[squeeze], validators=[at_most(200)])
    yours = RadioField(
        _l("Is it theirs?"),
        choices=[SelectChoice(key, name) for key, name in TOLD.items()],
        validate_choice=False,
    )
    builds_on = StringField(_l("Whose brand or work is it?"), filters=[squeeze], validators=[at_most(BUILDS_ON_MAX)])
    accepts = BooleanField(_l("They have accepted the rules of the campaign"))
    of_age = BooleanField()
    from_country = BooleanField()

    def __init__(self, campaign: Campaign, rules: Rules | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.campaign, self.rules = campaign, rules
        if rules is None:
            del self.accepts
        if rules is None or rules.age_min is None:
            del self.of_age
        else:
            self.of_age.label.text = _("They have said to be %(age)s or older", age=rules.age_min)
        if rules is None or not rules.countries:
            del self.from_country
        else:
            countries = ", ".join(rules.country_names)
            self.from_country.label.text = _(
                "They have said to live in one of these: %(countries)s", countries=countries
            )
        if not asks_origin(campaign, rules):
            del self.yours, self.builds_on
        if campaign.categories:
            self.category.choices = [
                SelectChoice("", _l("Choose one")),
                *(SelectChoice(one.slug, one.name) for one in campaign.categories),
            ]
        else:
            del self.category

    def validate_title(self, field: Any) -> None:
        Length(self.campaign.title_min, self.campaign.title_max)(self, field)

    def validate_text(self, field: Any) -> None:
        at_most(self.campaign.text_max)(self, field)
        if len(field.data or "") < self.campaign.text_min:
            raise ValidationError(_l("Say a little more, in their words."))

    def validate_accepts(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(RulesNotAccepted.message)

    def validate_of_age(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(AgeNotDeclared.message)

    def validate_from_country(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(CountryNotDeclared.message)

    def validate_yours(self, field: Any) -> None:
        self._check_told(field)

    def validate_builds_on(self, field: Any) -> None:
        self._check_told(field)

    def _check_told(self, field: Any) -> None:
        try:
            check_told(self.campaign, self.rules, self.yours.data, self.source)
        except Refused as refusal:
            if refusal.field == field.name:
                raise ValidationError(refusal.message) from None

    @property
    def source(self) -> str:
        """Whose brand or work is in it beside its author's, where that was said."""
        return self.builds_on.data or "" if self.yours and self.yours.data == "allowed" else ""

    @property
    def declared(self) -> dict[str, Any]:
        """What its author declared, for the action."""
        boxes = {name: bool(self[name] and self[name].data) for name in BOXES if name in self}
        return {**boxes, "origin": self.yours.data if self.yours else None, "builds_on": self.source}

    @property
    def chosen_category(self) -> Category | None:
        chosen = self.category.data if self.category else None
        return next((one for one in self.campaign.categories if one.slug == chosen), None)


class TakingBackForm(Form):
    """Why a recorded vote counts no more."""

    why = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])
