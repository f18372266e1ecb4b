"""What we accept about ideas that are the same: which other one is meant, and why."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired

from campaign.forms import Form, at_most
from campaign.text import tidy


class OtherForm(Form):
    other = HiddenField(_l("The other idea"))


class MergeForm(Form):
    reason = TextAreaField(
        _l("Why"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why. It stands on the idea’s page.")), at_most(500)],
    )


class ApartForm(Form):
    reason = TextAreaField(
        _l("Why"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why. Whoever proposed it reads it.")), at_most(500)],
    )


class UndoForm(Form):
    reason = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])
