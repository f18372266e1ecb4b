"""Pages that ask something: shown again with the sentence beside the field when the answer is no."""

from collections.abc import Callable
from typing import Any

from flask import g, render_template
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import Field

from campaign.errors import Refused


class Form(FlaskForm):
    """Our forms: WTForms' own sentences come in the person's language, from our catalogue."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> Any:
            return _Catalogue

    form_errors: list[Any]

    def refuse(self, error: Refused) -> None:
        """Put a refusal beside its field, or above the form where it concerns no single one."""
        field = getattr(self, error.field, None) if error.field else None
        if isinstance(field, Field):
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors = [*self.form_errors, error.message]


class _Catalogue:
    gettext = staticmethod(gettext)
    ngettext = staticmethod(ngettext)


Page = Callable[..., str]


def ask(template: str, form: Form, **context: Any) -> Page:
    """The page of a form, to be called for its HTML. Until the response, a refusal answers with this page.

    So what was typed stays, and views need not catch what an action refuses.
    """

    def page(error: Refused | None = None) -> str:
        if error is not None:
            form.refuse(error)
        return render_template(template, form=form, **context)

    g.form_page = page
    return page
