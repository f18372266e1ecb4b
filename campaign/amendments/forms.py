"""What we accept as an amendment, within the limits of its campaign, and as the answer to one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from campaign.accounts.models import Person
from campaign.campaigns.agreement_fields import AgreementFields
from campaign.campaigns.incentive_fields import IncentiveFields
from campaign.campaigns.incentives import labels_of
from campaign.campaigns.models import Campaign
from campaign.forms import Form, at_most
from campaign.ideas.forms import check_length
from campaign.text import squeeze, tidy

_BRIEF = at_most(500)


class AmendmentForm(AgreementFields, IncentiveFields):
    key = HiddenField(filters=[lambda key: (key or "")[:64]])  # As long as its column.
    title = TextAreaField(
        _l("The idea in one sentence"), filters=[squeeze], validators=[DataRequired(_l("Give your idea a title."))]
    )
    text = TextAreaField(_l("What it should say"), filters=[tidy])
    why = StringField(_l("Why would it be better so?"), filters=[squeeze], validators=[_BRIEF])

    def __init__(self, campaign: Campaign, author: Person, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.campaign = campaign
        self.ask_agreement(campaign, author)
        self.ask_received(labels_of(campaign, {author.id}).get(author.id))
        for below in ("received", "received_what", "accepts", "of_age", "from_country"):  # As on the page.
            if below in self._fields:
                self._fields[below] = self._fields.pop(below)

    def validate_title(self, field: TextAreaField) -> None:
        check_length(field.data, self.campaign.title_min, self.campaign.title_max)

    def validate_text(self, field: TextAreaField) -> None:
        check_length(field.data, self.campaign.text_min, self.campaign.text_max)


class AmendmentAnswerForm(Form):
    reason = TextAreaField(_l("What do you say to it?"), filters=[tidy], validators=[_BRIEF])
