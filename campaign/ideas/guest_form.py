"""What we accept as an idea from somebody without an account, and what is asked once more when its link is followed."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired

from campaign.accounts.access import person_by_email
from campaign.accounts.forms import a_name, email_field, no_site
from campaign.campaigns.models import Campaign
from campaign.campaigns.rules import has_accepted
from campaign.clock import now
from campaign.forms import at_most
from campaign.ideas.forms import AGREED, IdeaForm
from campaign.ideas.guests import GuestIdea, agreement_of
from campaign.ideas.origins import ORIGINS, asks_origin
from campaign.text import squeeze

LEAST = timedelta(seconds=3)  # Nobody reads the form and writes an idea in less; programs do.


class GuestIdeaForm(IdeaForm):
    """An idea as IdeaForm asks for it, without what needs an account: files, tags, drafts and questions."""

    name = StringField(
        _l("Your name"),
        filters=[squeeze],
        validators=[DataRequired(_l("Your name is needed here.")), at_most(60), a_name, no_site],
    )
    email = email_field()
    website = StringField(_l("Leave this empty"), filters=[squeeze])  # Out of people's sight; programs fill it in.
    begun = HiddenField()  # When the form was opened, signed.

    def __init__(self, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(campaign, author=current_user, **kwargs)
        for question in self.questions.asked:
            del self._fields[f"question-{question.id}"]
        self.questions.asked = []
        del self.tags, self.pictures, self.documents, self.parent
        self.put_below("name", "email", *AGREED)  # As on the page: first the idea.
        if self._opened is None:
            self.begun.data = opened(now())

    def _ask_of(self, author: Any) -> None:
        self.ask_agreement(self.campaign, author, guest=True)
        if not asks_origin(self.campaign, self.standing):
            del self.yours, self.builds_on
        self.ask_received(None)

    @property
    def _opened(self) -> datetime | None:
        try:
            return datetime.fromisoformat(_signer().loads(self.begun.data or ""))
        except (BadData, TypeError, ValueError):
            return None

    @property
    def is_by_a_program(self) -> bool:
        """Whether somebody filled in what no reader sees."""
        return bool(self.website.data)

    @property
    def was_quick(self) -> bool:
        """Whether it came back sooner than anybody writes. Without the time it was opened, the form counts as opened now."""
        begun = self._opened
        return begun is None or now() - begun < LEAST

    @property
    def content(self) -> dict[str, Any]:
        """What of it is kept until the mail is answered."""
        return {
            "title": self.title.data,
            "text": self.text.data,
            "language": self.language.data,
            "category": self.category.data,
            "licence": self.licence.data or None,
            "origin": self.origin,
            "builds_on": self.source,
            "received": list(self.given),
        }


class ConfirmationForm(GuestIdeaForm):
    """What the campaign asks by now that wasn't asked or is no longer there, and under which licence the idea comes: often only that."""

    SAID = ("key", "title", "text", "language", "name", "email", "website", "begun", "received", "received_what")

    def __init__(self, kept: GuestIdea, **kwargs: Any) -> None:
        self.kept = kept
        super().__init__(kept.campaign, **kwargs)
        for name in self.SAID:
            delattr(self, name)
        if kept.content["category"] in {category.slug for category in kept.campaign.categories}:
            del self.category

    def _ask_of(self, author: Any) -> None:
        super()._ask_of(author)
        if self._has_agreed:
            for box in self.agreement_parts:
                del self[box.short_name]
        if self.yours and self.kept.content["origin"] in ORIGINS:
            del self.yours, self.builds_on

    @property
    def _has_agreed(self) -> bool:
        """Whether the rules as they stand were accepted below the idea, or by its author before."""
        if self.standing is None:
            return True
        agreement, owner = agreement_of(self.kept), person_by_email(self.kept.email)
        below = agreement is not None and agreement.number == self.standing.number
        return below or (owner is not None and has_accepted(self.standing, owner))

    @property
    def added(self) -> dict[str, Any]:
        """What was said with it now."""
        added: dict[str, Any] = {"licence": self.licence.data or None}
        if self.category:
            added["category"] = self.category.data
        if self.yours:
            added |= {"origin": self.origin, "builds_on": self.source}
        return added


def opened(at: datetime) -> str:
    """What a form holds that was opened at this moment."""
    signed = _signer().dumps(at.isoformat())
    return signed if isinstance(signed, str) else signed.decode()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="form.guest-idea")
