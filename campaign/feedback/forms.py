"""What we accept as a remark."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired

from campaign.campaigns.agreement_fields import AgreementFields
from campaign.campaigns.incentive_fields import IncentiveFields
from campaign.forms import at_most
from campaign.text import tidy

LONGEST = 2000


class CommentForm(AgreementFields, IncentiveFields):
    text = TextAreaField(
        _l("Your remark"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write something first.")),
            at_most(LONGEST),
        ],
    )
    key = HiddenField()
    parent = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key.data = self.key.data or secrets.token_urlsafe(16)

    @property
    def parent_id(self) -> int | None:
        """The remark that this replies to. What is no number replies to none that exists."""
        given = self.parent.data or ""
        if not given:
            return None
        return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0
