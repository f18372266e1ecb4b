"""What we accept as a newsletter, and as a wish for one."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.brands.models import Brand
from campaign.campaigns.models import Campaign
from campaign.forms import Form, at_most
from campaign.languages import LANGUAGES
from campaign.newsletters.models import Newsletter
from campaign.newsletters.segments import NAMES
from campaign.text import squeeze, tidy

SUBJECT_MOST, TEXT_MOST = 120, 20_000


class NewsletterForm(Form):
    """To whom, and a subject and a text in each language."""

    segment = SelectField(
        _l("To whom"),
        choices=[SelectChoice(segment, name) for segment, name in NAMES.items()],
        invalid_choice_message=_l("Choose one of these."),
    )
    campaign = SelectField(_l("Of which campaign"), coerce=int, invalid_choice_message=_l("Choose one of these."))
    key = HiddenField(validators=[Length(max=64)])

    def __init__(
        self, languages: Sequence[str], campaigns: Sequence[Campaign], newsletter: Newsletter | None = None
    ) -> None:
        self.languages = languages
        given: dict[str, Any] = {}
        if newsletter is not None:
            given = {"segment": newsletter.segment, "campaign": newsletter.campaign_id or 0}
            given |= {f"subject_{code}": words for code, words in newsletter.subjects.items()}
            given |= {f"text_{code}": words for code, words in newsletter.texts.items()}
        super().__init__(data=given)
        self.key.data = self.key.data or secrets.token_urlsafe(16)
        for code in LANGUAGES:
            if code not in languages:
                del self[f"subject_{code}"], self[f"text_{code}"]
            elif len(languages) == 1:
                self[f"subject_{code}"].label.text, self[f"text_{code}"].label.text = _("Subject"), _("Text")
        self.campaign.choices = [
            SelectChoice(0, _("All of them")),
            *(SelectChoice(campaign.id, campaign.title) for campaign in campaigns),
        ]

    @property
    def words(self) -> list[Any]:
        return [self[f"{name}_{code}"] for code in self.languages for name in ("subject", "text")]

    def written(self, name: str) -> dict[str, str]:
        return {code: self[f"{name}_{code}"].data or "" for code in self.languages}


for _code in LANGUAGES:
    _subject = StringField(
        _l("Subject (%(language)s)", language=LANGUAGES[_code]),
        filters=[squeeze],
        validators=[at_most(SUBJECT_MOST)],
    )
    setattr(NewsletterForm, f"subject_{_code}", _subject)
    _text = TextAreaField(
        _l("Text (%(language)s)", language=LANGUAGES[_code]), filters=[tidy], validators=[at_most(TEXT_MOST)]
    )
    setattr(NewsletterForm, f"text_{_code}", _text)


class WishesForm(Form):
    """Of which brands somebody wants the newsletter. Nothing is ticked that they have not ticked."""

    brands = SelectMultipleField(
        _l("Send me the newsletter of"),
        coerce=int,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, brands: Sequence[tuple[Brand, bool]]) -> None:
        super().__init__(data={"brands": [brand.id for brand, wanted in brands if wanted]})
        self.brands.choices = [SelectChoice(brand.id, brand.name) for brand, _wanted in brands]
