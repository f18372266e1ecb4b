"""What we accept about verifications: what a team asks, and what people show."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, HiddenField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns.fields import WholeOrNoneField
from campaign.forms import Form, at_most
from campaign.text import squeeze, tidy
from campaign.verifications.asking import Wish
from campaign.verifications.hashing import tidy_postcode
from campaign.verifications.kinds import ACTS, KINDS

BOXES: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
AREAS_MOST = 500
LIST_TEXT = 4_000_000  # Bytes of a list that is brought as a file.


class AskingForm(Form):
    """What is asked before which act, in numbered versions."""

    idea = SelectMultipleField(ACTS["idea"].name, **BOXES)
    vote = SelectMultipleField(ACTS["vote"].name, **BOXES)
    comment = SelectMultipleField(ACTS["comment"].name, **BOXES)
    age = WholeOrNoneField(_l("From which age on"), 1, 99)
    areas = TextAreaField(_l("Postcodes, or what they begin with"), filters=[tidy], validators=[at_most(5000)])
    purpose = TextAreaField(_l("Why you ask"), filters=[squeeze], validators=[at_most(300)])
    why = TextAreaField(_l("Why you change it"), filters=[tidy], validators=[at_most(500)])
    read = HiddenField()

    def __init__(self, wish: Wish | None = None, **kwargs: Any) -> None:
        wish = wish or Wish()
        given: dict[str, Any] = {act: wish.asks.get(act, []) for act in ACTS}
        given |= {"age": wish.age, "areas": " ".join(wish.areas), "purpose": wish.purpose}
        super().__init__(data={**given, **kwargs})
        for act in ACTS:
            self[act].choices = [SelectChoice(key, kind.name) for key, kind in KINDS.items()]

    def validate_areas(self, field: Any) -> None:
        if len(self._areas) > AREAS_MOST:
            raise ValidationError(_("%(most)s postcodes at most.", most=AREAS_MOST))

    @property
    def _areas(self) -> list[str]:
        found = (tidy_postcode(part) for part in re.split(r"[\s,;]+", self.areas.data or ""))
        return [area[:12] for area in dict.fromkeys(found) if area]

    @property
    def wish(self) -> Wish:
        asks = {act: list(self[act].data or []) for act in ACTS}
        return Wish(asks, self.age.data, tuple(sorted(self._areas)), self.purpose.data or "")


class ListForm(Form):
    """Who is on the list: pasted, or brought as a file."""

    members = TextAreaField(_l("Addresses or member numbers"), validators=[at_most(500_000)])
    file = FileField(_l("Or a text file with them"))

    @property
    def entries(self) -> list[str]:
        text = self.members.data or ""
        if self.file.data and getattr(self.file.data, "filename", ""):
            self.file.data.seek(0)
            text += "\n" + self.file.data.read(LIST_TEXT).decode("utf-8", "replace")
        return [entry for entry in re.split(r"[\n\r,;\t]+", text) if entry.strip() and len(entry) <= 254]

    def validate_file(self, field: Any) -> None:
        # Cut, its last entry would be a shorter one, that somebody else may have.
        if field.data and getattr(field.data, "filename", "") and len(field.data.read(LIST_TEXT + 1)) > LIST_TEXT:
            raise ValidationError(
                _("This file is too large: bring it in parts of %(megabytes)s MB.", megabytes=LIST_TEXT // 10**6)
            )

    def validate_members(self, field: Any) -> None:
        if not (field.data or "").strip() and not getattr(self.file.data, "filename", ""):
            raise ValidationError(_("Paste the list, or choose a file."))


class ShowForm(Form):
    """What somebody shows. A form for each kind follows."""

    next = HiddenField()
    kind = HiddenField()


class NumberForm(ShowForm):
    number = StringField(
        _l("Your phone number"),
        filters=[squeeze],
        validators=[InputRequired(_l("Write your phone number.")), at_most(30)],
    )


class CodeForm(ShowForm):
    code = StringField(
        _l("The code from the text message"),
        filters=[squeeze],
        validators=[InputRequired(_l("Write the six figures.")), at_most(20)],
    )


class AgeForm(ShowForm):
    born = DateField(_l("Your date of birth"), validators=[InputRequired(_l("Write your date of birth."))])


class PostcodeForm(ShowForm):
    postcode = StringField(
        _l("Your postcode"), filters=[squeeze], validators=[InputRequired(_l("Write your postcode.")), at_most(12)]
    )


class MemberForm(ShowForm):
    member = StringField(_l("Your member number"), filters=[squeeze], validators=[at_most(100)])


FORMS: dict[str, type[ShowForm]] = {"age": AgeForm, "postcode": PostcodeForm, "list": MemberForm}
