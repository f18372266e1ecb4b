"""What we accept as an endorsement, and as the reason to hide one."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired

from campaign.campaigns.agreement_fields import AgreementFields
from campaign.forms import Form, at_most
from campaign.text import squeeze, tidy


class EndorsementForm(AgreementFields):
    text = TextAreaField(_l("A sentence beside it"), filters=[squeeze], validators=[at_most(280)])
    public = BooleanField(_l("I know that everybody can read my name here"))


class HidingForm(Form):
    why = TextAreaField(
        _l("Why"), filters=[tidy], validators=[DataRequired(_l("Say why. Its author reads it.")), at_most(500)]
    )
