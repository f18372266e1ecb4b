"""What we accept from a manager who says what somebody received."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import ValidationError

from campaign.forms import Form, at_most
from campaign.text import squeeze


class IncentiveForm(Form):
    kind = RadioField(
        _l("What they have from the brand"),
        choices=[
            SelectChoice("", _l("Nothing")),
            SelectChoice("sample", _l("A sample")),
            SelectChoice("reward", _l("A payment or another reward")),
        ],
        default="",
        invalid_choice_message=_l("Choose what it is."),
    )
    what = StringField(_l("What it is"), filters=[squeeze], validators=[at_most(200)])

    def validate_what(self, field: Any) -> None:
        if field.data and not self.kind.data:
            raise ValidationError(_l("Choose above what this is."))
