"""What we accept about a roadmap's milestones, and about an outcome page."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns.models import Campaign
from campaign.forms import Form, at_most
from campaign.ideas.models import Idea
from campaign.languages import LANGUAGES
from campaign.outcomes.models import Milestone, Outcome
from campaign.text import squeeze, tidy

BOXES: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
TEXT_MOST = 20_000


class MilestoneForm(Form):
    """A milestone, with its title in each of the campaign's languages."""

    due = DateField(_l("Date"), validators=[InputRequired(_l("Say for which day."))])
    done = BooleanField(_l("It is reached"))
    ideas = SelectMultipleField(_l("For which ideas"), coerce=int, validate_choice=False, **BOXES)

    def __init__(self, campaign: Campaign, ideas: list[Idea], milestone: Milestone | None = None) -> None:
        self.languages = campaign.languages
        given: dict[str, Any] = {}
        if milestone is not None:
            given = {"due": milestone.due, "done": milestone.done_at is not None}
            given["ideas"] = [idea.id for idea in milestone.ideas]
            given |= {f"name_{code}": name for code, name in milestone.names.items()}
        super().__init__(data=given)
        for code in LANGUAGES:
            if code not in self.languages:
                del self[f"name_{code}"]
            elif len(self.languages) == 1:
                self[f"name_{code}"].label.text = _("Title")
        self.ideas.choices = [SelectChoice(idea.id, idea.title) for idea in ideas]

    @property
    def names(self) -> list[Any]:
        return [self[f"name_{code}"] for code in self.languages]

    @property
    def wanted_names(self) -> dict[str, str]:
        return {code: self[f"name_{code}"].data for code in self.languages}


class OutcomeForm(Form):
    """The outcome page: a text in each of the campaign's languages, pictures, and the ideas that it is about."""

    read = HiddenField()  # Which state of it the writer had before them.
    pictures = MultipleFileField(_l("Pictures"))
    ideas = SelectMultipleField(_l("Ideas that it is about"), coerce=int, validate_choice=False, **BOXES)
    query = StringField(_l("Find more ideas by their words"), filters=[squeeze], validators=[at_most(200)])

    def __init__(self, campaign: Campaign, ideas: list[Idea], outcome: Outcome | None) -> None:
        self.languages = campaign.languages
        given: dict[str, Any] = {}
        if outcome is not None:
            given = {f"text_{code}": text for code, text in outcome.texts.items()}
            given["ideas"] = [idea.id for idea in outcome.ideas]
        super().__init__(data=given)
        for code in LANGUAGES:
            if code not in self.languages:
                del self[f"text_{code}"]
            elif len(self.languages) == 1:
                self[f"text_{code}"].label.text = _("Text")
        self.ideas.choices = [SelectChoice(idea.id, idea.title) for idea in ideas]

    @property
    def texts(self) -> list[Any]:
        return [self[f"text_{code}"] for code in self.languages]

    @property
    def wanted_texts(self) -> dict[str, str]:
        return {code: self[f"text_{code}"].data for code in self.languages}


for _code in LANGUAGES:
    _name = StringField(
        _l("Title (%(language)s)", language=LANGUAGES[_code]),
        filters=[squeeze],
        validators=[DataRequired(_l("Give it a title.")), at_most(120)],
    )
    setattr(MilestoneForm, f"name_{_code}", _name)
    _text = TextAreaField(
        _l("Text (%(language)s)", language=LANGUAGES[_code]), filters=[tidy], validators=[at_most(TEXT_MOST)]
    )
    setattr(OutcomeForm, f"text_{_code}", _text)
