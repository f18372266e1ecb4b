"""What we accept as the brand's answer."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from campaign.forms import Form, at_most
from campaign.text import squeeze, tidy


class AnswerForm(Form):
    text = TextAreaField(
        _l("Your answer"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write your answer first.")),
            Length(min=20, message=_l("A little more: 20 characters at least, so that it says why.")),
            at_most(5000),
        ],
    )
    role = StringField(
        _l("Signed as"),
        filters=[squeeze],
        validators=[at_most(60)],
    )
    read = HiddenField()  # Which state of the answer the writer had before them.
