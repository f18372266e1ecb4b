"""A forgotten password: a link to the mailbox, and a new one behind it."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts.access import sign_in_here
from campaign.accounts.actions import person_to_reset, reset_password, send_reset
from campaign.accounts.attempts import FROM_ONE_PLACE, MAILS_TO_ONE, count, forget, mailbox_of, place, sign_in_limits
from campaign.accounts.blueprint import bp
from campaign.accounts.forms import ForgottenForm, NewPasswordForm
from campaign.accounts.mailbox import look_in_your_mailbox
from campaign.accounts.onwards import wanted
from campaign.extensions import db
from campaign.forms import ask
from campaign.languages import language


@bp.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm(email=current_user.email if current_user.is_authenticated else None, next=wanted())
    page = ask("accounts/forgotten.html", form)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    count(FROM_ONE_PLACE, "forgotten.place", place())
    count(MAILS_TO_ONE, "forgotten", mailbox_of(form.email.data))
    send_reset(form.email.data, language(), form.next.data)
    db.session.commit()
    return look_in_your_mailbox("reset", form.email.data)


@bp.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    owner = person_to_reset(token)
    form = NewPasswordForm(owner)
    page = ask("accounts/reset.html", form, owner=owner)
    if not form.is_submitted():
        return page()
    if not form.validate():
        return page(), 422
    person, onwards = reset_password(token, form.password.data)
    forget(sign_in_limits()[0], "sign-in", person.email)
    sign_in_here(person)
    db.session.commit()
    flash(_("Your new password is kept, and every other device is signed out."), "good")
    return redirect(onwards or "/")
