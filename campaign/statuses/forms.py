"""What we accept about statuses: where an idea stands, and a status of the list."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns.fields import WholeOrNoneField
from campaign.campaigns.models import Campaign
from campaign.forms import Form, at_most
from campaign.languages import LANGUAGES
from campaign.statuses.arranging import WantedStatus
from campaign.statuses.kinds import COLOURS, FREEZES, KINDS
from campaign.statuses.models import Status
from campaign.text import squeeze, tidy


class PlaceForm(Form):
    """Where an idea stands from now on."""

    status = RadioField(
        _l("It stands at"),
        validate_choice=False,  # The list may have changed meanwhile: the action knows.
        validators=[DataRequired(_l("Choose where it stands."))],
    )
    reason = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])
    read = HiddenField()  # Which state of its history the writer had before them.


BOXES: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}


def _choices(named: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, name) for key, name in named.items()]


class StatusForm(Form):
    """One status of a campaign's list, with a name in each of its languages."""

    kind = SelectField(_l("What it says"), choices=_choices(KINDS))
    colour = RadioField(_l("Colour"), choices=_choices(COLOURS))
    freezes = SelectMultipleField(_l("Frozen while an idea stands here"), choices=_choices(FREEZES), **BOXES)
    leads_to = SelectMultipleField(_l("What may follow"), validate_choice=False, **BOXES)

    def __init__(self, campaign: Campaign, statuses: list[Status], status: Status | None = None) -> None:
        self.languages, self.status = campaign.languages, status
        given: dict[str, Any] = {"kind": "review", "colour": "blue"}
        if status is not None:
            given = {"kind": status.kind, "colour": status.colour, "leads_to": status.leads_to}
            given["freezes"] = [switch for switch in FREEZES if getattr(status, switch)]
            given |= {f"name_{code}": status.named.in_language(code) for code in self.languages}
        super().__init__(data=given)
        for code in LANGUAGES:
            if code not in self.languages:
                del self[f"name_{code}"]
            elif len(self.languages) == 1:
                self[f"name_{code}"].label.text = _("Name")
        self.leads_to.choices = [SelectChoice(other.key, other.name) for other in statuses if other is not status]

    @property
    def names(self) -> list[Any]:
        """The fields for its name, in the campaign's languages."""
        return [self[f"name_{code}"] for code in self.languages]

    @property
    def wanted(self) -> WantedStatus:
        names = {code: self[f"name_{code}"].data for code in self.languages}
        if self.status is not None and not self.status.names:
            ready = {code: self.status.named.in_language(code) for code in self.languages}
            names = {} if names == ready else names  # It goes on reading in every language.
        freezes, leads_to = frozenset(self.freezes.data or ()), frozenset(self.leads_to.data or ())
        return WantedStatus(names, self.kind.data, self.colour.data, leads_to, freezes)


for _code in LANGUAGES:
    _name = StringField(
        _l("Name (%(language)s)", language=LANGUAGES[_code]),
        filters=[squeeze],
        validators=[DataRequired(_l("Give it a name.")), at_most(40)],
    )
    setattr(StatusForm, f"name_{_code}", _name)


class RemovalForm(Form):
    """To which status the ideas of another move that goes, and why."""

    to = SelectField(_l("Its ideas move to"), validate_choice=False)
    reason = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])


class QualifyingForm(Form):
    """With how many supporters an idea qualifies for review."""

    number = WholeOrNoneField(_l("Supporters"), 1, 1_000_000)
