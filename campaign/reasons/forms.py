"""What we accept as a reason."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from campaign.campaigns.agreement_fields import AgreementFields
from campaign.forms import at_most
from campaign.text import squeeze


class ReasonForm(AgreementFields):
    reason = TextAreaField(
        _l("Why?"), filters=[squeeze], validators=[DataRequired(_l("Write something first.")), at_most(500)]
    )

    def ask_for(self, side: str | None) -> None:
        """Ask as it is asked of who votes for an idea, or against it."""
        self.reason.label.text = _("What is missing?") if side == "against" else _("Why do you support it?")
