"""Pages that ask something: shown again with the sentence beside the field when the answer is no."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup, escape
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, FieldList, FormField, HiddenField
from wtforms.validators import StopValidation

from campaign.errors import Refused, StalePage
from campaign.languages import number
from campaign.long_texts import LONG, LongTexts


class Form(FlaskForm):
    """Our forms: WTForms' own sentences come in the person's language, from our catalogue."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # What a form of ours sends, and never a JSON body, whose values can be anything.
            if formdata is _Auto:
                form.was_sent = form.is_submitted()
                return CombinedMultiDict([request.files, request.form]) if form.was_sent else None
            return formdata

        def get_translations(self, form: FlaskForm) -> Any:
            return _Catalogue

    form_errors: list[Any]
    was_sent = False  # Whether it was filled in by whoever asks.
    must_wait = False  # Whether nothing in it is wrong, and the same may be sent later.

    def name_in_summary(self, name: str) -> str:
        """What a field is called at the top of the page, away from what stands around it."""
        return str(self[name].label.text)

    def in_summary(self) -> list[tuple[str | None, str, Any]]:
        """What is wrong, each sentence once: the id of its field and what that is called, where it concerns one."""
        told: list[tuple[str | None, str, Any]] = []
        for name, sentences in self.errors.items():
            told += self.told_of(name) if name and name in self else [(None, "", each) for each in _once(sentences)]
        return told

    def told_of(self, name: str) -> list[tuple[str | None, str, Any]]:
        """The same of one field."""
        return [(self[name].id, self.name_in_summary(name), each) for each in _once(self.errors[name])]

    def refuse(self, error: Refused) -> None:
        """Put a refusal beside its field, or above the form where it concerns no single one."""
        self.must_wait = error.status == 429 and not self.errors
        field = getattr(self, error.field, None) if error.field else None
        if isinstance(field, Field):
            field.errors = [*field.errors, error.message]
            field.leads_to = error.leads_to
        else:
            self.form_errors = [*self.form_errors, _with_way_on(error)]


def _once(sentences: Iterable[Any]) -> list[Any]:
    return list({str(sentence): sentence for sentence in sentences}.values())


def _with_way_on(error: Refused) -> Any:
    """The sentence, with the link that leads on, in another tab: what was typed stays on this page."""
    if error.leads_to is None:
        return error.message
    link = Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(*error.leads_to)
    return escape(error.message) + " " + link


def at_most(most: int) -> Callable[[FlaskForm, Field], None]:
    """A validator that refuses a text of more characters, says how many it has, and looks no further."""

    def at_most(form: FlaskForm, field: Field) -> None:
        if (length := len(field.data or "")) > most:
            told = {"most": number(most), "length": number(length)}
            raise StopValidation(_("%(most)s characters at most, and this has %(length)s.", **told))

    at_most.field_flags = {"maxlength": most}  # type: ignore[attr-defined] # How WTForms tells it to templates.
    return at_most


class _Catalogue:
    gettext = staticmethod(gettext)
    ngettext = staticmethod(ngettext)


class Told(HiddenField):
    """What the page tells, whatever an earlier one told: sent back, it says what somebody had before their eyes."""

    told = ""

    def _value(self) -> str:
        return self.told


Page = Callable[..., str]


def ask(template: str, form: Form, **context: Any) -> Page:
    """The page of a form, to be called for its HTML. Until the response, a refusal answers with this page.

    So what was typed stays, and views need not catch what an action refuses.
    """

    def page(error: Refused | None = None) -> str:
        if error is not None:
            if form.was_sent and not isinstance(error, StalePage):
                form.validate()  # Whatever else is wrong is said with it, not after it.
            form.refuse(error)
        long_texts = LongTexts()
        for field in form:
            _mark(long_texts, field)
        return long_texts.put_into(render_template(template, form=form, **context))

    g.form_page = page
    if stale := g.get("stale_page"):
        raise stale
    return page


def asks_first(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view without a page of its own, which shows its form again before it does anything, as one that begins with `ask`.

    Views that answer GET as well are known to: a stale form leads back to their page.
    """
    view.asks_first = True  # type: ignore[attr-defined]
    return view


def _mark(long_texts: LongTexts, field: Field) -> None:
    """Make what was typed ready to be shown again."""
    if isinstance(field, FieldList | FormField):
        for inner in field:
            _mark(long_texts, inner)
    elif isinstance(field.data, str):
        field.data = long_texts.marked(field.data)
    elif field.raw_data:  # A number or a date, which shows what was typed where it is none.
        field.raw_data = [value[:LONG] if isinstance(value, str) else value for value in field.raw_data]
