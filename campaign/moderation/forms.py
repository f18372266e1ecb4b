"""What we accept from a moderator about a suspension."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired

from campaign.forms import Form, Told, at_most
from campaign.text import tidy


class SuspensionForm(Form):
    key = HiddenField(filters=[lambda key: (key or "")[:64]])  # As long as its column.
    reason = TextAreaField(
        _l("Why"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why. The person reads it.")), at_most(500)],
    )
    lasts = RadioField(
        _l("For how long"),
        choices=[
            SelectChoice("1", _l("One day")),
            SelectChoice("7", _l("7 days")),
            SelectChoice("30", _l("30 days")),
            SelectChoice("lifted", _l("Until somebody lifts it")),
        ],
        default="7",
        invalid_choice_message=_l("Choose for how long."),
    )

    @property
    def days(self) -> int | None:
        """For how many days; None: until it is lifted."""
        return None if self.lasts.data == "lifted" else int(self.lasts.data)


class LiftingForm(Form):
    read = Told()  # Which suspension was looked at, by its key.
    reason = TextAreaField(
        _l("Why"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why. The person reads it.")), at_most(500)],
    )
