"""What a moderator decides about votes under review."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from campaign.forms import Form
from campaign.text import squeeze


class DecisionForm(Form):
    """One decision about one group of votes for an idea, or of ballots of a stage."""

    idea = HiddenField()
    stage = HiddenField()
    group = HiddenField()
    was = HiddenField()  # What was decided when the page was made.
    decision = RadioField(
        _l("What becomes of them"),
        choices=[
            SelectChoice("count", _l("Count them")),
            SelectChoice("leave", _l("Leave them out")),
            SelectChoice("review", _l("Keep them under review")),
        ],
        invalid_choice_message=_l("Choose what becomes of them."),
    )
    why = StringField(
        _l("Why"),
        filters=[squeeze],
        validators=[
            InputRequired(_l("Say why. It stands in the campaign’s history.")),
            Length(max=500, message=_l("500 characters at most.")),
        ],
    )
