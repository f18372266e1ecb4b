"""What we accept about what somebody gave away from the screen."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from campaign.campaigns.models import Campaign, Category
from campaign.forms import Form, at_most
from campaign.ideas.recorded import HOWS
from campaign.represented.actions import Given
from campaign.text import squeeze, tidy


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
    accepts = BooleanField(_l("They have accepted the rules of the campaign"))

    def __init__(self, campaign: Campaign, has_rules: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.campaign = campaign
        if not has_rules:
            del self.accepts
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

    @property
    def chosen_category(self) -> Category | None:
        chosen = self.category.data if self.category else None
        return next((one for one in self.campaign.categories if one.slug == chosen), None)


class TakingBackForm(Form):
    """Why a recorded vote counts no more."""

    why = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])
