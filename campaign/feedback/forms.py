"""What we accept as a remark, and as feedback."""

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired

from campaign.campaigns.agreement_fields import AgreementFields
from campaign.campaigns.incentive_fields import IncentiveFields
from campaign.feedback.models import MARKS
from campaign.forms import Form, at_most
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


class FeedbackForm(AgreementFields, IncentiveFields):
    """The same questions for every idea. One of them is answered at least."""

    likes = TextAreaField(_l("What I like"), filters=[tidy], validators=[at_most(LONGEST)])
    misses = TextAreaField(_l("What I miss"), filters=[tidy], validators=[at_most(LONGEST)])
    mark = RadioField(
        _l("A mark"),
        choices=[SelectChoice("", _l("No mark")), *(SelectChoice(str(mark), str(mark)) for mark in MARKS)],
        default="",
        coerce=lambda given: "" if given is None else str(given),
        invalid_choice_message=_l("Choose a mark, or none."),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mark.data = self.mark.data or ""  # Kept without one.

    def ask_scale(self, asked: str) -> None:
        """Ask for the mark by these words. Without words, there is none."""
        if asked:
            self.mark.label.text = asked
        else:
            del self.mark

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not (self.likes.data or self.misses.data or (self.mark and self.mark.data)) and not self.errors:
            self.likes.errors = [_("Say something about it, in one of these.")]
            return False
        return sound


class HidingForm(Form):
    """Why somebody's feedback is taken down, or put back."""

    why = TextAreaField(
        _l("Why"), filters=[tidy], validators=[DataRequired(_l("Say why. Its author reads it.")), at_most(500)]
    )
