"""What we accept as an idea, within the limits of its campaign."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, MultipleFileField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns.models import Campaign, Category, Tag
from campaign.forms import Form, at_most
from campaign.ideas.actions import CategoryMissing
from campaign.ideas.tagging import TooManyTags, slugs_of
from campaign.images import ALT_MAX, Image
from campaign.languages import LANGUAGES, language, number
from campaign.text import squeeze, tidy

LONGEST_TAGS = 1000  # Characters in which five tags have room, however they are spaced.


class Told(HiddenField):
    """What the page tells, whatever an earlier one told: sent back, it says what somebody had before their eyes."""

    told = ""

    def _value(self) -> str:
        return self.told


class IdeaForm(Form):
    key = HiddenField(filters=[lambda key: (key or "")[:64]])  # As long as its column.
    licence = Told()
    title = TextAreaField(  # Of several lines on a narrow screen; the sentence itself has one.
        _l("Your idea in one sentence"),
        filters=[squeeze],
        validators=[DataRequired(_l("Give your idea a title."))],
    )
    text = TextAreaField(_l("Tell it in a few lines"), filters=[tidy])
    category = SelectField(_l("Where does it belong?"), coerce=str, validate_choice=False)
    tags = StringField(_l("Tags"), filters=[squeeze])
    language = SelectField(_l("Written in"), validate_choice=False)
    pictures = MultipleFileField(_l("Pictures"))
    documents = MultipleFileField(_l("Documents"))

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.licence.told = campaign.licence
        self.category.choices = [
            ("", _("Choose…")),
            *((category.slug, category.name) for category in campaign.categories),
        ]
        self.language.choices = [(code, LANGUAGES[code]) for code in campaign.languages]
        if not self.language.data:
            self.language.data = language() if language() in campaign.languages else campaign.languages[0]

    def description_of(self, image: Image) -> Field:
        """The field that says what a picture shows. Those that exist before `validate` are checked with the others."""
        name = f"alt-{image.id}"
        if name not in self:
            field = StringField(_l("What does it show?"), filters=[squeeze], validators=[at_most(ALT_MAX)])
            self._fields[name] = self.meta.bind_field(self, field, {"name": name, "prefix": ""})
            self._fields[name].process(request.form if self.was_sent else None, image.alt)
            for below in ("pictures", "documents"):  # As on the page.
                self._fields[below] = self._fields.pop(below)
        return self._fields[name]

    def validate_title(self, field: StringField) -> None:
        _check_length(field.data, self.campaign.title_min, self.campaign.title_max)

    def validate_text(self, field: TextAreaField) -> None:
        _check_length(field.data, self.campaign.text_min, self.campaign.text_max)

    # The rules of submit_idea and edit_idea, said together with whatever else is wrong.

    def validate_category(self, field: SelectField) -> None:
        if self.campaign.categories and self.chosen_category is None:
            raise ValidationError(CategoryMissing.message)

    def validate_tags(self, field: StringField) -> None:
        if len(field.data or "") > LONGEST_TAGS:  # First: nothing below should chew on megabytes.
            raise ValidationError(TooManyTags.message)
        try:
            slugs_of(self.tag_names)
        except TooManyTags as refusal:
            raise ValidationError(refusal.message) from None

    def validate_language(self, field: SelectField) -> None:
        if field.data not in self.campaign.languages:
            field.data = self.campaign.languages[0]

    @property
    def chosen_category(self) -> Category | None:
        return next((one for one in self.campaign.categories if one.slug == self.category.data), None)

    @property
    def tag_names(self) -> list[str]:
        return [name for part in (self.tags.data or "")[:LONGEST_TAGS].split(",") if (name := squeeze(part))]

    @property
    def chosen_pictures(self) -> list[FileStorage]:
        return _chosen(self.pictures)

    @property
    def chosen_documents(self) -> list[FileStorage]:
        return _chosen(self.documents)

    @property
    def brings_files(self) -> bool:
        return bool(self.chosen_pictures or self.chosen_documents)

    @property
    def seen_ideas(self) -> set[int]:
        """The ideas that stood below the form as nearly the same, and that its author has seen."""
        seen = request.form.getlist("seen")[:20]
        return {int(idea_id) for idea_id in seen if idea_id.isascii() and idea_id.isdigit() and len(idea_id) < 12}

    @property
    def as_typed(self) -> dict[str, str]:
        """What a draft keeps."""
        return {name: (self[name].data or "")[:20_000] for name in ("title", "text", "category", "tags", "language")}


class TeamTagsForm(Form):
    """The team's own tags, as boxes to tick."""

    tags = SelectMultipleField(
        _l("The team’s tags"),
        validators=[Optional()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = [tag for tag in campaign.tags if tag.staff_only]
        self.tags.choices = [(tag.slug, tag.name) for tag in self.known]

    @property
    def chosen(self) -> list[Tag]:
        return [tag for tag in self.known if tag.slug in (self.tags.data or [])]


class WithdrawalForm(Form):
    reason = TextAreaField(
        _l("Why do you take it back?"),
        filters=[squeeze],
        validators=[
            DataRequired(_l("Say in a few words why you take the idea back.")),
            at_most(500),
        ],
    )


def _chosen(field: MultipleFileField) -> list[FileStorage]:
    """The files that were chosen; a browser sends an empty one where none was."""
    return [file for file in field.data or [] if isinstance(file, FileStorage) and file.filename]


def _check_length(text: str | None, least: int, most: int) -> None:
    length = len(text or "")
    if length < least:
        raise ValidationError(_("A little more: at least %(least)s characters.", least=number(least)))
    if length > most:
        raise ValidationError(
            _("That is %(length)s characters; %(most)s at most.", length=number(length), most=number(most))
        )
