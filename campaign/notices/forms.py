"""What we accept as wishes about notices, and as an author's news."""

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from campaign.campaigns.models import Campaign
from campaign.forms import Form, at_most
from campaign.notices.kinds import HOW, KINDS
from campaign.text import tidy

LONGEST = 2000


class WishesForm(Form):
    """How to be told of each kind, and of these campaigns."""

    campaigns: list[Campaign] = []

    @property
    def kinds(self) -> dict[str, str]:
        return {kind: self[f"kind-{kind}"].data for kind in KINDS}

    @property
    def exceptions(self) -> dict[int, str | None]:
        return {campaign.id: self[f"campaign-{campaign.id}"].data or None for campaign in self.campaigns}


def wishes_form(kinds: dict[str, str], campaigns: list[Campaign], exceptions: dict[int, str]) -> WishesForm:
    """The form, filled in with what is wished now."""
    refusal = _l("Choose one of these.")
    how = [SelectChoice(value, label) for value, label in HOW.items()]
    fields: dict[str, Any] = {
        f"kind-{kind}": SelectField(asked.name, choices=how, invalid_choice_message=refusal)
        for kind, asked in KINDS.items()
    }
    otherwise = [SelectChoice("", _("As chosen above")), *how]
    for campaign in campaigns:
        fields[f"campaign-{campaign.id}"] = SelectField(
            campaign.text.title, choices=otherwise, invalid_choice_message=refusal
        )
    told = {f"kind-{kind}": how for kind, how in kinds.items()}
    told |= {f"campaign-{campaign.id}": exceptions.get(campaign.id, "") for campaign in campaigns}
    form: WishesForm = type("WishesForm", (WishesForm,), fields)(data=told)
    form.campaigns = campaigns
    return form


class UpdateForm(Form):
    text = TextAreaField(
        _l("What is new?"), filters=[tidy], validators=[DataRequired(_l("Write something first.")), at_most(LONGEST)]
    )
    key = HiddenField(validators=[Length(max=64)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key.data = self.key.data or secrets.token_urlsafe(16)


class RemovalForm(Form):
    why = TextAreaField(_l("Why"), filters=[tidy], validators=[at_most(500)])
