"""A brand's templates for answers: written, tried out by mail, taken away."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from campaign.accounts.attempts import MAILS_BY_ONE, count
from campaign.answers.forms import TemplateForm
from campaign.answers.models import AnswerTemplate
from campaign.answers.templates import (
    languages_of,
    places,
    remove_template,
    send_test,
    template_for,
    templates_of,
    write_template,
)
from campaign.brands.access import brand_for, may
from campaign.brands.models import Brand
from campaign.extensions import db
from campaign.forms import ask

bp = Blueprint("answer_templates", __name__)


@bp.get("/brands/<slug>/answer-templates")
@login_required
def show(slug: str) -> ResponseReturnValue:
    brand = brand_for(current_user, slug, to="answer")
    listed = [(template, languages_of(template)) for template in templates_of(brand)]
    return render_template("answers/templates.html", templates=listed, **_around(brand))


@bp.route("/brands/<slug>/answer-templates/new", methods=["GET", "POST"])
@login_required
def new(slug: str) -> ResponseReturnValue:
    return _edit(brand_for(current_user, slug, to="answer"))


@bp.route("/brands/<slug>/answer-templates/<id:template_id>", methods=["GET", "POST"])
@login_required
def change(slug: str, template_id: int) -> ResponseReturnValue:
    template = template_for(current_user, slug, template_id)
    return _edit(template.brand, template)


@bp.post("/brands/<slug>/answer-templates/<id:template_id>/test")
@login_required
def test(slug: str, template_id: int) -> ResponseReturnValue:
    template = template_for(current_user, slug, template_id)
    count(MAILS_BY_ONE, "answer-test", str(current_user.id))
    sent = send_test(template, current_user)
    db.session.commit()
    told = ngettext(
        "A test is on its way to %(email)s.",
        "%(num)s tests are on their way to %(email)s, one in each language.",
        sent,
        email=current_user.email,
    )
    flash(told, "good")
    return redirect(f"{template.brand.url}/answer-templates")


@bp.post("/brands/<slug>/answer-templates/<id:template_id>/removal")
@login_required
def removal(slug: str, template_id: int) -> ResponseReturnValue:
    template = template_for(current_user, slug, template_id)
    brand = template.brand
    remove_template(template, current_user)
    db.session.commit()
    flash(_("The template is gone. Drafts that began with it stay."), "good")
    return redirect(f"{brand.url}/answer-templates")


def _edit(brand: Brand, template: AnswerTemplate | None = None) -> ResponseReturnValue:
    form = TemplateForm(template)
    page = ask("answers/template.html", form, present=template, places=places(), **_around(brand))
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    write_template(brand, current_user, form.name.data or "", form.texts, template)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(f"{brand.url}/answer-templates")


def _around(brand: Brand) -> dict[str, object]:
    return {"brand": brand, "may_manage": may(current_user, "own", brand.id)}
