"""What we accept from people about themselves."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, ValidationError

from campaign.accounts.access import local_path
from campaign.accounts.actions import LONGEST_EMAIL, NotAnAddress, SameAddress, tidy_email
from campaign.accounts.models import Person
from campaign.accounts.passwords import check_password
from campaign.errors import Refused
from campaign.forms import Form, at_most
from campaign.languages import LANGUAGES
from campaign.text import squeeze

ASK_EMAIL = _l("Your e-mail address is needed here.")
ASK_PASSWORD = _l("Your password is needed here.")


def an_address(form: Form, field: Field) -> None:
    try:
        tidy_email(field.data)
    except NotAnAddress as error:
        raise ValidationError(error.message) from None


def a_name(form: Form, field: Field) -> None:
    # Names stand in mails to strangers: nobody may send them an advertisement as a name.
    if any(sign in field.data.casefold() for sign in ("://", "www.", "@")):
        raise ValidationError(_l("A name, please, not an address."))


def no_site(form: Form, field: Field) -> None:
    # Not for brands, of which some are called like their site.
    if re.search(r"\w{2}[.。．｡][^\W\d_]{2}", (field.data or "")[:100]):
        raise ValidationError(_l("A name, please, not an address."))


def a_good_password(form: Form, field: Field) -> None:
    """The rule of passwords.check_password, said together with whatever else is wrong."""
    if not field.data:
        return
    try:
        check_password(field.data, *form.whose())
    except Refused as refusal:
        raise ValidationError(refusal.message) from None


def email_field(label: Any = _l("E-mail"), asked: Any = ASK_EMAIL) -> EmailField:
    # Too long comes first: whoever looks for the @ and the dots in megabytes keeps everybody waiting.
    return EmailField(label, filters=[squeeze], validators=[DataRequired(asked), at_most(LONGEST_EMAIL), an_address])


def new_password_field(label: Any) -> PasswordField:
    # Not squeezed: every sign counts.
    return PasswordField(label, validators=[InputRequired(_l("Choose a password.")), a_good_password])


class OnwardsForm(Form):
    """A form that leads on to where somebody wanted to go."""

    next = HiddenField(filters=[local_path])


class SignUpForm(OnwardsForm):
    name = StringField(
        _l("Your name"),
        filters=[squeeze],
        validators=[DataRequired(_l("What shall we call you?")), at_most(60), a_name, no_site],
    )
    email = email_field()
    password = new_password_field(_l("Password"))

    def whose(self) -> tuple[str, str]:
        return self.email.data, self.name.data


class SignInForm(OnwardsForm):
    # Not checked for being an address: what is wrong with it is told by the one sentence for both.
    email = EmailField(_l("E-mail"), filters=[squeeze], validators=[DataRequired(ASK_EMAIL), at_most(LONGEST_EMAIL)])
    password = PasswordField(_l("Password"), validators=[InputRequired(ASK_PASSWORD)])


class ForgottenForm(OnwardsForm):
    email = email_field()


class NewPasswordForm(Form):
    """A new password for somebody whom we know."""

    password = new_password_field(_l("New password"))

    def __init__(self, person: Person, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person = person

    def whose(self) -> tuple[str, str]:
        return self.person.email, self.person.name


class ProfileForm(Form):
    name = SignUpForm.name
    language = SelectField(
        _l("Language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        validate_choice=False,
        validators=[AnyOf(LANGUAGES, message=_l("Choose one of the languages."))],
    )


class AddressForm(Form):
    email = email_field(_l("New e-mail address"))
    present_password = PasswordField(_l("Your password"), validators=[InputRequired(ASK_PASSWORD)])

    def __init__(self, person: Person, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person = person

    def validate_email(self, field: Field) -> None:
        if not field.errors and tidy_email(field.data) == self.person.email:
            raise ValidationError(SameAddress.message)


class PasswordForm(NewPasswordForm):
    present_password = PasswordField(_l("Present password"), validators=[InputRequired(ASK_PASSWORD)])
    password = new_password_field(_l("New password"))
