"""What we accept from those who run a brand."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, ValidationError

from campaign.accounts.forms import a_name, email_field
from campaign.brands.access import RESERVED, is_taken
from campaign.brands.actions import SlugKept, SlugTaken
from campaign.brands.colours import HEX
from campaign.brands.models import ROLES, Brand
from campaign.brands.roles import NAMES
from campaign.brands.team import OwnsTheWhole
from campaign.forms import Form, at_most
from campaign.languages import LANGUAGES, name_of, own_first
from campaign.text import squeeze, tidy

ABOUT_MAX = 400  # A sentence or two, set large.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def a_slug(form: Form, field: Field) -> None:
    if field.data and not SLUG.fullmatch(field.data):
        raise ValidationError(_l("Only the letters a to z, figures, and single hyphens between them."))


def a_colour(form: Form, field: Field) -> None:
    if not HEX.fullmatch(field.data or ""):
        raise ValidationError(_l("A colour is written like #b93a1a: # and six figures or letters a to f."))


def name_field() -> StringField:
    asked = DataRequired(_l("What is the brand called?"))
    return StringField(_l("Name of the brand"), filters=[squeeze], validators=[asked, at_most(60), a_name])


def about_field() -> TextAreaField:
    return TextAreaField(_l("About the brand"), filters=[tidy], validators=[at_most(ABOUT_MAX)])


class FoundingForm(Form):
    name = name_field()
    slug = StringField(
        _l("Address"),
        filters=[squeeze, str.lower],
        validators=[at_most(60), a_slug],
        render_kw={"spellcheck": "false"},
    )

    def validate_slug(self, field: Field) -> None:
        if field.data in RESERVED:
            raise ValidationError(SlugKept.message)
        # With a sound name it may be this form sent a second time, and found_brand decides.
        if self.name.errors and field.data and is_taken(field.data):
            raise ValidationError(SlugTaken.message)


class BrandForm(Form):
    name = name_field()
    colour = ColorField(_l("Colour"), filters=[squeeze, str.lower], validators=[a_colour])
    about_en = about_field()
    about_fr = about_field()
    logo = FileField(_l("Logo"), render_kw={"accept": "image/jpeg,image/png,image/webp,image/gif"})
    without_logo = BooleanField(_l("Remove the logo"))

    def __init__(self, brand: Brand, **kwargs: Any) -> None:
        self.languages = own_first()
        super().__init__(obj=brand, **kwargs, **{f"about_{code}": text for code, text in brand.about.items()})

    @property
    def about(self) -> dict[str, str]:
        """What was written about the brand, by language."""
        return {code: self[f"about_{code}"].data for code in LANGUAGES}

    def name_in_summary(self, name: str) -> str:
        kind, _underscore, code = name.rpartition("_")
        if kind == "about":
            return _("%(field)s (%(language)s)", field=self[name].label.text, language=name_of(code))
        return super().name_in_summary(name)


class InvitationForm(Form):
    email = email_field(asked=_l("To whom shall the invitation go?"))
    role = SelectField(
        _l("Role"),
        default="manager",
        validate_choice=False,
        validators=[AnyOf(ROLES, message=_l("Choose one of the roles."))],
    )
    campaign = SelectField(_l("Where"), validate_choice=False)

    def __init__(self, campaigns: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.role.choices = [SelectChoice(role, str(name).capitalize()) for role, name in NAMES.items()]
        whole = SelectChoice("", str(_l("In the whole brand")))
        self.campaign.choices = [whole, *(SelectChoice(str(one.id), one.title) for one in campaigns)]
        self.campaigns = {str(one.id): one for one in campaigns}

    def validate_role(self, field: Field) -> None:
        if field.data == "owner" and self.scope:
            raise ValidationError(OwnsTheWhole.message)

    def validate_campaign(self, field: Field) -> None:
        if field.data and field.data not in self.campaigns:
            raise ValidationError(_l("Choose the whole brand, or one of its campaigns."))

    @property
    def scope(self) -> Any:
        """The campaign that was chosen, or None for the whole brand."""
        return self.campaigns.get(self.campaign.data)
