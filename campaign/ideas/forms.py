"""What we accept as an idea, within the limits of its campaign."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage
from wtforms import (
    Field,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.campaigns.agreement_fields import AgreementFields
from campaign.campaigns.incentive_fields import IncentiveFields
from campaign.campaigns.incentives import labels_of
from campaign.campaigns.models import Campaign, Category, Tag
from campaign.errors import Refused
from campaign.forms import Form, Told, at_most
from campaign.ideas.actions import CategoryMissing
from campaign.ideas.beginning import OnlyTheBeginning, check_own_words
from campaign.ideas.building import idea_to_build_on, licence_for
from campaign.ideas.origins import BUILDS_ON_MAX, ORIGINS, asks_origin, check_origin, has_told_before
from campaign.ideas.question_fields import Questions
from campaign.ideas.tagging import TooManyTags, slugs_of
from campaign.images import ALT_MAX, Image
from campaign.languages import LANGUAGES, language, number
from campaign.text import squeeze, tidy

# What stands below the questions, as on the page: errors are told in this order.
AGREED = ("received", "received_what", "accepts", "of_age", "from_country")
FILES = ("pictures", "documents")

LONGEST_TAGS = 1000  # Characters in which five tags have room, however they are spaced.


class IdeaForm(AgreementFields, IncentiveFields):
    key = HiddenField(filters=[lambda key: (key or "")[:64]])  # As long as its column.
    licence = Told()
    yours = RadioField(
        _l("Is this yours?"),
        choices=[SelectChoice(key, words) for key, words in ORIGINS.items()],
        validate_choice=False,
    )
    builds_on = StringField(_l("Whose brand or work is it?"), filters=[squeeze], validators=[at_most(BUILDS_ON_MAX)])
    parent = HiddenField(filters=[lambda number: str(number or "")[:12]])  # The idea that this one is built on.
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

    def __init__(self, campaign: Campaign, *args: Any, author: Any = None, editor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        if editor is None:
            self._ask_of(author)
        else:
            self._ask_of_editor(editor)
        self.built_on = idea_to_build_on(campaign, self.parent.data)
        self.licence.told = licence_for(campaign, self.built_on)
        self.category.choices = [
            SelectChoice("", _("Choose…")),
            *(SelectChoice(category.slug, category.name) for category in campaign.categories),
        ]
        self.language.choices = [SelectChoice(code, LANGUAGES[code]) for code in campaign.languages]
        if not self.language.data:
            self.language.data = language() if language() in campaign.languages else campaign.languages[0]
        begun = kwargs.get("data") or {}
        self.questions = Questions(
            self,
            campaign,
            begun.get("answers") or {},
            begun.get("private") or (),
            begun.get("unreadable") or (),
            begun.get("withheld") or (),
        )
        self.put_below("category", "tags", "language", *FILES, *AGREED)

    def put_below(self, *names: str) -> None:
        """Have these fields come last, in this order, where the form has them."""
        for name in names:
            if name in self._fields:
                self._fields[name] = self._fields.pop(name)

    def _ask_of_editor(self, editor: Any) -> None:
        """Ask that they accept the rules as they are now."""
        self.ask_agreement(self.campaign, editor)
        self.ask_no_incentive()
        del self.yours, self.builds_on

    def _ask_of(self, author: Any) -> None:
        """Ask what is asked once, when an idea comes in, and of this author."""
        if author is None:
            self.ask_nothing()
            self.ask_no_incentive()
            del self.yours, self.builds_on
            return
        self.ask_agreement(self.campaign, author)
        if not asks_origin(self.campaign, self.standing):
            del self.yours, self.builds_on
        elif not self.was_sent and not self.yours.data and has_told_before(self.campaign, author):
            self.yours.data = "own"  # Whoever was asked before needn't answer again.
        self.ask_received(labels_of(self.campaign, {author.id}).get(author.id))

    def description_of(self, image: Image) -> Field:
        """The field that says what a picture shows. Those that exist before `validate` are checked with the others."""
        name = f"alt-{image.id}"
        if name not in self:
            field = StringField(_l("What does it show?"), filters=[squeeze], validators=[at_most(ALT_MAX)])
            self._fields[name] = self.meta.bind_field(self, field, {"name": name, "prefix": ""})
            self._fields[name].process(request.form if self.was_sent else None, image.alt)
            self.put_below(*FILES, *AGREED)
        return self._fields[name]

    def validate_title(self, field: StringField) -> None:
        check_length(field.data, self.campaign.title_min, self.campaign.title_max)

    def validate_text(self, field: TextAreaField) -> None:
        check_length(field.data, self.campaign.text_min, self.campaign.text_max)
        try:
            check_own_words(self.campaign, field.data or "")
        except OnlyTheBeginning as refusal:
            raise ValidationError(refusal.message) from None

    # The rules of submit_idea and edit_idea, said together with whatever else is wrong.

    def validate_category(self, field: SelectField) -> None:
        if self.campaign.categories and self.chosen_category is None:
            raise ValidationError(CategoryMissing.message)

    def validate_yours(self, field: RadioField) -> None:
        self._check_origin(field)

    def validate_builds_on(self, field: StringField) -> None:
        self._check_origin(field)

    def _check_origin(self, field: Field) -> None:
        try:
            check_origin(self.campaign, self.standing, self.yours.data, self.source)
        except Refused as refusal:
            if refusal.field == field.name:
                raise ValidationError(refusal.message) from None

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
    def origin(self) -> str | None:
        """Whose its author says it is; None where they weren't asked."""
        return self.yours.data if self.yours else None

    @property
    def source(self) -> str:
        """Whose brand or work is in it beside its author's, where that was said."""
        return self.builds_on.data if self.yours and self.yours.data == "allowed" else ""

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
        return bool(self.chosen_pictures or self.chosen_documents or self.questions.brings_files)

    @property
    def seen_ideas(self) -> set[int]:
        """The ideas that stood below the form as nearly the same, and that its author has seen."""
        seen = request.form.getlist("seen")[:20]
        return {int(idea_id) for idea_id in seen if idea_id.isascii() and idea_id.isdigit() and len(idea_id) < 12}

    @property
    def as_typed(self) -> dict[str, str]:
        """What a draft keeps."""
        always = ("title", "text", "category", "tags", "language", "parent")
        kept = ("yours", "builds_on", *always, "received", "received_what")
        return {
            name: (self[name].data or "")[:20_000]
            for name in kept
            if name in self and (name in always or self[name].data)
        }


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
        self.tags.choices = [SelectChoice(tag.slug, tag.name) for tag in self.known]

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


def check_length(text: str | None, least: int, most: int) -> None:
    """Raise what is to be said where a text is shorter or longer than a campaign lets it be."""
    length = len(text or "")
    if length < least:
        raise ValidationError(
            ngettext(
                "A little more: at least %(least)s character.",
                "A little more: at least %(least)s characters.",
                least,
                least=number(least),
            )
        )
    if length > most:
        raise ValidationError(
            _("That is %(length)s characters; %(most)s at most.", length=number(length), most=number(most))
        )
