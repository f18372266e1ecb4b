"""What a form asks of whoever contributes: whether the brand gave them something. Folded; most have nothing to say there."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from campaign.campaigns.incentives import GIVEN, Label
from campaign.forms import Form, at_most
from campaign.text import squeeze

RECEIVED_MAX = 200


class IncentiveFields(Form):
    """The declaration. `ask_received` takes it away where something stands beside the name already: see _received.html."""

    received = SelectField(_l("What you have from the brand"), choices=[], validate_choice=False)
    received_what = StringField(_l("What it is"), filters=[squeeze], validators=[at_most(RECEIVED_MAX)])

    label: Label | None = None  # What stands beside the author's name already.

    def ask_received(self, label: Label | None) -> None:
        """Ask somebody beside whose name this stands already, or nothing."""
        self.label = label
        if label:
            self.ask_no_incentive()
        else:
            sample, reward = _("A sample"), _("A payment or another reward")
            self.received.choices = [
                SelectChoice("", _("Nothing")),
                SelectChoice("sample", sample),
                SelectChoice("reward", reward),
            ]

    def ask_no_incentive(self) -> None:
        """For an edit, and for what is no contribution."""
        del self.received, self.received_what

    @property
    def given(self) -> tuple[str, str]:
        """What its author says they have from the brand, as its kind and in words."""
        return (self.received.data, self.received_what.data) if self.received and self.received.data else ("", "")

    def validate_received(self, field: Any) -> None:
        if field.data not in GIVEN:
            field.data = ""

    def validate_received_what(self, field: Any) -> None:
        if field.data and self.received.data not in GIVEN:
            raise ValidationError(_("Choose above what this is."))
